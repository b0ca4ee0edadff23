import { Checkbox } from '@mantine/core';
import type { JSX } from 'react';
import { answer, api, type components } from '../../api/client.ts';
import { usePageOf } from '../../api/hooks.ts';
import { DataTable, type Column } from '../../ui/DataTable.tsx';
import { FilterBar } from '../../ui/FilterBar.tsx';
import { useFilters, usePaging } from '../../ui/filters.ts';
import { Section } from '../../ui/Page.tsx';
import { Empty, Loaded } from '../../ui/states.tsx';
import { Time } from '../../ui/values.tsx';
import { useWords } from './words.ts';

type Row = components['schemas']['EntryView'];

/** The entries of the trail, the newest first; what they say of persons is not among it. */
export function Entries(): JSX.Element {
  const words = useWords();
  const filters = useFilters(['sealed', 'stream']);
  const paging = usePaging();
  const { values } = filters;
  const query = usePageOf(['audit', 'entries', values, paging.cursor], (signal) =>
    answer(
      api.GET('/api/v1/audit/entries', {
        signal,
        params: {
          query: {
            stream: values.stream,
            sealed: values.sealed === 'false' ? false : undefined,
            cursor: paging.cursor,
            limit: 50,
          },
        },
      }),
    ),
  );
  const columns: Column<Row>[] = [
    { key: 'seq', header: words.number, cell: ({ seq }) => String(seq), csv: ({ seq }) => String(seq) },
    { key: 'at', header: words.when, cell: ({ at }) => <Time at={at} />, csv: ({ at }) => at },
    {
      key: 'what',
      header: words.what,
      cell: (entry) => entry.words ?? entry.type ?? '—',
      csv: ({ type }) => type,
    },
    {
      key: 'who',
      header: words.who,
      cell: ({ actor }) => actor?.role ?? '—',
      csv: ({ actor }) => actor?.uid,
    },
    {
      key: 'idx',
      header: words.place,
      cell: ({ idx }) => (idx === null ? words.unsealed : String(idx)),
      csv: ({ idx }) => (idx === null ? '' : String(idx)),
    },
  ];
  return (
    <Section title={words.entries}>
      <FilterBar any={filters.any} onClear={() => filters.clear()}>
        <Checkbox
          label={words.sealedOnly}
          checked={values.sealed === 'false'}
          onChange={({ currentTarget }) => filters.set({ sealed: currentTarget.checked ? 'false' : null })}
          mb={8}
        />
      </FilterBar>
      <Loaded query={query}>
        {({ items, nextCursor }) => (
          <DataTable
            caption={words.entries}
            columns={columns}
            rows={items}
            rowKey={({ event }) => event}
            fetching={query.isPlaceholderData}
            paging={{ ...paging, nextCursor }}
            csvName="entries.csv"
            empty={<Empty>{words.noEntries}</Empty>}
          />
        )}
      </Loaded>
    </Section>
  );
}
