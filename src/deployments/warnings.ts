import { said, textsOf, type Words } from '../common/words.js';
import { codeWords } from './code-words.js';
import { articleOfMoney } from './reasons.js';
import type { Judgement } from './judgement.js';
import type { Hit } from './reading.js';
import { agencyLeads, inWriting, lawfulBasis, type Situation } from './situation.js';

export interface Warning {
  /** NP01 to NP13, or a finding of its own such as TEXT_DISAGREES. */
  readonly code: string;
  /** Field, such as `purpose` or `tasks[0].text`. */
  readonly where: string;
  /** The words in place, as they are written, or what was looked at. */
  readonly text: string | Words;
  /** Offsets of the words in the field; absent when no words show it. */
  readonly start?: number;
  readonly end?: number;
  readonly message: Words;
  readonly article?: string;
}

const inPlace = ({ where, words, start, end }: Hit): Pick<Warning, 'where' | 'text' | 'start' | 'end'> => ({
  where,
  text: words,
  start,
  end,
});

function ofTopics({ topics }: Situation): Warning[] {
  return topics.flatMap(({ rule, hits, because }) => {
    const titles = { en: `${rule.en} (${rule.zh})`, zh: rule.zh };
    const message = said`${titles}; the right door: ${rule.door}`;
    const common = { code: rule.id, message, article: rule.article };
    return hits.length > 0
      ? hits.map((hit) => ({ ...common, ...inPlace(hit) }))
      : [{ ...common, ...because! }];
  });
}

function ofTasks({ tasks, stripped }: Situation): Warning[] {
  const disagreeing = tasks
    .filter(({ disagrees }) => disagrees)
    .map(({ code, act, hits }) => ({
      code: 'TEXT_DISAGREES',
      ...inPlace(hits[0]!),
      message: said`the task is coded ${codeWords(code)}, its text says ${codeWords(act)}; what police will actually do counts`,
      article: '警察法 6',
    }));
  const others = stripped.map(({ index, code, act }) => ({
    code: 'ACT_OF_OTHERS',
    where: `tasks[${index}].${code === 'OTHER' ? 'text' : 'code'}`,
    text: codeWords(code),
    message: said`${codeWords(act)} is for the agency or the court; it is struck from the request`,
    article: '行政强制法 17',
  }));
  return [...disagreeing, ...others];
}

/** What a well-made request holds and this one does not. */
function ofGaps(situation: Situation): Warning[] {
  const { request } = situation;
  const gap = (missing: boolean, where: string, message: Words): Warning[] =>
    missing ? [{ code: 'MISSING', where, text: '', message }] : [];
  const led = agencyLeads(situation);
  return [
    ...gap((request.law?.duties ?? []).length === 0, 'law.duties', said`no statutory duty is claimed`),
    ...gap((request.law?.articles ?? []).length === 0, 'law.articles', said`no legal basis is named`),
    ...gap(
      !request.limits?.commander?.trim(),
      'limits.commander',
      said`nobody is named as commander on the scene`,
    ),
    ...gap(
      !request.limits?.stopConditions?.trim(),
      'limits.stopConditions',
      said`nothing says when police stop`,
    ),
    ...gap(request.force.weapons == null, 'force.weapons', said`weapons are not said; taken as routine`),
    ...gap(request.force.bodyCameras == null, 'force.bodyCameras', said`body cameras are not said`),
    ...gap(
      led && !request.law?.leadAgency?.trim(),
      'law.leadAgency',
      said`another agency leads and is not named`,
    ),
    ...gap(
      led && !lawfulBasis(situation),
      'law.leadAgencyBasis',
      said`the agency shows no valid basis of its own`,
    ),
    ...gap(led && !inWriting(situation), 'law.assistanceDocument', said`there is no written request`),
  ];
}

function ofCircumstances({ request, reading, emergency, benefit, rules }: Situation): Warning[] {
  const oral = rules.edgeCases.find(({ when }) => when === 'oral');
  const same =
    request.limits?.commander?.trim() && request.limits.commander.trim() === request.requester.name.trim();
  return [
    ...(request.lifeOrCrimeAtStake && !emergency
      ? [
          {
            code: 'DANGER_NOT_SHOWN',
            where: 'lifeOrCrimeAtStake',
            text: said`yes`,
            message: said`the request says that life or a crime is at stake; its words show none, and urgent is not an emergency`,
          },
        ]
      : []),
    ...benefit.map((found) => ({
      code: 'BENEFIT',
      ...found,
      message: said`money, meals or sponsorship: refuse and open a clue`,
      article: articleOfMoney,
    })),
    ...(oral
      ? reading.of('ORAL_ORDER').map((hit) => ({
          code: 'ORAL_ORDER',
          ...inPlace(hit),
          message: textsOf(oral),
          article: oral.article,
        }))
      : []),
    ...(request.force.officers === 0
      ? [
          {
            code: 'AUXILIARIES_ALONE',
            where: 'force.officers',
            text: '0',
            message: said`auxiliaries may not do police acts alone`,
            article: '国办发〔2016〕15号',
          },
        ]
      : []),
    ...(same
      ? [
          {
            code: 'CONFLICT',
            where: 'limits.commander',
            text: request.limits!.commander!,
            message: said`who asks also commands; another approver is needed`,
          },
        ]
      : []),
  ];
}

export const warningsOf = (situation: Situation, _judgement: Judgement): Warning[] => [
  ...ofTopics(situation),
  ...ofTasks(situation),
  ...ofCircumstances(situation),
  ...ofGaps(situation),
];

/** The codes of the non-police list among the warnings, each once. */
export const npCodesIn = (warnings: readonly Warning[]): string[] => [
  ...new Set(warnings.map(({ code }) => code).filter((code) => /^NP\d\d$/.test(code))),
];
