import { Text } from '@mantine/core';
import type { JSX } from 'react';
import { answer, api, type components } from '../../api/client.ts';
import { usePageOf } from '../../api/hooks.ts';
import { useCodes, type Role } from '../../i18n/codes.ts';
import { useCommonWords } from '../../i18n/common.ts';
import { useEventName } from '../../i18n/events.ts';
import type { Column } from '../../ui/DataTable.tsx';
import { FilterBar, FilterSelect } from '../../ui/FilterBar.tsx';
import { FilterDay } from '../../ui/FilterDay.tsx';
import { useFilters, usePaging } from '../../ui/filters.ts';
import { options } from '../../i18n/codes.ts';
import { ListOf } from '../../ui/ListOf.tsx';
import { Section } from '../../ui/Page.tsx';
import { Empty, HiddenField, StateBadge } from '../../ui/states.tsx';
import { Time } from '../../ui/values.tsx';
import type { CaseFile } from './case-file.ts';
import { isHidden } from './Part.tsx';
import { useWords } from './words.ts';

type Entry = components['schemas']['PlacedEntryView'];
type Kind = keyof ReturnType<typeof useWords>['kinds'];

/** Every event of the case with its number in the trail and how it is proven; filters live in the address. */
export function Timeline({ row }: { row: CaseFile }): JSX.Element {
  const words = useWords();
  const codes = useCodes();
  const filters = useFilters(['kind', 'actorId', 'role', 'from', 'to']);
  const { values } = filters;
  const paging = usePaging();
  const query = usePageOf(['cases', row.id, 'history', values, paging.cursor], (signal) =>
    answer(
      api.GET('/api/v1/cases/{id}/history', {
        signal,
        params: {
          path: { id: row.id },
          query: {
            ...values,
            kind: values.kind as Kind | undefined,
            role: values.role as Role | undefined,
            limit: 50,
            cursor: paging.cursor === undefined ? undefined : Number(paging.cursor),
          },
        },
      }),
    ),
  );
  const columns = useColumns(isHidden(row, 'procedure'));
  return (
    <Section title={words.timeline}>
      <Text size="sm" c="dimmed" mb="xs">
        {words.timelineLead}
      </Text>
      <FilterBar any={filters.any} onClear={filters.clear}>
        <FilterSelect
          label={words.entryKind}
          data={options(words.kinds)}
          value={values.kind}
          onChange={(kind) => filters.set({ kind })}
        />
        <FilterSelect
          label={words.who}
          data={personsIn(row)}
          value={values.actorId}
          onChange={(actorId) => filters.set({ actorId })}
        />
        <FilterSelect
          label={words.role}
          data={options(codes.role)}
          value={values.role}
          onChange={(role) => filters.set({ role })}
        />
        <FilterDay label={words.from} value={values.from} onChange={(from) => filters.set({ from })} />
        <FilterDay label={words.to} value={values.to} onChange={(to) => filters.set({ to })} />
      </FilterBar>
      <ListOf
        query={query}
        paging={paging}
        caption={words.timeline}
        columns={columns}
        rowKey={({ event }) => event}
        csvName="history.csv"
        filtered={filters.any}
        empty={<Empty />}
      />
    </Section>
  );
}

/** @param hidden whether the reader may see what happened, but not what was written about it */
function useColumns(hidden: boolean): Column<Entry>[] {
  const words = useWords();
  const common = useCommonWords();
  const codes = useCodes();
  const eventName = useEventName();
  const roleOf = (role: string): string =>
    (codes.role as Readonly<Record<string, string>>)[role] ?? (role === 'SYSTEM' ? words.system : role);
  return [
    { key: 'number', header: words.number, cell: ({ seq }) => String(seq), csv: ({ seq }) => String(seq) },
    { key: 'when', header: words.when, cell: ({ at }) => <Time at={at} />, csv: ({ at }) => at },
    { key: 'what', header: words.what, cell: eventName, csv: eventName },
    {
      key: 'who',
      header: words.who,
      cell: ({ actor }) => `${actor.name ?? '—'} (${roleOf(actor.role)})`,
      csv: ({ actor }) => `${actor.name ?? ''} (${roleOf(actor.role)})`,
    },
    {
      key: 'reason',
      header: words.reason,
      cell: ({ values }) => (hidden ? <HiddenField /> : reasonIn(values)),
      csv: ({ values }) => (hidden ? common.hidden : reasonIn(values)),
    },
    {
      key: 'proof',
      header: words.proof,
      cell: (entry) => <Proof entry={entry} />,
      csv: (entry) =>
        proofOf(entry)
          .map((state) => words.proofs[state])
          .join('; '),
    },
  ];
}

type ProofState = keyof ReturnType<typeof useWords>['proofs'];

/** How an entry stands: what is wrong with it comes before how far it is proven. */
function proofOf({ idx, witnessed, erased, altered }: Entry): ProofState[] {
  return [
    ...(altered.length > 0 ? (['altered'] as const) : []),
    witnessed ? 'witnessed' : idx !== null ? 'sealed' : 'waiting',
    ...(erased.length > 0 ? (['erased'] as const) : []),
  ];
}

const tones = {
  altered: 'late',
  waiting: 'waiting',
  sealed: 'active',
  witnessed: 'done',
  erased: 'new',
} as const;

function Proof({ entry }: { entry: Entry }): JSX.Element {
  const words = useWords();
  return (
    <>
      {proofOf(entry).map((state) => (
        <div key={state} title={words.proofHints[state]}>
          <StateBadge tone={tones[state]}>{words.proofs[state]}</StateBadge>
        </div>
      ))}
      {entry.idx !== null && (
        <Text size="xs" c="dimmed">
          {words.logPlace(entry.idx)}
        </Text>
      )}
    </>
  );
}

/** Whoever did something in the case, by name. */
function personsIn({ deeds, investigators, allegations }: CaseFile): { value: string; label: string }[] {
  const names = new Map<string, string>();
  for (const { doneBy, doneByName } of deeds) names.set(doneBy, doneByName);
  for (const { userId, name } of investigators) names.set(userId, name);
  for (const { findings } of allegations) {
    for (const { recordedBy, recordedByName } of findings) names.set(recordedBy, recordedByName);
  }
  return [...names]
    .map(([value, label]) => ({ value, label }))
    .sort((a, b) => a.label.localeCompare(b.label));
}

const reasonIn = (values: Entry['values']): string => {
  const reason: unknown = values.find(({ name }) => name === 'reason')?.value;
  return typeof reason === 'string' ? reason : '';
};
