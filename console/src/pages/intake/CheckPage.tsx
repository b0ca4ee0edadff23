import { Anchor, Button, Group, Text, VisuallyHidden } from '@mantine/core';
import { useState, type JSX } from 'react';
import { Link, useNavigate } from 'react-router';
import { api } from '../../api/client.ts';
import { useDeed, useOrganName } from '../../api/hooks.ts';
import type { ProblemError } from '../../api/problem.ts';
import { useCodes } from '../../i18n/codes.ts';
import { Page, Section } from '../../ui/Page.tsx';
import { ProblemAlert } from '../../ui/ProblemAlert.tsx';
import { Empty, Value } from '../../ui/states.tsx';
import { useAnswers, type Answer } from './answers.ts';
import { bodyOf } from '../../ui/intake/body.ts';
import { useDraft } from '../../ui/intake/draft.ts';
import { DraftNotice } from './DraftNotice.tsx';
import { Duplicates } from './Duplicates.tsx';
import classes from '../../ui/intake/intake.module.css';
import { Mistakes, type MistakeLine } from '../../ui/intake/Mistakes.tsx';
import { inWords } from '../../ui/intake/refusals.ts';
import { owns, stateOf, stepsOf, titleOf, type Step } from './steps.ts';
import { useWords } from '../../ui/intake/words.ts';

/** All answers once more, each with the way back to it; then it is registered. */
export default function CheckPage(): JSX.Element {
  const words = useWords();
  const navigate = useNavigate();
  const store = useDraft();
  const { draft, rested, refused, refuse, discard } = store;
  const [attempt, setAttempt] = useState(0);
  const { body, mistakes } = bodyOf(draft, words);
  const steps = stepsOf(draft);
  const open = steps.filter((step) => stateOf(step, draft, mistakes) !== 'done');
  const register = useDeed({
    invalidates: [['cases']],
    said: words.check.done,
    run: (sent: typeof body) =>
      api.POST('/api/v1/cases', { body: sent, params: { header: { 'Idempotency-Key': draft.key } } }),
    onDone: ({ id }) => {
      void navigate(`/intake/registered/${id}`, { replace: true });
      discard();
    },
  });
  const send = (): void => {
    register.mutate(body, {
      onError: (problem: ProblemError) => {
        const { fields } = problem;
        refuse(
          Object.fromEntries(
            Object.entries(fields).map(([path, message]) => [path, inWords(message, words)]),
          ),
        );
        setAttempt((count) => count + 1);
      },
    });
  };
  const lines = Object.entries({ ...mistakes, ...refused }).map(([path, message]): MistakeLine => {
    const step = steps.find((one) => owns(one, path));
    return { path, message, to: step?.to ?? '/intake' };
  });
  if (rested) {
    return (
      <Page title={words.check.title}>
        <DraftNotice />
      </Page>
    );
  }
  return (
    <Page title={words.check.title} lead={words.check.lead}>
      <DraftNotice />
      <Mistakes lines={lines} attempt={attempt} />
      {register.error && Object.keys(register.error.fields).length === 0 && (
        <ProblemAlert error={register.error} onRetry={send} />
      )}
      {register.error?.code === 'key-reused' && <Text size="sm">{words.check.sentBefore}</Text>}
      <div className={classes['columns']}>
        <div>
          <Answers steps={steps} />
          {open.length > 0 && (
            <Empty
              title={words.left(open.length)}
              action={<Link to={open[0]!.to}>{titleOf(open[0]!, words)}</Link>}
            />
          )}
          <Text size="sm" mb="sm">
            {words.check.final}
          </Text>
          <Group gap="md">
            <Button disabled={open.length > 0} loading={register.isPending} onClick={send}>
              {words.check.register}
            </Button>
            <Anchor component={Link} to="/intake" size="sm">
              {words.toList}
            </Anchor>
          </Group>
        </div>
        <Duplicates draft={draft} />
      </div>
    </Page>
  );
}

function Answers({ steps }: { steps: readonly Step[] }): JSX.Element {
  const words = useWords();
  const codes = useCodes();
  const { draft } = useDraft();
  const answers = useAnswers(draft, useOrganName());
  const parts = new Map<number | undefined, Step[]>();
  for (const step of steps) parts.set(step.allegation, [...(parts.get(step.allegation) ?? []), step]);
  return (
    <>
      {[...parts].map(([no, some]) => {
        const category = no === undefined ? undefined : draft.allegations[no]?.category;
        const title =
          no === undefined
            ? words.report
            : words.allegation(no + 1, category ? codes.category[category] : undefined);
        return (
          <Section key={no ?? 'report'} title={title}>
            {some.map((step) => (
              <StepAnswers key={step.id} step={step} part={title} answers={answers(step)} />
            ))}
          </Section>
        );
      })}
    </>
  );
}

function StepAnswers({
  step,
  part,
  answers,
}: {
  step: Step;
  part: string;
  answers: readonly Answer[];
}): JSX.Element {
  const words = useWords();
  const title = titleOf(step, words);
  return (
    <>
      <Group gap="sm" align="baseline">
        <Text component="h3" fw={600} size="sm">
          {title}
        </Text>
        <Anchor component={Link} to={step.to} state={{ from: 'check' }} size="sm">
          {words.check.change}
          <VisuallyHidden>{` ${title}, ${part}`}</VisuallyHidden>
        </Anchor>
      </Group>
      {answers.length === 0 ? (
        <Text size="sm" c="dimmed" mb="md">
          {words.check.nothing}
        </Text>
      ) : (
        <dl className={classes['answers']}>
          {answers.map(([label, text]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                {step.name === 'statement' && text !== '' ? (
                  // Long texts scroll; the keyboard has to reach them.
                  <div className={classes['statement']} tabIndex={0} role="region" aria-label={label}>
                    {text}
                  </div>
                ) : (
                  <Value>{text}</Value>
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}
