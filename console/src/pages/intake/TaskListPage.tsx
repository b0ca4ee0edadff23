import { Anchor, Button, Group, Text } from '@mantine/core';
import type { JSX } from 'react';
import { Link, useNavigate } from 'react-router';
import { useCodes } from '../../i18n/codes.ts';
import { Page, Section } from '../../ui/Page.tsx';
import { StateBadge, type Tone } from '../../ui/states.tsx';
import { bodyOf } from '../../ui/intake/body.ts';
import { newAllegation, useDraft, type DraftStore } from '../../ui/intake/draft.ts';
import { Discard, DraftNotice } from './DraftNotice.tsx';
import { Duplicates } from './Duplicates.tsx';
import classes from '../../ui/intake/intake.module.css';
import { stateOf, stepsOf, titleOf, withoutAllegation, type Step, type StepState } from './steps.ts';
import { useWords } from '../../ui/intake/words.ts';

/** As many allegations a case takes. */
const MAX_ALLEGATIONS = 50;

const tones: Readonly<Record<StepState, Tone>> = {
  todo: 'new',
  wrong: 'late',
  done: 'done',
  blocked: 'waiting',
};

/** The registration as a list of its parts, each with what is left to do. */
export default function TaskListPage(): JSX.Element {
  const words = useWords();
  const codes = useCodes();
  const store = useDraft();
  const navigate = useNavigate();
  const { draft, rested } = store;
  const { mistakes } = bodyOf(draft, words);
  const steps = stepsOf(draft);
  const stateFor = (step: Step): StepState => stateOf(step, draft, mistakes);
  const left = steps.filter((step) => stateFor(step) !== 'done').length;
  const list = (some: readonly Step[], label: string): JSX.Element => (
    <ol className={classes['steps']} aria-label={label}>
      {some.map((step) => (
        <Line key={step.id} step={step} state={stateFor(step)} />
      ))}
    </ol>
  );
  return (
    <Page title={words.title} lead={words.lead} actions={<Discard />}>
      <DraftNotice />
      {!rested && (
        <div className={classes['columns']}>
          <div className={classes['form']}>
            <Section title={words.report}>
              {list(
                steps.filter(({ allegation }) => allegation === undefined),
                words.report,
              )}
            </Section>
            {draft.allegations.map((one, i) => {
              const title = words.allegation(i + 1, one.category ? codes.category[one.category] : undefined);
              return (
                <Section key={i} title={title}>
                  {list(
                    steps.filter(({ allegation }) => allegation === i),
                    title,
                  )}
                  {draft.allegations.length > 1 && <RemoveAllegation store={store} no={i} title={title} />}
                </Section>
              );
            })}
            <Group gap="sm" mb="lg">
              <Button
                variant="default"
                disabled={draft.allegations.length >= MAX_ALLEGATIONS}
                onClick={() => store.set('allegations', [...draft.allegations, newAllegation])}
              >
                {words.addAllegation}
              </Button>
              <Button
                disabled={left > 0}
                aria-describedby="intake-left"
                onClick={() => void navigate('/intake/check')}
              >
                {words.check.title}
              </Button>
            </Group>
            <Text size="sm" c="dimmed" id="intake-left">
              {left > 0 ? words.left(left) : words.nothingLeft}
            </Text>
            <Text size="sm" c="dimmed" mt="xs">
              {words.keptHint}
            </Text>
          </div>
          <Duplicates draft={draft} />
        </div>
      )}
    </Page>
  );
}

function Line({ step, state }: { step: Step; state: StepState }): JSX.Element {
  const words = useWords();
  const hint = `${step.id}-state`;
  return (
    <li>
      {state === 'blocked' ? (
        <Text size="sm" c="dimmed">
          {titleOf(step, words)}
        </Text>
      ) : (
        <Anchor component={Link} to={step.to} size="sm" aria-describedby={hint}>
          {titleOf(step, words)}
        </Anchor>
      )}
      <span id={hint}>
        <StateBadge tone={tones[state]}>{words.states[state]}</StateBadge>
      </span>
    </li>
  );
}

function RemoveAllegation({
  store,
  no,
  title,
}: {
  store: DraftStore;
  no: number;
  title: string;
}): JSX.Element {
  const words = useWords();
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      color="seal"
      mb="md"
      aria-label={words.removeEntry(title)}
      onClick={() => store.change((draft) => withoutAllegation(draft, no))}
    >
      {words.removeAllegation}
    </Button>
  );
}
