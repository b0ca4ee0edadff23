import { useMay } from '../../app/ability.ts';
import type { Statistics } from './statistics.ts';

/** What the list is narrowed to beside the period; `ALL` is a sum, as the figures write it. */
export interface Behind {
  readonly month?: string;
  readonly category?: string;
}

export type CasesBehind = (what: Behind) => string | undefined;

const ALL = 'ALL';

/** The list with the cases that were received in the period or in one month of it, for who may read cases. */
export function useCasesBehind({ from, to, organId }: Statistics): CasesBehind {
  const may = useMay();
  if (!may.can('read', 'Case')) return () => undefined;
  return ({ month = ALL, category = ALL }) => {
    const search = new URLSearchParams(
      month === ALL ? receivedWithin(from, to) : receivedWithin(month, month),
    );
    if (category !== ALL) search.set('category', category);
    if (organId !== null) search.set('organId', organId);
    return `/cases?${search}`;
  };
}

/** Months of the law as the list of cases takes them: by their first and last day. */
function receivedWithin(first: string, last: string): { receivedFrom: string; receivedTo: string } {
  const [year, month] = last.split('-').map(Number) as [number, number];
  // The day before the first of the month after it.
  const end = new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
  return { receivedFrom: `${first}-01`, receivedTo: end };
}
