import { Grid, Stack, Table, Text } from '@mantine/core';
import type { JSX, ReactNode } from 'react';
import { useParams } from 'react-router';
import { answer, api } from '../../api/client.ts';
import { useOrganName, usePageOf } from '../../api/hooks.ts';
import { Page, Section } from '../../ui/Page.tsx';
import { Loaded } from '../../ui/states.tsx';
import { Lines, PlainTable } from '../../ui/tables.tsx';
import { Time } from '../../ui/values.tsx';
import { Decide } from './Decide.tsx';
import { TestAnswer, TestReasons } from './DutyTest.tsx';
import { Marked } from './Marked.tsx';
import { Precedents } from './Precedents.tsx';
import { DeploymentState, type Deployment } from './states.tsx';
import { useWords } from './words.ts';

/** One request: what is asked, whether it is police work, how it was decided before, and what may be done now. */
export default function DeploymentPage(): JSX.Element {
  const words = useWords();
  const { id } = useParams() as { id: string };
  const query = usePageOf(['deployments', id], (signal) =>
    answer(api.GET('/api/v1/deployments/{id}', { signal, params: { path: { id } } })),
  );
  const row = query.data;
  return (
    <Page
      title={row?.reference ?? words.title}
      badge={row && <DeploymentState status={row.status} />}
      lead={row?.place}
      actions={row && <Decide row={row} onReload={() => void query.refetch()} />}
    >
      <Loaded query={query}>
        {(loaded) => (
          <>
            {loaded.test ? <TestAnswer test={loaded.test} /> : <Text size="sm">{words.notTested}</Text>}
            <Grid gap="lg">
              <Grid.Col span={{ base: 12, md: 7 }}>
                <Asked row={loaded} />
              </Grid.Col>
              <Grid.Col span={{ base: 12, md: 5 }}>
                {!loaded.redacted.includes('file') && <Precedents id={loaded.id} />}
              </Grid.Col>
            </Grid>
            {loaded.test && <TestReasons test={loaded.test} />}
            <Steps row={loaded} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Asked({ row }: { row: Deployment }): JSX.Element {
  const words = useWords();
  const organName = useOrganName();
  const { request } = row;
  const warnings = row.test?.warnings ?? [];
  const lines: readonly [string, ReactNode][] = [
    [words.requester, `${request.requester.name} (${request.requester.type})`],
    [words.organ, organName(row.organId)],
    [words.purpose, <Marked key="purpose" text={request.purpose} field="purpose" warnings={warnings} />],
    [
      words.tasks,
      <Stack key="tasks" gap={4}>
        {request.tasks.map(({ code, text }, n) => (
          <span key={n}>
            {code}
            {text && ': '}
            {text && <Marked text={text} field={`tasks[${n}].text`} warnings={warnings} />}
          </span>
        ))}
      </Stack>,
    ],
    [words.force, `${request.force.officers} · ${request.force.weapons ?? '—'}`],
    [
      words.begins,
      <span key="time">
        <Time at={row.startsAt} /> {words.until} <Time at={row.endsAt} />
      </span>,
    ],
    [words.law, request.law?.articles?.join(', ')],
  ];
  return (
    <Section title={words.asked}>
      <Lines lines={lines} />
    </Section>
  );
}

function Steps({ row }: { row: Deployment }): JSX.Element | null {
  const words = useWords();
  if (row.steps.length === 0) return null;
  return (
    <Section title={words.steps}>
      <PlainTable
        label={words.steps}
        minWidth={480}
        headers={[words.when, words.deed, words.status, words.reason]}
      >
        {row.steps.map(({ id, doneAt, deed, toStatus, reason }) => (
          <Table.Tr key={id}>
            <Table.Td>
              <Time at={doneAt} />
            </Table.Td>
            <Table.Td>{words.deeds[deed]}</Table.Td>
            <Table.Td>
              <DeploymentState status={toStatus} />
            </Table.Td>
            <Table.Td>{reason}</Table.Td>
          </Table.Tr>
        ))}
      </PlainTable>
    </Section>
  );
}
