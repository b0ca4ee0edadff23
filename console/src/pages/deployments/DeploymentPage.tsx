import { Grid, List, Text } from '@mantine/core';
import type { JSX } from 'react';
import { useParams } from 'react-router';
import { answer, api } from '../../api/client.ts';
import { useRecord } from '../../api/hooks.ts';
import { useMay } from '../../app/ability.ts';
import { useMe } from '../../app/me.ts';
import { Page, Section } from '../../ui/Page.tsx';
import { Loaded } from '../../ui/states.tsx';
import { Decide } from './Decide.tsx';
import { TestAnswer, TestReasons } from './DutyTest.tsx';
import { After } from './page/After.tsx';
import { Asked } from './page/Asked.tsx';
import { Clocks } from './page/Clocks.tsx';
import { answersOf, Steps } from './page/Steps.tsx';
import { Precedents } from './Precedents.tsx';
import { Attachments } from './request/Attachments.tsx';
import { DeploymentState, type Deployment } from './states.tsx';
import { useWords } from './words.ts';

/** One request: what is asked, whether it is police work, how it was decided before, and what may be done now. */
export default function DeploymentPage(): JSX.Element {
  const words = useWords();
  const { id } = useParams() as { id: string };
  const query = useRecord(['deployments', id], (signal) =>
    answer(api.GET('/api/v1/deployments/{id}', { signal, params: { path: { id } } })),
  );
  const mayAttach = useMayAttach();
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
            <Clocks row={loaded} />
            {loaded.test ? (
              <TestAnswer test={loaded.test} answers={answersOf(loaded)} />
            ) : (
              <Text size="sm">{words.notTested}</Text>
            )}
            <Grid gap="lg">
              <Grid.Col span={{ base: 12, md: 7 }}>
                <Asked row={loaded} />
                <Conditions row={loaded} />
                {!loaded.redacted.includes('file') && (
                  <Attachments row={loaded} mayAttach={mayAttach(loaded)} />
                )}
              </Grid.Col>
              <Grid.Col span={{ base: 12, md: 5 }}>
                {!loaded.redacted.includes('file') && <Precedents id={loaded.id} />}
                <After row={loaded} />
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

const editable: readonly string[] = ['DRAFT', 'EMERGENCY', 'RETURNED'];

/** Its requester attaches, as long as it is not submitted; the paper to an oral order may come later. */
function useMayAttach(): (row: Deployment) => boolean {
  const may = useMay();
  const { user } = useMe();
  return ({ createdBy, status, oralOrder }) =>
    createdBy === user.id &&
    may.can('update', 'Deployment') &&
    (editable.includes(status) || oralOrder !== null);
}

function Conditions({ row: { conditions } }: { row: Deployment }): JSX.Element | null {
  const words = useWords();
  if (conditions.length === 0) return null;
  return (
    <Section title={words.conditions}>
      <List size="sm">
        {conditions.map((condition) => (
          <List.Item key={condition}>{condition}</List.Item>
        ))}
      </List>
    </Section>
  );
}
