import { Text } from '@mantine/core';
import { useState, type JSX } from 'react';
import { answer, api } from '../../../api/client.ts';
import { usePageOf } from '../../../api/hooks.ts';
import { options } from '../../../i18n/codes.ts';
import { useLanguage } from '../../../i18n/language.ts';
import { DataTable, type Column } from '../../../ui/DataTable.tsx';
import { FilterBar, FilterSelect } from '../../../ui/FilterBar.tsx';
import { Section } from '../../../ui/Page.tsx';
import { Empty, Loaded } from '../../../ui/states.tsx';
import { useWords } from '../words.ts';
import type { Rule } from './Comparison.tsx';

/** Every rule of a version, each with its article, how sure we are of it, and what it fixes. */
export function RulesInForce({ day, named }: { day: string; named: string }): JSX.Element {
  const words = useWords();
  const language = useLanguage();
  const [part, setPart] = useState<Rule['part'] | null>('CASES');
  const query = usePageOf(['rulebooks', 'rules', day], (signal) =>
    answer(api.GET('/api/v1/rulebooks/rules', { signal, params: { query: { on: day } } })),
  );
  const fixed = ({ settings }: Rule): string =>
    settings.map((setting) => `${words.settings[setting.name]}: ${setting[language]}`).join('; ');
  const columns: Column<Rule>[] = [
    {
      key: 'part',
      header: words.part,
      cell: ({ part }) => words.parts[part],
      csv: ({ part }) => words.parts[part],
    },
    { key: 'id', header: words.code, cell: ({ id }) => <code>{id}</code>, csv: ({ id }) => id },
    {
      key: 'rule',
      header: words.rule,
      cell: (rule) => (
        <>
          {rule[language]}
          <Text size="xs" c="dimmed" component="div">
            {fixed(rule)}
          </Text>
        </>
      ),
      csv: (rule) => `${rule[language]} ${fixed(rule)}`,
    },
    {
      key: 'article',
      header: words.article,
      cell: ({ article }) => article,
      csv: ({ article }) => article,
    },
    {
      key: 'confidence',
      header: words.confidence,
      cell: ({ confidence }) => words.confidences[confidence],
      csv: ({ confidence }) => confidence,
    },
  ];
  return (
    <Section title={words.rulesOn(named)}>
      <FilterBar any={part !== null} onClear={() => setPart(null)}>
        <FilterSelect
          label={words.part}
          data={options(words.parts)}
          value={part ?? undefined}
          onChange={setPart}
        />
      </FilterBar>
      <Loaded query={query}>
        {(rules) => (
          <DataTable
            caption={words.rulesOn(named)}
            columns={columns}
            rows={rules.filter((rule) => part === null || rule.part === part)}
            rowKey={(rule) => `${rule.part} ${rule.id}`}
            fetching={query.isPlaceholderData}
            csvName={`rules-${day}.csv`}
            empty={<Empty />}
          />
        )}
      </Loaded>
    </Section>
  );
}
