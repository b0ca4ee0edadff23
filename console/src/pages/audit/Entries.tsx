import { Checkbox, Text } from '@mantine/core';
import type { JSX } from 'react';
import { answer, api, type components } from '../../api/client.ts';
import { usePageOf } from '../../api/hooks.ts';
import type { Column } from '../../ui/DataTable.tsx';
import { dayAfter, startOfDay } from '../../i18n/format.ts';
import { options, useCodes, type Role } from '../../i18n/codes.ts';
import { FilterBar, FilterSelect } from '../../ui/FilterBar.tsx';
import { FilterDay } from '../../ui/FilterDay.tsx';
import { useFilters, usePaging } from '../../ui/filters.ts';
import { ListOf } from '../../ui/ListOf.tsx';
import { Section } from '../../ui/Page.tsx';
import { Empty } from '../../ui/states.tsx';
import { Time } from '../../ui/values.tsx';
import type { EventType } from '../../i18n/event-words.ts';
import { useEventName, useEventWords } from '../../i18n/events.ts';
import { FilterId } from './FilterId.tsx';
import { useWords } from './words.ts';

type Row = components['schemas']['EntryView'];

/** The entries of the trail, the newest first; what they say of persons is not among it. */
export function Entries(): JSX.Element {
  const words = useWords();
  const { role } = useCodes();
  const eventWords = useEventWords();
  const eventName = useEventName();
  const filters = useFilters(['sealed', 'stream', 'actor', 'type', 'from', 'to']);
  const paging = usePaging();
  const { values } = filters;
  const query = usePageOf(['audit', 'entries', values, paging.cursor], (signal) =>
    answer(
      api.GET('/api/v1/audit/entries', {
        signal,
        params: {
          query: {
            stream: values.stream,
            actor: values.actor,
            type: values.type as EventType | undefined,
            from: values.from && startOfDay(values.from),
            to: values.to && startOfDay(dayAfter(values.to)),
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
      cell: eventName,
      csv: ({ type }) => type,
    },
    {
      key: 'who',
      header: words.who,
      cell: ({ actor }) =>
        actor ? (role[actor.role as Role] ?? (actor.role === 'SYSTEM' ? words.system : actor.role)) : '—',
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
      <Text size="sm" c="dimmed" mb="xs">
        {words.entriesHint}
      </Text>
      <FilterBar any={filters.any} onClear={() => filters.clear()}>
        <FilterId label={words.about} value={values.stream} onChange={(stream) => filters.set({ stream })} />
        <FilterId label={words.actor} value={values.actor} onChange={(actor) => filters.set({ actor })} />
        <FilterSelect
          label={words.what}
          data={options(eventWords)}
          value={values.type}
          onChange={(type) => filters.set({ type })}
        />
        <FilterDay label={words.fromDay} value={values.from} onChange={(from) => filters.set({ from })} />
        <FilterDay label={words.toDay} value={values.to} onChange={(to) => filters.set({ to })} />
        <Checkbox
          label={words.sealedOnly}
          checked={values.sealed === 'false'}
          onChange={({ currentTarget }) => filters.set({ sealed: currentTarget.checked ? 'false' : null })}
          mb={8}
        />
      </FilterBar>
      <ListOf
        query={query}
        paging={paging}
        caption={words.entries}
        columns={columns}
        rowKey={({ event }) => event}
        csvName="entries.csv"
        empty={<Empty>{query.data?.nextCursor == null ? words.noEntries : words.noEntriesYet}</Empty>}
      />
    </Section>
  );
}
