import type { JSX } from 'react';
import { answer, api, type components } from '../../api/client.ts';
import { usePageOf } from '../../api/hooks.ts';
import { DataTable, type Column } from '../../ui/DataTable.tsx';
import { Section } from '../../ui/Page.tsx';
import { Empty, Loaded } from '../../ui/states.tsx';
import { Time } from '../../ui/values.tsx';
import { useWords } from './words.ts';

type Row = components['schemas']['CheckpointView'];

/** The latest checkpoints with those who signed them. */
export function Checkpoints(): JSX.Element {
  const words = useWords();
  const query = usePageOf(['audit', 'checkpoints'], (signal) =>
    answer(api.GET('/api/v1/audit/checkpoints', { signal, params: { query: { limit: 10 } } })),
  );
  const columns: Column<Row>[] = [
    {
      key: 'size',
      header: words.checkpoint,
      cell: ({ size }) => String(size),
      csv: ({ size }) => String(size),
    },
    { key: 'at', header: words.when, cell: ({ at }) => <Time at={at} />, csv: ({ at }) => at },
    {
      key: 'root',
      header: words.root,
      cell: ({ root }) => <code>{root.slice(0, 16)}…</code>,
      csv: ({ root }) => root,
    },
    {
      key: 'witnesses',
      header: words.witnesses,
      cell: ({ witnesses }) => witnesses.map(({ witness }) => witness).join(', ') || words.nobody,
      csv: ({ witnesses }) => witnesses.map(({ witness }) => witness).join(' '),
    },
    {
      key: 'stamps',
      header: words.stamps,
      cell: ({ timestamps }) => String(timestamps),
      csv: ({ timestamps }) => String(timestamps),
    },
  ];
  return (
    <Section title={words.checkpoints}>
      <Loaded query={query}>
        {({ items }) => (
          <DataTable
            caption={words.checkpoints}
            columns={columns}
            rows={items}
            rowKey={({ size }) => String(size)}
            csvName="checkpoints.csv"
            empty={<Empty />}
          />
        )}
      </Loaded>
    </Section>
  );
}
