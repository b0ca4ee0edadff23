import type { CaseDeed } from '../access/shapes.js';

export const caseStatuses = [
  'REGISTERED',
  'TRIAGED_ACCEPTED',
  'TRANSFERRED',
  'NOT_ACCEPTED',
  'MERGED',
  'PRELIMINARY',
  'CLOSED_NO_CASE',
  'FILED',
  'INVESTIGATING',
  'SUSPENDED',
  'REPORTED',
  'NOTICE_SERVED',
  'DEFENCE_HEARD',
  'LEGAL_REVIEWED',
  'DELIBERATED',
  'DECIDED_SANCTION',
  'DECIDED_EXEMPT',
  'DECIDED_WITHDRAWN',
  'DECIDED_REFER',
  'SERVED',
  'CLOSED',
  'REOPENED',
] as const;

export type CaseStatus = (typeof caseStatuses)[number];

export const decidedStatuses = [
  'DECIDED_SANCTION',
  'DECIDED_EXEMPT',
  'DECIDED_WITHDRAWN',
  'DECIDED_REFER',
] as const satisfies readonly CaseStatus[];

/** A step of the procedure. `deliberate` is the meeting, which `decide` records together with its result. */
export type Step = CaseDeed | 'deliberate';

/** In what capacity a step is done. */
export type Office = 'INVESTIGATION' | 'APPROVAL' | 'LEGAL' | 'DECISION';

/** The offices that exclude each other in one case: nobody approves, reviews or decides on their own work. */
export const separated: Readonly<Record<Office, readonly Office[]>> = {
  INVESTIGATION: ['APPROVAL', 'LEGAL', 'DECISION'],
  APPROVAL: ['INVESTIGATION'],
  LEGAL: ['INVESTIGATION', 'DECISION'],
  DECISION: ['INVESTIGATION', 'LEGAL'],
};

export interface Transition {
  readonly from: readonly CaseStatus[];
  /** Where it leads; several where the body of the deed chooses, none where the state stays. */
  readonly to: readonly CaseStatus[];
  /** The office in which it is done; `separated` says which other ones that person may not hold in the case. */
  readonly office?: Office;
  /** The rule of law behind it, where one is known. */
  readonly article?: string;
}

/**
 * The procedure of a discipline case. Numbers are the steps of the life cycle; a state that is missing between two
 * (clocks, execution, expiry) belongs to a sanction or a deadline, since a case with two sanctions has no single one.
 */
export const transitions: Readonly<Record<Step, Transition>> = {
  accept: { from: ['REGISTERED'], to: ['TRIAGED_ACCEPTED'] },
  decline: { from: ['REGISTERED'], to: ['NOT_ACCEPTED'] },
  transfer: { from: ['REGISTERED'], to: ['TRANSFERRED'] },
  reclaim: { from: ['TRANSFERRED'], to: ['REGISTERED'] },
  merge: { from: ['REGISTERED'], to: ['MERGED'] },
  'start-preliminary': { from: ['TRIAGED_ACCEPTED'], to: ['PRELIMINARY'], article: '政务处分法 42' },
  'legal-opinion': { from: ['PRELIMINARY'], to: ['PRELIMINARY'], office: 'LEGAL' },
  'close-without-case': { from: ['PRELIMINARY'], to: ['CLOSED_NO_CASE'], office: 'APPROVAL' },
  file: { from: ['PRELIMINARY'], to: ['FILED'], office: 'APPROVAL', article: '处分条例 44' },
  'start-investigation': { from: ['FILED', 'REOPENED'], to: ['INVESTIGATING'], office: 'INVESTIGATION' },
  suspend: { from: ['INVESTIGATING'], to: ['SUSPENDED'] },
  resume: { from: ['SUSPENDED'], to: ['INVESTIGATING'] },
  extend: { from: ['INVESTIGATING'], to: ['INVESTIGATING'], office: 'APPROVAL', article: '处分条例 44' },
  report: { from: ['INVESTIGATING'], to: ['REPORTED'], office: 'INVESTIGATION' },
  return: { from: ['REPORTED'], to: ['INVESTIGATING'], office: 'LEGAL' },
  'serve-notice': { from: ['REPORTED'], to: ['NOTICE_SERVED'], office: 'LEGAL' },
  'record-defence': { from: ['NOTICE_SERVED'], to: ['DEFENCE_HEARD'] },
  'legal-review': { from: ['DEFENCE_HEARD'], to: ['LEGAL_REVIEWED'], office: 'LEGAL' },
  deliberate: { from: ['LEGAL_REVIEWED'], to: ['DELIBERATED'], office: 'DECISION' },
  decide: { from: ['DELIBERATED'], to: decidedStatuses, office: 'DECISION' },
  'serve-decision': { from: decidedStatuses, to: ['SERVED'] },
  // Closing is the archive's check list, so it also follows on an end without a case.
  close: { from: ['SERVED', 'NOT_ACCEPTED', 'CLOSED_NO_CASE'], to: ['CLOSED'] },
  reopen: { from: ['CLOSED'], to: ['REOPENED'], office: 'APPROVAL', article: '处分条例 44' },
};

/** `decide` begins with the meeting, so that it is allowed before it. */
const beginsWith: Partial<Record<Step, Step>> = { decide: 'deliberate' };

/** The deeds that the state allows, whoever asks. */
export const deedsFrom = (status: CaseStatus): CaseDeed[] =>
  (Object.keys(transitions) as Step[]).filter(
    (step): step is CaseDeed =>
      step !== 'deliberate' && transitions[beginsWith[step] ?? step].from.includes(status),
  );

/** States in which nothing more happens unless the case is closed for the archive, and then reopened. */
export const finalStatuses = [
  'NOT_ACCEPTED',
  'MERGED',
  'CLOSED_NO_CASE',
  'CLOSED',
] as const satisfies readonly CaseStatus[];

/** Something is still done in the organ that has the case. */
const underWay = caseStatuses.filter(
  (status) => status !== 'TRANSFERRED' && !finalStatuses.some((ended) => ended === status),
);

/** What is recorded in a case beside its steps, without moving it, and in which states. */
export const recordableIn = {
  // An assignment opens the file; there is no reason for that once nothing is to be investigated.
  assign: underWay,
  // Urgent measures do not wait for a step.
  'record-measure': underWay,
  // The recommended finding is of who investigates, the final one of who decides.
  'recommend-finding': ['PRELIMINARY', 'INVESTIGATING'],
  'record-final-finding': ['LEGAL_REVIEWED', 'DELIBERATED'],
  // The legal reviewer proposes once the subject has been heard; the meeting decides on what was reviewed.
  'propose-sanction': ['DEFENCE_HEARD', 'LEGAL_REVIEWED'],
} as const satisfies Readonly<Record<string, readonly CaseStatus[]>>;

export const caseRecords = Object.keys(recordableIn) as CaseRecord[];
export type CaseRecord = keyof typeof recordableIn;

/** Whether the state of a case takes this record now. */
export const isRecordable = (record: CaseRecord, status: CaseStatus): boolean =>
  (recordableIn[record] as readonly CaseStatus[]).includes(status);

/** Until the report is in, more may become known; after it, the report is what the subject answers. */
export const openForAllegations: readonly CaseStatus[] = [
  'REGISTERED',
  'TRIAGED_ACCEPTED',
  'PRELIMINARY',
  'FILED',
  'INVESTIGATING',
  'SUSPENDED',
  'REOPENED',
];
