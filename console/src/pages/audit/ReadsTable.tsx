import type { JSX } from 'react';
import type { components, operations } from '../../api/client.ts';
import { useCodes, type Role } from '../../i18n/codes.ts';
import { useEventName } from '../../i18n/events.ts';
import { DataTable, type Column } from '../../ui/DataTable.tsx';
import type { Paging } from '../../ui/filters.ts';
import { Empty } from '../../ui/states.tsx';
import { Time } from '../../ui/values.tsx';
import { Account } from './Account.tsx';
import { CaseLink } from './columns.tsx';
import { useWords } from './words.ts';

type Row = components['schemas']['ReadView'];

export type ReadType = NonNullable<
  NonNullable<operations['AccessReviews_readsOfCase']['parameters']['query']>['type']
>;
/** Complete by type: one that the server gets does not compile until it stands here, and so in the filter. */
const everyReadType: Readonly<Record<ReadType, true>> = {
  'case.read': true,
  'case.history-read': true,
  'case.recusals-read': true,
  'case.exported': true,
  'allegation.read': true,
  'sanction.read': true,
  'officer.read': true,
  'user.read': true,
  'search.run': true,
  'export.downloaded': true,
  'read.denied': true,
  'access-review.readers-read': true,
  'access-review.reads-read': true,
  'access-review.user-read': true,
};
/** The events that say that somebody looked at something. */
export const readTypes = Object.keys(everyReadType) as ReadType[];

interface Props {
  readonly rows: readonly Row[];
  readonly fetching: boolean;
  readonly paging: Paging & { readonly nextCursor: string | null };
}

/** Reads, the newest first. */
export function ReadsTable({ rows, fetching, paging }: Props): JSX.Element {
  const words = useWords();
  const { role } = useCodes();
  const eventName = useEventName();
  const purposeOf = ({ purpose }: Row): string =>
    purpose === null
      ? ''
      : [purpose.code === 'UNSTATED' ? words.unstated : purpose.code, purpose.reference]
          .filter(Boolean)
          .join(' ');
  const columns: Column<Row>[] = [
    { key: 'at', header: words.when, cell: ({ at }) => <Time at={at} />, csv: ({ at }) => at },
    {
      key: 'who',
      header: words.account,
      cell: ({ userId }) => <Account id={userId} />,
      csv: ({ userId }) => userId,
    },
    {
      key: 'role',
      header: words.role,
      cell: (row) => role[row.role as Role] ?? row.role,
      csv: (row) => row.role,
    },
    { key: 'what', header: words.what, cell: eventName, csv: ({ type }) => type },
    {
      key: 'case',
      header: words.case,
      cell: ({ caseId, target }) => (caseId === null ? words.target(target.kind) : <CaseLink id={caseId} />),
      csv: ({ caseId, target }) => caseId ?? target.id,
    },
    { key: 'why', header: words.purpose, cell: (row) => purposeOf(row) || '—', csv: purposeOf },
    {
      key: 'hits',
      header: words.lookedFor,
      cell: ({ hits }) => hits.map((hit) => words.hit(hit)).join(', ') || '—',
      csv: ({ hits }) => hits.join(' '),
    },
  ];
  return (
    <DataTable
      caption={words.reads}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      fetching={fetching}
      paging={paging}
      csvName="reads.csv"
      empty={<Empty>{words.noReads}</Empty>}
    />
  );
}
