import { List, Table, Text } from '@mantine/core';
import type { JSX } from 'react';
import { useOrganName } from '../../../api/hooks.ts';
import { Section } from '../../../ui/Page.tsx';
import { PlainTable } from '../../../ui/tables.tsx';
import { Time } from '../../../ui/values.tsx';
import type { Opinion, TaskCode } from '../fields/codes.ts';
import { labelOf, useFieldWords } from '../fields/words.ts';
import { DeploymentState, TestOutcome, type Deployment, type Outcome } from '../states.tsx';
import { useWords } from '../words.ts';

interface Answer {
  readonly code: string;
  readonly reason: string;
  readonly legalBasis: string;
}

/** What was said with a step; which of it depends on the step. */
export interface Details {
  readonly answers?: readonly Answer[];
  readonly override?: Omit<Answer, 'code'>;
  readonly conditions?: readonly string[];
  readonly opinion?: Opinion;
  readonly legalBasis?: readonly string[];
  readonly fields?: readonly string[];
  readonly number?: string;
  readonly hoursLate?: number | null;
  readonly outcome?: Outcome;
  readonly tasks?: readonly { readonly code: TaskCode; readonly text?: string | null }[];
}

/** What was answered to each warning, in the round that counts. */
export function answersOf({ steps, round }: Deployment): ReadonlyMap<string, Answer> {
  const given = steps
    .filter((step) => step.round === round)
    .flatMap(({ details }) => (details as Details).answers ?? []);
  return new Map(given.map((answer) => [answer.code, answer]));
}

/** What was done with a request, with everything that was said. */
export function Steps({ row }: { row: Deployment }): JSX.Element | null {
  const words = useWords();
  const organName = useOrganName();
  if (row.steps.length === 0) return null;
  return (
    <Section title={words.steps}>
      <PlainTable
        label={words.steps}
        minWidth={560}
        headers={[words.when, words.deed, words.status, words.reason]}
      >
        {row.steps.map(({ id, doneAt, deed, toStatus, reason, details, organId, onBehalfOf }) => (
          <Table.Tr key={id}>
            <Table.Td>
              <Time at={doneAt} />
            </Table.Td>
            <Table.Td>
              {words.deeds[deed]}
              {organId && (
                <Text size="xs" c="dimmed">
                  {organName(organId)}
                  {onBehalfOf && ` · ${words.asDeputy}`}
                </Text>
              )}
            </Table.Td>
            <Table.Td>
              <DeploymentState status={toStatus} />
            </Table.Td>
            <Table.Td>
              {/* Of a submission it says the outcome by its code; the words for it stand below. */}
              {deed !== 'submit' && reason}
              <Said details={details as Details} />
            </Table.Td>
          </Table.Tr>
        ))}
      </PlainTable>
    </Section>
  );
}

function Said({ details }: { details: Details }): JSX.Element | null {
  const words = useWords();
  const fieldWords = useFieldWords();
  const { answers = [], override, conditions = [], opinion, legalBasis, fields, number, hoursLate } = details;
  const { outcome, tasks } = details;
  const lines: JSX.Element[] = [
    ...(opinion ? [<>{`${fieldWords.codes.opinion[opinion]} (${legalBasis?.join('; ')})`}</>] : []),
    ...(outcome ? [<TestOutcome key="outcome" outcome={outcome} />] : []),
    ...(tasks ?? []).map(({ code, text }) => (
      <>{[fieldWords.codes.task[code], text].filter(Boolean).join(': ')}</>
    )),
    ...answers.map((answer) => <>{`${answer.code}: ${answer.reason} (${answer.legalBasis})`}</>),
    ...(override ? [<>{`${words.override}: ${override.reason} (${override.legalBasis})`}</>] : []),
    ...conditions.map((condition) => <>{`${words.condition}: ${condition}`}</>),
    ...(fields ?? []).map((path) => <>{`${words.toComplete}: ${labelOf(fieldWords, path)}`}</>),
    ...(number ? [<>{number}</>] : []),
    ...(hoursLate ? [<>{words.filedLate(hoursLate)}</>] : []),
  ];
  if (lines.length === 0) return null;
  return (
    <List size="sm" mt={4}>
      {lines.map((line, n) => (
        <List.Item key={n}>{line}</List.Item>
      ))}
    </List>
  );
}
