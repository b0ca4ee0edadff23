import { Anchor, Group, Stack, Text } from '@mantine/core';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { answer, api, type components } from '../../api/client.ts';
import { useRecord } from '../../api/hooks.ts';
import { Section } from '../../ui/Page.tsx';
import { Loaded } from '../../ui/states.tsx';
import { Day } from '../../ui/values.tsx';
import { DeploymentState, TestOutcome } from './states.tsx';
import { useFieldWords } from './fields/words.ts';
import { useWarningName } from './warning-names.ts';
import { useWords } from './words.ts';

/** What earlier requests say about one, beside its test. */
export function Precedents({ id }: { id: string }): JSX.Element {
  const words = useWords();
  const query = useRecord(['deployments', id, 'precedents'], (signal) =>
    answer(api.GET('/api/v1/deployments/{id}/precedents', { signal, params: { path: { id } } })),
  );
  // The heading stands while they are on their way.
  if (query.data) return <PrecedentList {...query.data} />;
  return (
    <Section title={words.precedents}>
      <Loaded query={query}>{() => null}</Loaded>
    </Section>
  );
}

/** The same of what is not stored yet. */
export function PrecedentList({
  precedents,
  requesterRecord,
}: Pick<components['schemas']['PrecedentsView'], 'precedents' | 'requesterRecord'>): JSX.Element {
  const words = useWords();
  const { codes } = useFieldWords();
  const warningName = useWarningName();
  const names: Readonly<Record<string, string>> = {
    ...codes.requester,
    ...codes.activity,
    ...codes.task,
  };
  const codeName = (code: string): string => names[code] ?? warningName(code);
  return (
    <Section title={words.precedents}>
      <Stack gap="sm">
        <Text size="sm">
          {words.record}: {words.recordLine(requesterRecord)} ({words.recordSince}{' '}
          <Day on={requesterRecord.since} />)
        </Text>
        {precedents.length === 0 && <Text size="sm">{words.noPrecedents}</Text>}
        {precedents.map((one) => (
          <div key={one.id}>
            <Group gap="xs">
              <Anchor component={Link} to={`/deployments/${one.id}`}>
                {one.reference}
              </Anchor>
              <DeploymentState status={one.status} />
              <TestOutcome outcome={one.outcome} />
              <Text size="sm">{words.likeness(one.likeness)}</Text>
            </Group>
            {one.reason && <Text size="sm">{one.reason}</Text>}
            <Text size="sm" c="dimmed">
              {words.shared([...one.sharedCodes.map(codeName), ...one.sharedWords].join(', '))}
            </Text>
          </div>
        ))}
      </Stack>
    </Section>
  );
}
