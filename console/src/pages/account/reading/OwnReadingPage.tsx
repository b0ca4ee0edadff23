import { Text } from '@mantine/core';
import type { JSX } from 'react';
import { FilterBar, FilterSelect } from '../../../ui/FilterBar.tsx';
import { useFilters } from '../../../ui/filters.ts';
import { Page, Section } from '../../../ui/Page.tsx';
import { options } from '../../../i18n/codes.ts';
import { Alerts } from './Alerts.tsx';
import { Questions } from './Questions.tsx';
import { stages, type Stage } from './stages.ts';
import { useWords } from './words.ts';

const isStage = (value: string | undefined): value is Stage => stages.some((stage) => stage === value);

/** "Why did you look?": what the person is asked about their own reading, and what they said. */
export default function OwnReadingPage(): JSX.Element {
  const words = useWords();
  const { values, set, any, clear } = useFilters(['stage']);
  const stage = isStage(values.stage) ? values.stage : 'WAITING';
  return (
    <Page title={words.title} lead={words.lead}>
      <FilterBar any={any} onClear={clear}>
        <FilterSelect
          label={words.show}
          data={options(words.stages)}
          value={stage}
          onChange={(chosen) => set({ stage: chosen === 'WAITING' ? null : chosen })}
        />
      </FilterBar>
      <Section title={words.questions}>
        <Text size="sm" c="dimmed" mb="sm">
          {words.questionsHint}
        </Text>
        {/* Each stage has pages of its own, which begin at the first. */}
        <Questions key={`questions ${stage}`} stage={stage} />
      </Section>
      <Section title={words.alerts}>
        <Text size="sm" c="dimmed" mb="sm">
          {words.alertsHint}
        </Text>
        <Alerts key={`alerts ${stage}`} stage={stage} />
      </Section>
    </Page>
  );
}
