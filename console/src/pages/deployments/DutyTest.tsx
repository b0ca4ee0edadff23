import { Group, Stack, Table, Text } from '@mantine/core';
import type { JSX } from 'react';
import type { components } from '../../api/client.ts';
import { Section } from '../../ui/Page.tsx';
import { StateBadge } from '../../ui/states.tsx';
import { PlainTable } from '../../ui/tables.tsx';
import { findingsByCode, findingText } from './findings.ts';
import { TestOutcome } from './states.tsx';
import { useWarningName } from './warning-names.ts';
import { useWords } from './words.ts';

type Test = components['schemas']['DutyTestView'];

/** The answer of the duty test, and what of the request wants an answer in writing. */
export function TestAnswer({
  test,
  title,
  answers,
}: {
  test: Test;
  title?: string;
  /** What was answered to the warnings, by their codes. */
  answers?: ReadonlyMap<string, { readonly reason: string; readonly legalBasis: string }>;
}): JSX.Element {
  const words = useWords();
  const warningName = useWarningName();
  return (
    <Section title={title ?? words.theTest}>
      <Group gap="sm" mb="sm">
        <TestOutcome outcome={test.outcome} />
        <StateBadge tone="new">{test.level}</StateBadge>
        <Text size="sm">{words.decidedBy(test.decidedBy)}</Text>
      </Group>
      <Text fw={600} component="h3" size="md">
        {words.warnings}
      </Text>
      {test.warnings.length === 0 ? (
        <Text size="sm">{words.noWarnings}</Text>
      ) : (
        <>
          <Text size="sm" c="dimmed">
            {words.warningsHint}
          </Text>
          <Stack component="ul" gap={4} my="xs">
            {[...findingsByCode(test.warnings)].map(([code, findings]) => (
              <li key={code}>
                <Text span size="sm" fw={600}>
                  {/* What such a code means is what its finding says first. */}
                  {code.startsWith('NP') ? code : warningName(code)}
                </Text>{' '}
                <Text span size="sm">
                  {findings.map(findingText).join('; ')}
                </Text>
                {answers?.has(code) && (
                  <Text size="sm" c="dimmed" pl="md">
                    {words.answered}: {answers.get(code)!.reason} ({answers.get(code)!.legalBasis})
                  </Text>
                )}
              </li>
            ))}
          </Stack>
        </>
      )}
    </Section>
  );
}

/** Why it answers so: each question with what it looked at, and what would change the answer. */
export function TestReasons({ test }: { test: Test }): JSX.Element {
  const words = useWords();
  return (
    <Section title={words.questions}>
      <PlainTable
        label={words.questions}
        minWidth={640}
        headers={[words.question, words.looked, words.found, words.article, words.changes]}
      >
        {test.reasons.map(({ question, asks, looked, answer, article, changes, decisive }) => (
          <Table.Tr key={question}>
            <Table.Th scope="row" fw={decisive ? 700 : 400} ta="left">
              {question}. {asks}
            </Table.Th>
            <Table.Td>{looked}</Table.Td>
            <Table.Td>
              {answer} {decisive && <StateBadge tone="active">{words.decisive}</StateBadge>}
            </Table.Td>
            <Table.Td>{article}</Table.Td>
            <Table.Td>{changes}</Table.Td>
          </Table.Tr>
        ))}
      </PlainTable>
      {test.edgeCases.length > 0 && (
        <>
          <Text fw={600} component="h3" size="md" mt="sm">
            {words.edgeCases}
          </Text>
          <ul>
            {test.edgeCases.map(({ code, text, article }) => (
              <li key={code}>
                <Text span size="sm">
                  {text} ({article})
                </Text>
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}
