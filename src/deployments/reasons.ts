import { listed, said, textsOf, type Value, type Words } from '../common/words.js';
import type { LevelRule } from '../rulebook/deployment-rules.js';
import { codeWords, fieldWords } from './code-words.js';
import { controlsOf, coveringDuties, outcomeWords, type Judgement } from './judgement.js';
import { quotation, type Hit } from './reading.js';
import { agencyLeads, inWriting, isPolice, lawfulBasis, type Situation } from './situation.js';
import { actOf, type ReadTask } from './tasks.js';

export interface Reason {
  readonly question: number;
  /** The question itself. */
  readonly asks: Words;
  /** What it looked at. */
  readonly looked: Words;
  /** What it found. */
  readonly answer: Words;
  readonly article: string;
  /** What would change the answer. */
  readonly changes: Words;
  /** Whether this question settled the outcome. */
  readonly decisive: boolean;
}

export const articleOfMoney = '警察法 22(10)';

/** The first words that hit; undefined when none did. */
const quoted = (hits: readonly Hit[]): Words | undefined =>
  hits.length > 0 ? listed(hits.slice(0, 3).map(quotation)) : undefined;

/** Several, told apart; what to say when there is none. */
const several = (values: readonly Value[], none: Words): Words =>
  values.length > 0 ? listed(values, '; ', '；') : none;
const inRow = (values: readonly Value[], none: Words): Words => (values.length > 0 ? listed(values) : none);

const none = said`none`;
const notSaid = said`not said`;
const flag = (value: boolean | null | undefined): Words =>
  value == null ? notSaid : value ? said`yes` : said`no`;

/** What a task is coded as, and what it comes to where its words say something else. */
function taskWords({ code, act }: ReadTask): Words {
  const [coded, truly] = [codeWords(code), codeWords(act)];
  // Some codes are called alike.
  return act === actOf(code) || coded.en === truly.en ? coded : said`${coded} (in truth ${truly})`;
}

type Answer = (
  situation: Situation,
  level: LevelRule,
) => readonly [looked: Words, answer: Words, article?: string];

const answers: readonly Answer[] = [
  ({ emergency, emergencyHits, request }) => [
    said`${fieldWords('lifeOrCrimeAtStake')}: ${flag(request.lifeOrCrimeAtStake)}; purpose and tasks`,
    emergency
      ? said`Yes: ${quoted(emergencyHits) ?? said`as the request says`}.`
      : said`No danger that exists now is shown.`,
  ],
  (situation) => {
    const covering = coveringDuties(situation);
    const claimed = situation.request.law?.duties ?? [];
    const acts = situation.left.map(taskWords);
    return [
      said`tasks: ${inRow(acts, said`none is left`)}; duties claimed: ${inRow(claimed, none)}`,
      covering.length > 0
        ? said`Covered: ${listed(
            covering.map((duty) => said`${duty.article}, ${duty}`),
            '; ',
            '；',
          )}.`
        : said`No duty covers it.`,
      covering[0]?.article,
    ];
  },
  ({ request }) => [
    said`articles: ${several(request.law?.articles ?? [], none)}`,
    (request.law?.duties ?? []).includes(14)
      ? said`Duty 14 is claimed; it holds only by a law or an administrative regulation.`
      : said`Duty 14 is not claimed.`,
  ],
  (situation) => {
    const { clause, request } = situation;
    const { law, requester } = request;
    if (!agencyLeads(situation)) {
      return [said`requester, lead agency, matter`, said`No other agency leads.`];
    }
    const named = clause?.general
      ? said`${clause.article} names the police only in general`
      : clause
        ? said`${clause.article} names the police`
        : said`No law names the police`;
    return [
      said`lead agency: ${law?.leadAgency?.trim() || requester.name}; its basis: ${law?.leadAgencyBasis?.trim() || none}; document: ${law?.assistanceDocument?.trim() || requester.document?.number?.trim() || none}`,
      said`${named}; ${lawfulBasis(situation) ? said`the agency has a basis` : said`the agency shows no valid basis`}; ${inWriting(situation) ? said`it is in writing` : said`nothing is in writing`}.`,
      clause?.article,
    ];
  },
  ({ stripped, tasks }) => [
    said`tasks: ${tasks.length}; code and words of each`,
    stripped.length > 0
      ? said`Struck: ${several(
          stripped.map(({ index, act, hits }) =>
            hits.length > 0
              ? said`task ${index + 1} ${codeWords(act)} ${quoted(hits)!}`
              : said`task ${index + 1} ${codeWords(act)}`,
          ),
          none,
        )}.`
      : said`None.`,
  ],
  ({ topics }) => [
    said`activity type, purpose, tasks, reasons, limits, times`,
    topics.length > 0
      ? said`${several(
          topics.map(({ rule, hits, because }) => said`${rule.id} ${rule}: ${quoted(hits) ?? because!.text}`),
          none,
        )}.`
      : said`Nothing on the list.`,
    topics[0]?.rule.article,
  ],
  ({ benefit }) => [
    said`money, and the prose`,
    benefit.length > 0
      ? said`Yes: ${several(
          benefit.map(({ text }) => text),
          none,
        )}.`
      : said`None is shown.`,
  ],
  ({ disputes, request }) => [
    said`disputes: ${inRow((request.disputes ?? []).map(codeWords), said`none coded`)}; the prose; who asks`,
    disputes.length > 0 ? said`A dispute: ${listed(disputes.map(codeWords))}.` : said`No dispute is shown.`,
  ],
  (situation, { level, who }) => {
    const { force, expectedPeople } = situation.request;
    const articleOf = (id: string): string =>
      situation.rules.approvals.find((approval) => approval.id === id)!.article;
    const controls = [...controlsOf(situation, 'sceneControl'), ...controlsOf(situation, 'areaControl')];
    return [
      said`${force.officers} officers; weapons: ${force.weapons ? codeWords(force.weapons) : notSaid}; people: ${expectedPeople ?? said`unknown`}`,
      controls.length > 0
        ? said`${level}: ${who}; the law demands an approval (${listed(controls.map(articleOf))}).`
        : said`${level}: ${who}.`,
    ];
  },
  ({ request }) => [
    said`requester: ${codeWords(request.requester.type)}`,
    isPolice(request)
      ? said`Whoever asked does not approve; police ask here, so look at it twice.`
      : said`Whoever asked does not approve.`,
  ],
];

/** The ten questions with what each looked at, what it found, and what would change the answer. */
export const reasonsOf = (situation: Situation, judgement: Judgement, level: LevelRule): Reason[] =>
  situation.rules.questions.map((question) => {
    const [looked, answer, found] = answers[question.number - 1]!(situation, level);
    const decisive = judgement.question === question.number;
    const outcome = outcomeWords(judgement.outcome, situation.rules);
    return {
      question: question.number,
      asks: textsOf(question),
      looked,
      answer: decisive ? said`${answer} Therefore ${outcome}: ${judgement.why}.` : answer,
      article: (decisive ? judgement.article : undefined) ?? found ?? question.article,
      changes: question.changes,
      decisive,
    };
  });
