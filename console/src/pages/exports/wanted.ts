import type { components } from '../../api/client.ts';

type Body = components['schemas']['CreateExportDto'];
type Filter = NonNullable<Body['filter']>;
export type Kind = Body['kind'] | 'CASE_FILE';
export type Format = 'csv' | 'json' | 'pdf' | 'zip';

/** What the form holds. Days are days of the law. */
export interface Wanted {
  readonly kind: Kind;
  readonly format: Format;
  readonly filter: Omit<Filter, 'receivedFrom' | 'receivedTo' | 'caseId'>;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly caseId: string | undefined;
  readonly purpose: string;
  readonly recipient: string;
}

/** The first instant after a day of the law. */
const endOf = (day: string): string =>
  `${new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)}T00:00:00+08:00`;

/** The filters of a list, as the list and the export take them. */
export const filterOf = ({ filter, from, to }: Wanted): Omit<Filter, 'caseId'> => ({
  ...filter,
  ...(from ? { receivedFrom: `${from}T00:00:00+08:00` } : {}),
  ...(to ? { receivedTo: endOf(to) } : {}),
});

/** The request for what a job makes. */
export function requestOf(wanted: Wanted): Body {
  const purpose = wanted.purpose.trim();
  if (wanted.kind === 'CASE_BUNDLE') {
    const recipient = wanted.recipient.trim();
    return {
      kind: 'CASE_BUNDLE',
      format: 'zip',
      filter: { caseId: wanted.caseId! },
      purpose,
      ...(recipient ? { recipient } : {}),
    };
  }
  return { kind: 'CASE_LIST', format: wanted.format as 'csv' | 'json', filter: filterOf(wanted), purpose };
}
