import { Text } from '@mantine/core';
import type { JSX } from 'react';
import { answer, api, type components } from '../../api/client.ts';
import { usePageOf } from '../../api/hooks.ts';
import { DataTable, type Column } from '../../ui/DataTable.tsx';
import { usePaging } from '../../ui/filters.ts';
import { Section } from '../../ui/Page.tsx';
import { Empty, Loaded } from '../../ui/states.tsx';
import { Time } from '../../ui/values.tsx';
import { useWords } from './words.ts';

type Entry = components['schemas']['HistoryEntryView'];

/** Every event of the case with its number in the trail. */
export function Timeline({ id }: { id: string }): JSX.Element {
  const words = useWords();
  const paging = usePaging();
  const query = usePageOf(['cases', id, 'history', paging.cursor], (signal) =>
    answer(
      api.GET('/api/v1/cases/{id}/history', {
        signal,
        params: {
          path: { id },
          query: { limit: 50, cursor: paging.cursor === undefined ? undefined : Number(paging.cursor) },
        },
      }),
    ),
  );
  const columns: Column<Entry>[] = [
    { key: 'number', header: words.number, cell: ({ seq }) => String(seq), csv: ({ seq }) => String(seq) },
    { key: 'when', header: words.when, cell: ({ at }) => <Time at={at} />, csv: ({ at }) => at },
    { key: 'what', header: words.what, cell: (entry) => entry.words, csv: (entry) => entry.words },
    {
      key: 'who',
      header: words.who,
      cell: ({ actor }) => `${actor.name ?? '—'} (${actor.role})`,
      csv: ({ actor }) => actor.name ?? '',
    },
    {
      key: 'reason',
      header: words.reason,
      cell: ({ values }) => reasonIn(values),
      csv: ({ values }) => reasonIn(values),
    },
  ];
  return (
    <Section title={words.timeline}>
      <Text size="sm" c="dimmed" mb="xs">
        {words.timelineLead}
      </Text>
      <Loaded query={query}>
        {({ items, nextCursor, total }) => (
          <DataTable
            caption={words.timeline}
            columns={columns}
            rows={items}
            rowKey={({ event }) => event}
            fetching={query.isPlaceholderData}
            paging={{ ...paging, nextCursor, total }}
            csvName="history.csv"
            empty={<Empty />}
          />
        )}
      </Loaded>
    </Section>
  );
}

const reasonIn = (values: Entry['values']): string => {
  const reason: unknown = values.find(({ name }) => name === 'reason')?.value;
  return typeof reason === 'string' ? reason : '';
};
