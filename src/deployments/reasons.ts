import type { LevelRule, Question } from '../rulebook/deployment-rules.js';
import { controlsOf, coveringDuties, type Judgement } from './judgement.js';
import type { Hit } from './reading.js';
import { agencyLeads, inWriting, lawfulBasis, type Situation } from './situation.js';

export interface Reason {
  readonly question: number;
  /** The question itself. */
  readonly asks: string;
  /** What it looked at. */
  readonly looked: string;
  /** What it found. */
  readonly answer: string;
  readonly article: string;
  /** What would change the answer. */
  readonly changes: string;
  /** Whether this question settled the outcome. */
  readonly decisive: boolean;
}

export const articleOfMoney = '警察法 22(10)';

const quoted = (hits: readonly Hit[]): string =>
  hits
    .slice(0, 3)
    .map(({ words, where }) => `"${words}" (${where})`)
    .join(', ');

type Answer = (
  situation: Situation,
  level: LevelRule,
) => readonly [looked: string, answer: string, article?: string];

const answers: readonly Answer[] = [
  ({ emergency, emergencyHits, request }) => [
    `lifeOrCrimeAtStake ${String(request.lifeOrCrimeAtStake ?? 'not said')}; purpose and tasks`,
    emergency
      ? `Yes: ${quoted(emergencyHits) || 'as the request says'}.`
      : 'No danger that exists now is shown.',
  ],
  (situation) => {
    const covering = coveringDuties(situation);
    const claimed = situation.request.law?.duties ?? [];
    const acts = situation.left
      .map(({ code, act }) => (code === act ? act : `${code} (in truth ${act})`))
      .join(', ');
    return [
      `tasks: ${acts || 'none is left'}; duties claimed: ${claimed.join(', ') || 'none'}`,
      covering.length > 0
        ? `Covered: ${covering.map(({ article, en }) => `${article}, ${en}`).join('; ')}.`
        : 'No duty covers it.',
      covering[0]?.article,
    ];
  },
  ({ request }) => {
    const articles = request.law?.articles ?? [];
    return [
      `articles: ${articles.join('; ') || 'none'}`,
      (request.law?.duties ?? []).includes(14)
        ? 'Duty 14 is claimed; it holds only by a law or an administrative regulation.'
        : 'Duty 14 is not claimed.',
    ];
  },
  (situation) => {
    const { clause, request } = situation;
    if (!agencyLeads(situation)) return ['requester, lead agency, matter', 'No other agency leads.'];
    return [
      `lead agency: ${request.law?.leadAgency?.trim() || request.requester.name}; its basis: ${request.law?.leadAgencyBasis?.trim() || 'none'}; document: ${request.law?.assistanceDocument?.trim() || request.requester.document?.number?.trim() || 'none'}`,
      `${clause ? `${clause.article} names the police${clause.general ? ' only in general' : ''}` : 'No law names the police'}; ${lawfulBasis(situation) ? 'the agency has a basis' : 'the agency shows no valid basis'}; ${inWriting(situation) ? 'it is in writing' : 'nothing is in writing'}.`,
      clause?.article,
    ];
  },
  ({ stripped, tasks }) => [
    `${tasks.length} tasks, code and text`,
    stripped.length > 0
      ? `Struck: ${stripped.map(({ index, act, hits }) => `task ${index + 1} ${act}${hits.length > 0 ? ` ${quoted(hits)}` : ''}`).join('; ')}.`
      : 'None.',
  ],
  ({ topics }) => [
    'activity type, purpose, tasks, reasons, limits, times',
    topics.length > 0
      ? `${topics.map(({ rule, hits, because }) => `${rule.id} ${rule.en}: ${quoted(hits) || because}`).join('; ')}.`
      : 'Nothing on the list.',
    topics[0]?.rule.article,
  ],
  ({ benefit }) => [
    'money, and the prose',
    benefit.length > 0 ? `Yes: ${benefit.join('; ')}.` : 'None is shown.',
  ],
  ({ disputes, request }) => [
    `disputes: ${(request.disputes ?? []).join(', ') || 'none coded'}; the prose; who asks`,
    disputes.length > 0 ? `A dispute: ${disputes.join(', ')}.` : 'No dispute is shown.',
  ],
  (situation, { level, who, id }) => {
    const { request } = situation;
    const controls = [...controlsOf(situation, 'sceneControl'), ...controlsOf(situation, 'areaControl')];
    return [
      `${request.force.officers} officers, weapons ${request.force.weapons ?? 'not said'}, ${request.expectedPeople ?? 'an unknown number of'} people`,
      `${level} (${id}): ${who}${controls.length > 0 ? `; the law demands an approval (${controls.join(', ')})` : ''}.`,
    ];
  },
  ({ request }) => [
    `requester ${request.requester.type}`,
    `Whoever asked does not approve${['OWN_UNIT', 'HIGHER_POLICE'].includes(request.requester.type) ? '; police ask here, so look at it twice' : ''}.`,
  ],
];

/** The ten questions with what each looked at, what it found, and what would change the answer. */
export const reasonsOf = (situation: Situation, judgement: Judgement, level: LevelRule): Reason[] =>
  situation.rules.questions.map(({ number, en, article, changes }: Question) => {
    const [looked, answer, found] = answers[number - 1]!(situation, level);
    const decisive = judgement.question === number;
    return {
      question: number,
      asks: en,
      looked,
      answer: decisive ? `${answer} ${judgement.outcome}: ${judgement.why}.` : answer,
      article: (decisive ? judgement.article : undefined) ?? found ?? article,
      changes,
      decisive,
    };
  });
