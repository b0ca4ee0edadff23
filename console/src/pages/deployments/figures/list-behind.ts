import { useMay } from '../../../app/ability.ts';
import type { Figures } from './figures.ts';

/** What the list is narrowed to; `month` and `ALL` are written as the figures have them. */
export interface Behind {
  readonly month?: string;
  readonly outcome?: string;
  readonly requesterType?: string;
  readonly organId?: string;
  readonly npCode?: string;
  readonly duty?: string;
  readonly override?: string;
  readonly refused?: 'true';
  readonly late?: 'true';
  readonly reported?: 'true';
}

export type ListBehind = (what: Behind) => string | undefined;

const ALL = 'ALL';

/** The list with the requests behind a number, for who may see the list. */
export function useListBehind({ from, to, organId }: Figures): ListBehind {
  const may = useMay();
  if (!may.can('read', 'Deployment')) return () => undefined;
  return ({ month, ...what }) => {
    const search = new URLSearchParams(daysOf(month, from, to));
    if (organId !== null) search.set('organId', organId);
    for (const [name, value] of Object.entries<string>(what)) {
      if (value !== ALL) search.set(name, value);
    }
    return `/deployments?${search}`;
  };
}

/** The days of a month, as far as they are in the period. */
function daysOf(
  month: string | undefined,
  from: string,
  to: string,
): { submittedFrom: string; submittedTo: string } {
  if (month === undefined || month === ALL) return { submittedFrom: from, submittedTo: to };
  const [year, number] = month.split('-').map(Number) as [number, number];
  // The day before the first of the month after it.
  const last = new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
  const first = `${month}-01`;
  return { submittedFrom: first < from ? from : first, submittedTo: last > to ? to : last };
}
