import { legalDay, LEGAL_TIME_ZONE } from '../common/clock.js';
import { deploymentRules } from '../rulebook/deployment-rules.js';
import type { AlertKind } from './access-alert.entity.js';

/** Every threshold of the alerts. They say when a human looks, never that somebody did wrong. */
export const thresholds = {
  /** Office hours with an hour before and after for shifts and for commuting; a night duty has its reason to give. */
  opensAt: 7,
  closesAt: 21,
  /** A person cannot work on so many cases, or leaf through so many pages, in so short a time. */
  walkMinutes: 10,
  walkCases: 30,
  walkPages: 20,
  /** Three standard deviations: about one in a thousand weeks by chance. */
  deviations: 3,
  /** Fewer colleagues of a role have no spread that means anything. */
  peers: 5,
  /** Below this, one read more than the others would be many deviations. */
  leastDeviation: 5,
} as const;

const localHour = new Intl.DateTimeFormat('en-GB', {
  timeZone: LEGAL_TIME_ZONE,
  hour: '2-digit',
  hourCycle: 'h23',
});
const weekday = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay();

/**
 * Whether an instant is outside of working time in the law's own zone: at night, on a weekend, or on a rest day of the
 * rulebook. Weekends that are worked instead of a holiday are not known, and count as rest.
 */
export function isOutOfHours(at: Date): boolean {
  const hour = Number(localHour.format(at));
  const day = legalDay(at);
  const { holidays, everyYear } = deploymentRules.rest;
  return (
    hour < thresholds.opensAt ||
    hour >= thresholds.closesAt ||
    [0, 6].includes(weekday(day)) ||
    holidays.includes(day) ||
    everyYear.includes(day.slice(5))
  );
}

/** What the alerts look at in one read. */
export interface JudgedRead {
  readonly type: string;
  readonly caseId: string | null;
  readonly at: Date;
  /** What it has to do with the reader: LOOKED_UP_SELF, OWN_UNIT, COLLEAGUE. */
  readonly hits: readonly string[];
  /** Different cases, and pages of lists, that the same person read in the minutes up to it. */
  readonly casesBefore: number;
  readonly pagesBefore: number;
}

/** One's own sanction is served on oneself and may be read (policy.ts, OFFICER): no wonder that it is about oneself. */
const isOwnBusiness = ({ type, hits }: JudgedRead): boolean =>
  type === 'sanction.read' && hits.includes('LOOKED_UP_SELF');

/** Why a human should look at a read; mostly: not at all. */
export function kindsOf(read: JudgedRead): AlertKind[] {
  const kinds = new Set<AlertKind>(isOwnBusiness(read) ? [] : (read.hits as AlertKind[]));
  if (read.type === 'read.denied' && read.caseId !== null) kinds.add('DENIED');
  if (isOutOfHours(read.at)) kinds.add('OUT_OF_HOURS');
  if (read.casesBefore > thresholds.walkCases || read.pagesBefore > thresholds.walkPages)
    kinds.add('LIST_WALKING');
  return [...kinds];
}

/**
 * Whether somebody's number of reads is far above that of the others of their role, who are measured without them: one
 * who reads everything would else widen the measure that is to catch them.
 */
export function isFarAbove(own: number, others: readonly number[]): boolean {
  if (others.length < thresholds.peers) return false;
  const mean = others.reduce((sum, n) => sum + n, 0) / others.length;
  const variance = others.reduce((sum, n) => sum + (n - mean) ** 2, 0) / others.length;
  return own > mean + thresholds.deviations * Math.max(Math.sqrt(variance), thresholds.leastDeviation);
}
