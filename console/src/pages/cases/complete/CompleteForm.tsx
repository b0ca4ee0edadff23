import { Stack, Text } from '@mantine/core';
import { useState, type JSX } from 'react';
import { api, ifMatch } from '../../../api/client.ts';
import { useDeed } from '../../../api/hooks.ts';
import { asProblem } from '../../../api/problem.ts';
import { factsType, isCommonFact } from '../../../i18n/facts/description.ts';
import { ConfirmDeed } from '../../../ui/ConfirmDeed.tsx';
import { Section } from '../../../ui/Page.tsx';
import { OccurrenceFields, OfficersFields, PeopleFields } from '../../../ui/intake/AllegationSteps.tsx';
import { FactFields } from '../../../ui/intake/FactFields.tsx';
import { FormProvider } from '../../../ui/intake/form.tsx';
import { Mistakes } from '../../../ui/intake/Mistakes.tsx';
import { within, withValue, type Path } from '../../../ui/intake/paths.ts';
import { inWords } from '../../../ui/intake/refusals.ts';
import { useWords as useIntakeWords } from '../../../ui/intake/words.ts';
import { Meanwhile } from '../deeds/Meanwhile.tsx';
import { useDeedWords } from '../deeds/words.ts';
import { around, changeOf, PLACE, type Body } from './change.ts';
import { Missing, type CompleteProps } from './Complete.tsx';
import { useMayComplete } from './may-complete.ts';
import { draftOf } from './stored.ts';
import { useCompleteWords } from './words.ts';

interface Props extends CompleteProps {
  readonly onClose: () => void;
}

/** The intake's form of an allegation, filled with what is recorded: what is added or changed goes to the server. */
export default function CompleteForm({ row, allegation, onClose, onReload }: Props): JSX.Element {
  const words = useCompleteWords();
  const intake = useIntakeWords();
  const deeds = useDeedWords();
  const may = useMayComplete();
  const [opened] = useState(row);
  const [before] = useState(() => draftOf(allegation, row));
  const [draft, setDraft] = useState(() => around(before));
  const [attempt, setAttempt] = useState(0);
  const [refused, setRefused] = useState<Readonly<Record<Path, string>>>({});
  const { body, mistakes } = changeOf(before, draft.allegations[0] ?? before, allegation, intake);
  // What is wrong is said once somebody tried to send it.
  const errors = { ...(attempt > 0 ? mistakes : {}), ...refused };
  const deed = useDeed<Body, unknown>({
    invalidates: [['cases']],
    said: words.done,
    run: (sent) =>
      api.PATCH('/api/v1/allegations/{id}', {
        params: { path: { id: allegation.id }, header: ifMatch(allegation.version) },
        body: sent,
      }),
  });
  const set = (path: Path, value: unknown): void => {
    setDraft((now) => withValue(now, path, value));
    // What was refused there may be right now.
    setRefused((now) =>
      Object.fromEntries(Object.entries(now).filter(([at]) => !within(at, path) && !within(path, at))),
    );
  };
  const run = async (reason: string): Promise<void> => {
    try {
      await deed.mutateAsync({ ...body, reason });
    } catch (thrown) {
      setRefused(refusalsOf(asProblem(thrown).fields, (message) => inWords(message, intake)));
      setAttempt((count) => count + 1);
      throw thrown;
    }
  };
  const check = (): boolean => {
    const right = body !== undefined && Object.keys(mistakes).length === 0;
    if (!right) setAttempt((count) => count + 1);
    return right;
  };
  const busy = deed.isPending || deed.isSuccess;
  return (
    <ConfirmDeed
      opened
      wide
      onClose={onClose}
      title={words.completeOne(allegation.no)}
      explain={words.explain}
      confirm={words.complete}
      reason="required"
      check={check}
      refusals={deeds.refusals}
      shownFields={Object.keys(refused).map((path) => path.slice(PLACE.length + 1))}
      run={run}
      onReload={onReload}
    >
      {!busy && <Meanwhile before={opened} now={row} />}
      {!busy && !may(row) && (
        <Text size="sm" fw={600} role="status">
          {deeds.noLonger}
        </Text>
      )}
      <Missing allegation={allegation} heading="h3" />
      <Mistakes
        attempt={attempt}
        lines={Object.entries(errors).map(([path, message]) => ({ path, message }))}
      />
      <FormProvider value={{ draft, set, errors }}>
        <Fields type={factsType(allegation.category)} />
      </FormProvider>
      {attempt > 0 && body === undefined && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {words.nothingChanged}
        </Text>
      )}
    </ConfirmDeed>
  );
}

/** The facts come first: they are what the report waits for. */
function Fields({ type }: { type: string }): JSX.Element {
  const { steps } = useIntakeWords();
  const path = `${PLACE}.facts`;
  return (
    <>
      <Section title={steps.facts.own}>
        <FactFields type={type} path={path} only={(name) => !isCommonFact(name)} />
      </Section>
      <Section title={steps.facts.common}>
        <FactFields type={type} path={path} only={isCommonFact} />
      </Section>
      <Section title={steps.occurrence.title}>
        <Stack gap="md">
          <OccurrenceFields no={0} />
        </Stack>
      </Section>
      <Section title={steps.officers.title}>
        <OfficersFields no={0} />
      </Section>
      <Section title={steps.people.title}>
        <PeopleFields no={0} />
      </Section>
    </>
  );
}

/** What the server refused, each at the place of its field; what has none stays in the notice of the refusal. */
function refusalsOf(
  fields: Readonly<Record<string, string>>,
  say: (message: string) => string,
): Record<Path, string> {
  return Object.fromEntries(
    Object.entries(fields)
      .map(([name, message]) => [`${PLACE}.${name}`, say(message)] as const)
      .filter(([path]) => document.querySelector(`[data-path="${CSS.escape(path)}"]`) !== null),
  );
}
