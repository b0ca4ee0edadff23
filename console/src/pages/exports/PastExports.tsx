import { Button, Progress, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { answer, api, type components } from '../../api/client.ts';
import { useDownload } from '../../api/download.ts';
import { formatNumber } from '../../i18n/format.ts';
import { DataTable, type Column } from '../../ui/DataTable.tsx';
import { usePaging } from '../../ui/filters.ts';
import { ProblemAlert } from '../../ui/ProblemAlert.tsx';
import { Empty, Loaded, StateBadge, type Tone } from '../../ui/states.tsx';
import { Time } from '../../ui/values.tsx';
import { useWords } from './words.ts';

type Row = components['schemas']['ExportView'];
type State = Row['status'] | 'EXPIRED';

const tones: Readonly<Record<State, Tone>> = {
  QUEUED: 'waiting',
  RUNNING: 'active',
  DONE: 'new',
  FAILED: 'late',
  EXPIRED: 'done',
};
const stateOf = ({ status, expiresAt }: Row): State =>
  status === 'DONE' && expiresAt !== null && Date.parse(expiresAt) <= Date.now() ? 'EXPIRED' : status;
const runs = ({ status }: Row): boolean => status === 'QUEUED' || status === 'RUNNING';

/** One's own exports, with how far they are and their files. */
export function PastExports(): JSX.Element {
  const words = useWords();
  const paging = usePaging();
  const download = useDownload();
  const query = useQuery({
    queryKey: ['exports', 'list', paging.cursor],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/exports', { signal, params: { query: { cursor: paging.cursor, limit: 20 } } })),
    refetchInterval: ({ state }) => (state.data?.items.some(runs) ? 1000 : false),
  });
  const columns = useColumns((row) =>
    download.mutate({ path: `/api/v1/exports/${row.id}/download`, name: `export.${row.format}` }),
  );
  return (
    <>
      <Text size="sm" c="dimmed" mb="xs">
        {words.pastLead}
      </Text>
      <ProblemAlert error={download.error} />
      <Loaded query={query}>
        {({ items, nextCursor }) => (
          <DataTable
            caption={words.past}
            columns={columns}
            rows={items}
            rowKey={({ id }) => id}
            paging={{ ...paging, nextCursor }}
            csvName="exports.csv"
            empty={<Empty>{words.none}</Empty>}
          />
        )}
      </Loaded>
    </>
  );
}

function useColumns(onDownload: (row: Row) => void): Column<Row>[] {
  const words = useWords();
  const what = ({ kind, format, recipient }: Row): string =>
    `${words.kinds[kind]} (${format.toUpperCase()}${recipient === null ? '' : `, ${words.encrypted}`})`;
  return [
    {
      key: 'when',
      header: words.when,
      cell: (row) => <Time at={row.createdAt} />,
      csv: (row) => row.createdAt,
    },
    { key: 'what', header: words.what, cell: what, csv: what },
    { key: 'purpose', header: words.purpose, cell: ({ purpose }) => purpose, csv: ({ purpose }) => purpose },
    {
      key: 'status',
      header: words.status,
      cell: (row) => (
        <>
          <StateBadge tone={tones[stateOf(row)]}>{words.states[stateOf(row)]}</StateBadge>
          {runs(row) && <Done row={row} />}
          {row.failure !== null && <Text size="xs">{row.failure}</Text>}
        </>
      ),
      csv: (row) => words.states[stateOf(row)],
    },
    {
      key: 'size',
      header: words.size,
      align: 'end',
      cell: ({ sizeBytes }) => (sizeBytes === null ? '—' : `${formatNumber(Math.ceil(sizeBytes / 1000))} kB`),
      csv: ({ sizeBytes }) => sizeBytes,
    },
    {
      key: 'sha',
      header: words.sha256,
      cell: ({ sha256 }) => (sha256 === null ? '—' : <code title={sha256}>{sha256.slice(0, 16)}…</code>),
      csv: ({ sha256 }) => sha256,
    },
    {
      key: 'until',
      header: words.until,
      cell: ({ expiresAt }) => (expiresAt === null ? '—' : <Time at={expiresAt} />),
      csv: ({ expiresAt }) => expiresAt,
    },
    {
      key: 'file',
      header: words.download,
      cell: (row) =>
        stateOf(row) === 'DONE' ? (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => onDownload(row)}
            aria-label={words.downloadOf(`${what(row)}, ${row.purpose}`)}
          >
            {words.download}
          </Button>
        ) : (
          '—'
        ),
    },
  ];
}

function Done({ row: { casesDone, casesTotal } }: { row: Row }): JSX.Element {
  const words = useWords();
  const said = words.done(formatNumber(casesDone), casesTotal === null ? '…' : formatNumber(casesTotal));
  return (
    <>
      <Text size="xs">{said}</Text>
      <Progress
        value={casesTotal ? (100 * casesDone) / casesTotal : 0}
        aria-label={`${words.progress}: ${said}`}
        mt={2}
      />
    </>
  );
}
