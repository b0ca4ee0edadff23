import { Alert, Button, Group, Text, TextInput } from '@mantine/core';
import { useState, type JSX } from 'react';
import { answer, api, type components } from '../../api/client.ts';
import { usePageOf } from '../../api/hooks.ts';
import { asProblem, type ProblemError } from '../../api/problem.ts';
import { Section } from '../../ui/Page.tsx';
import { ProblemAlert } from '../../ui/ProblemAlert.tsx';
import { Loaded } from '../../ui/states.tsx';
import { Lines } from '../../ui/tables.tsx';
import { Time } from '../../ui/values.tsx';
import { useWords } from './words.ts';

type Verification = components['schemas']['VerificationView'];

interface Run {
  readonly checked: number;
  readonly failures: Verification['failures'];
  readonly over: boolean;
}

const verified = (stream?: string, after?: number): Promise<Verification> =>
  answer(api.GET('/api/v1/audit/verify', { params: { query: { stream, after } } }));

/** The state of the trail, and one stream of it verified on a button, a piece at a time. */
export function TrailState(): JSX.Element {
  const words = useWords();
  const [stream, setStream] = useState('');
  const [run, setRun] = useState<Run>();
  const [error, setError] = useState<ProblemError | null>(null);
  const query = usePageOf(['audit', 'state'], () => verified());
  const verify = async (): Promise<void> => {
    setError(null);
    let [checked, after] = [0, undefined as number | undefined];
    let failures: Verification['failures'] = [];
    setRun({ checked, failures, over: false });
    try {
      do {
        const piece = await verified(stream.trim(), after);
        checked += piece.checked;
        failures = [...failures, ...piece.failures];
        after = piece.nextAfter ?? undefined;
        setRun({ checked, failures, over: after === undefined });
      } while (after !== undefined);
    } catch (thrown) {
      setRun(undefined);
      setError(asProblem(thrown));
    }
  };
  return (
    <Section title={words.state}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void verify();
        }}
      >
        <Group align="flex-end" mb="sm">
          <TextInput
            label={words.stream}
            description={words.streamHint}
            required
            w={340}
            value={stream}
            error={error?.fields['stream']}
            onChange={({ currentTarget }) => setStream(currentTarget.value)}
          />
          <Button
            type="submit"
            variant="default"
            loading={run?.over === false}
            disabled={stream.trim() === ''}
          >
            {words.verify}
          </Button>
        </Group>
      </form>
      <div aria-live="polite">
        {run && !run.over && <Text size="sm">{words.verifying(run.checked)}</Text>}
        {run?.over && (
          <Alert color={run.failures.length === 0 ? 'teal' : 'red'} mb="sm">
            <Text size="sm" fw={600}>
              {run.failures.length === 0 ? words.valid(run.checked) : words.invalid(run.failures.length)}
            </Text>
            {run.failures.slice(0, 20).map(({ check, stream, seq, message }) => (
              <Text key={`${stream} ${seq} ${check}`} size="sm">
                {words.check(check)}: {words.failure(stream, seq ?? 0)}. {message}
              </Text>
            ))}
            <Text size="sm">{words.notProven}</Text>
          </Alert>
        )}
      </div>
      <ProblemAlert error={error} shownFields={['stream']} />
      <Loaded query={query}>
        {(state) => (
          <Lines
            lines={[
              [words.size, String(state.size)],
              [words.waiting, String(state.waiting)],
              [words.lag, words.seconds(Math.round(state.sealLagSeconds))],
              [words.quarantines, String(state.openQuarantines)],
              [words.witnessed, state.witnessedSize === null ? words.never : String(state.witnessedSize)],
              [
                words.lastRun,
                state.lastVerification ? <Time key="last" at={state.lastVerification.at} /> : '—',
              ],
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}
