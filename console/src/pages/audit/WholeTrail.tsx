import { Alert, Button, Progress, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { answer, api, type components } from '../../api/client.ts';
import { useDeed } from '../../api/hooks.ts';
import { useMay } from '../../app/ability.ts';
import { formatNumber, formatTime } from '../../i18n/format.ts';
import { Section } from '../../ui/Page.tsx';
import { ProblemAlert } from '../../ui/ProblemAlert.tsx';
import { Loaded } from '../../ui/states.tsx';
import { useWords } from './words.ts';

type Check = components['schemas']['TrailCheckView'];

const key = ['audit', 'verifications'];
const runs = (check: Check | undefined): boolean => check !== undefined && check.finishedAt === null;

/** The whole log verified on a button: how far that is, and how the last time ended, in words. */
export function WholeTrail(): JSX.Element {
  const words = useWords();
  const may = useMay();
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/audit/verifications', { signal, params: { query: { limit: 1 } } })),
    refetchInterval: ({ state }) => (runs(state.data?.items[0]) ? 1000 : false),
  });
  const request = useDeed({ run: () => api.POST('/api/v1/audit/verifications'), invalidates: [key] });
  return (
    <Section title={words.whole}>
      <Loaded query={query}>
        {({ items: [check] }) => (
          <Stack gap="sm" align="flex-start">
            <div aria-live="polite">
              {check ? <Outcome check={check} /> : <Text size="sm">{words.neverVerified}</Text>}
            </div>
            {may.can('verify', 'Trail') && (
              <Button
                loading={request.isPending || runs(check)}
                onClick={() => request.mutate(undefined)}
                data-print="no"
              >
                {words.verifyWhole}
              </Button>
            )}
            <ProblemAlert error={request.error} />
          </Stack>
        )}
      </Loaded>
    </Section>
  );
}

function Outcome({ check }: { check: Check }): JSX.Element {
  const words = useWords();
  const { size, checked, wrong, failures, status, finishedAt } = check;
  if (finishedAt === null) {
    const said = words.verifyingWhole(formatNumber(checked), formatNumber(size));
    return (
      <Stack gap={4}>
        <Text size="sm">{said}</Text>
        <Progress
          value={size === 0 ? 0 : (100 * checked) / size}
          aria-label={said}
          w={{ base: 260, sm: 420 }}
        />
      </Stack>
    );
  }
  const at = formatTime(finishedAt);
  if (status === 'FAILED') return <Alert color="seal">{words.wholeBroken(at)}</Alert>;
  return (
    <Alert color={wrong === 0 ? 'teal' : 'seal'}>
      <Text size="sm" fw={600}>
        {wrong === 0
          ? words.wholeValid(at, formatNumber(size))
          : words.wholeInvalid(at, formatNumber(wrong), formatNumber(size))}
      </Text>
      {failures.slice(0, 20).map(({ check: what, stream, seq, message }, i) => (
        <Text key={i} size="sm">
          {words.check(what)}: {seq === null ? '' : `${words.failure(stream, seq)}. `}
          {message}
        </Text>
      ))}
      <Text size="sm">{words.notProven}</Text>
    </Alert>
  );
}
