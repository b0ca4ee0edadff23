import { Anchor, Group, Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { answer, api, type components } from '../../../api/client.ts';
import { usePageOf } from '../../../api/hooks.ts';
import { formatDay } from '../../../i18n/format.ts';
import { useLanguage } from '../../../i18n/language.ts';
import { DataTable, type Column } from '../../../ui/DataTable.tsx';
import { useFilters } from '../../../ui/filters.ts';
import { Page, Section } from '../../../ui/Page.tsx';
import { Empty, Loaded } from '../../../ui/states.tsx';
import { Subjects } from '../Subjects.tsx';
import { useWords } from '../words.ts';
import { Comparison } from './Comparison.tsx';
import { RulesInForce } from './RulesInForce.tsx';

type Version = components['schemas']['RulebookVersionView'];

/** The rulebook has no day before this one. */
const BEGINNING = '1900-01-01';

/** The versions of the rulebook, what changed from one to another, and the rules of one. */
export default function RulebooksPage(): JSX.Element {
  const words = useWords();
  const language = useLanguage();
  const filters = useFilters(['before', 'after']);
  const query = useQuery({
    queryKey: ['rulebooks'],
    queryFn: () => answer(api.GET('/api/v1/rulebooks')),
    staleTime: 600_000,
  });
  const named = (day: string): string => (day === BEGINNING ? words.always : formatDay(day, language));
  return (
    <Page title={words.rulebooks} lead={words.rulebooksHint}>
      <Subjects />
      <Loaded query={query}>
        {(versions) => {
          // The newest first; without a choice the last change is shown.
          const after = filters.values.after ?? versions[0]?.validFrom ?? BEGINNING;
          const at = versions.findIndex(({ validFrom }) => validFrom === after);
          const before = filters.values.before ?? versions[at + 1]?.validFrom ?? BEGINNING;
          const days = versions.map(({ validFrom }) => ({ value: validFrom, label: named(validFrom) }));
          return (
            <>
              <Section title={words.compare}>
                <Group align="flex-end" mb="md" data-print="no">
                  <Select
                    label={words.before}
                    data={days}
                    value={before}
                    allowDeselect={false}
                    searchable
                    onChange={(day) => filters.set({ before: day, after })}
                  />
                  <Select
                    label={words.after}
                    data={days}
                    value={after}
                    allowDeselect={false}
                    searchable
                    onChange={(day) => filters.set({ before, after: day })}
                  />
                </Group>
                <Compared before={before} after={after} />
              </Section>
              <Section title={words.versions}>
                <Text size="sm" c="dimmed" mb="sm">
                  {words.versionsHint}
                </Text>
                <Versions
                  versions={versions}
                  named={named}
                  onChoose={(day, previous) => filters.set({ before: previous, after: day })}
                />
              </Section>
              <RulesInForce day={after} named={named(after)} />
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

function Compared({ before, after }: { before: string; after: string }): JSX.Element {
  const query = usePageOf(['rulebooks', 'comparison', before, after], (signal) =>
    answer(api.GET('/api/v1/rulebooks/comparison', { signal, params: { query: { before, after } } })),
  );
  return (
    <Stack aria-busy={query.isPlaceholderData} aria-live="polite">
      <Loaded query={query}>{(comparison) => <Comparison comparison={comparison} />}</Loaded>
    </Stack>
  );
}

interface VersionsProps {
  readonly versions: readonly Version[];
  readonly named: (day: string) => string;
  readonly onChoose: (day: string, previous: string) => void;
}

function Versions({ versions, named, onChoose }: VersionsProps): JSX.Element {
  const words = useWords();
  const previousOf = (row: Version): string =>
    versions[versions.indexOf(row) + 1]?.validFrom ?? row.validFrom;
  const number = (key: 'rules' | 'added' | 'removed' | 'changed', header: string): Column<Version> => ({
    key,
    header,
    align: 'end',
    cell: (row) => String(row[key]),
    csv: (row) => row[key],
  });
  const columns: Column<Version>[] = [
    {
      key: 'from',
      header: words.validFrom,
      cell: ({ validFrom }) => named(validFrom),
      csv: ({ validFrom }) => validFrom,
    },
    number('rules', words.rules),
    number('added', words.added),
    number('removed', words.removed),
    number('changed', words.altered),
    {
      key: 'see',
      header: words.compare,
      cell: (row) => (
        <Anchor component="button" size="sm" onClick={() => onChoose(row.validFrom, previousOf(row))}>
          {words.seeChange}
        </Anchor>
      ),
    },
  ];
  return (
    <DataTable
      caption={words.versions}
      columns={columns}
      rows={versions}
      rowKey={({ validFrom }) => validFrom}
      csvName="rulebook-versions.csv"
      empty={<Empty />}
    />
  );
}
