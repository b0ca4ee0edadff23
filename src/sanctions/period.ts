import { addMonths } from '../rulebook/periods.js';
import type { Rulebook } from '../rulebook/rulebook.js';
import type { SanctionKind } from './sanction.entity.js';

/**
 * The last day of a sanction's period, or null for one that has none (政务处分法 7, 8). It runs from the day of the
 * decision, which is not counted; its last day is the corresponding day of the last month.
 */
export function endOfPeriod(rulebook: Rulebook, kind: SanctionKind, effectiveFrom: string): string | null {
  const rule = rulebook.sanctions.kinds.find(({ code }) => code === kind);
  if (!rule) throw new Error(`Rulebook ${rulebook.version} has no sanction ${kind}`);
  return rule.months === null ? null : addMonths(effectiveFrom, rule.months);
}
