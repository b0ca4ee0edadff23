import type { HistoryEntry } from '../audit/history.service.js';
import { legalDay } from '../common/clock.js';

/** What the entries of a case are about. */
export const historyKinds = [
  'STEP',
  'ALLEGATION',
  'FINDING',
  'SANCTION',
  'PEOPLE',
  'REPORTER',
  'READING',
  'OTHER',
] as const;
export type HistoryKind = (typeof historyKinds)[number];

/** By the first part of the type of an event. */
const kinds: Readonly<Record<string, HistoryKind>> = {
  case: 'STEP',
  measure: 'STEP',
  allegation: 'ALLEGATION',
  finding: 'FINDING',
  sanction: 'SANCTION',
  investigator: 'PEOPLE',
  recusal: 'PEOPLE',
  witness: 'PEOPLE',
  identity: 'REPORTER',
  reporter: 'REPORTER',
  receipt: 'REPORTER',
  message: 'REPORTER',
  glass: 'READING',
};

/** Whatever ends in "read" or leaves the house is reading; else its subject says it. */
export const kindOf = (type: string): HistoryKind =>
  /(^|[.-])(read|exported|downloaded)$|^(access|read)-/.test(type)
    ? 'READING'
    : (kinds[type.split('.')[0]!] ?? 'OTHER');

export interface HistoryFilter {
  readonly kind?: HistoryKind;
  readonly actorId?: string;
  readonly role?: string;
  /** The first and the last legal day. */
  readonly from?: string;
  readonly to?: string;
}

export const isFiltered = ({ kind, actorId, role, from, to }: HistoryFilter): boolean =>
  [kind, actorId, role, from, to].some((part) => part !== undefined);

/** Whether an entry is one of those that are asked for. */
export function matches({ type, actor, at }: HistoryEntry, filter: HistoryFilter): boolean {
  const day = legalDay(at);
  return (
    (filter.kind === undefined || kindOf(type) === filter.kind) &&
    (filter.actorId === undefined || actor.uid === filter.actorId) &&
    (filter.role === undefined || actor.role === filter.role) &&
    (filter.from === undefined || day >= filter.from) &&
    (filter.to === undefined || day <= filter.to)
  );
}
