import { Anchor, Button, Group, Stack } from '@mantine/core';
import { useEffect, useState, type ComponentType, type FormEvent, type JSX } from 'react';
import { Link, useLocation, useNavigate, useParams } from 'react-router';
import { useCodes } from '../../i18n/codes.ts';
import { Page } from '../../ui/Page.tsx';
import { Empty } from '../../ui/states.tsx';
import { bodyOf } from '../../ui/intake/body.ts';
import { useDraft, type Draft } from '../../ui/intake/draft.ts';
import { DraftNotice } from './DraftNotice.tsx';
import { Duplicates } from './Duplicates.tsx';
import { focusField, FormProvider } from '../../ui/intake/form.tsx';
import classes from '../../ui/intake/intake.module.css';
import { Mistakes } from '../../ui/intake/Mistakes.tsx';
import { owns, stateOf, stepsOf, titleOf, type Step, type StepName } from './steps.ts';
import {
  CategoryFields,
  OccurrenceFields,
  OfficersFields,
  PeopleFields,
} from '../../ui/intake/AllegationSteps.tsx';
import { FactsFields, SeverityFields } from './FactSteps.tsx';
import { ArrivalFields, ReporterFields, StatementFields } from './ReportSteps.tsx';
import { useWords, type Words } from '../../ui/intake/words.ts';

/** The fields of each step; `no` is the allegation, counted from 0. */
const fieldsOfStep: Readonly<Record<StepName, ComponentType<{ no: number }>>> = {
  arrival: ArrivalFields,
  statement: StatementFields,
  reporter: ReporterFields,
  category: CategoryFields,
  occurrence: OccurrenceFields,
  officers: OfficersFields,
  people: PeopleFields,
  severity: SeverityFields,
  facts: FactsFields,
};

/** The form of one step. Whatever is typed is in the draft at once; saving checks it and goes on. */
export default function StepPage(): JSX.Element {
  const words = useWords();
  const { step: name, no } = useParams();
  const { draft, rested } = useDraft();
  const step = stepsOf(draft).find(
    (one) => one.name === name && one.allegation === (no === undefined ? undefined : Number(no) - 1),
  );
  const blocked = step !== undefined && stateOf(step, draft, {}) === 'blocked';
  if (step && !blocked && !rested) return <StepForm key={step.id} step={step} />;
  return (
    <Page title={step ? titleOf(step, words) : words.title}>
      <DraftNotice />
      {!rested && (
        <Empty
          title={blocked ? words.categoryFirst : words.noStep}
          action={<Link to="/intake">{words.toList}</Link>}
        />
      )}
    </Page>
  );
}

function StepForm({ step }: { step: Step }): JSX.Element {
  const words = useWords();
  const codes = useCodes();
  const navigate = useNavigate();
  const { draft, set, change, refused } = useDraft();
  const from = useLocation().state as { from?: string; focus?: string } | null;
  const focus = from?.focus;
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (focus !== undefined) focusField(focus);
  }, [focus]);
  const { mistakes } = bodyOf(draft, words);
  // What is missing is said once somebody tried to go on, or comes back to it.
  const shown = attempt > 0 || draft.saved.includes(step.id);
  const errors = { ...(shown ? mistakes : {}), ...refused };
  const lines = Object.entries(errors)
    .filter(([path]) => owns(step, path))
    .map(([path, message]) => ({ path, message }));
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (Object.keys(mistakes).some((path) => owns(step, path))) return setAttempt(attempt + 1);
    change((now) => ({ ...now, saved: [...new Set([...now.saved, step.id])] }));
    void navigate(from?.from === 'check' ? '/intake/check' : nextOf(step, draft, words));
  };
  const Fields = fieldsOfStep[step.name];
  const category = step.allegation === undefined ? undefined : draft.allegations[step.allegation]?.category;
  return (
    <Page
      title={titleOf(step, words)}
      lead={
        step.allegation === undefined
          ? words.report
          : words.allegation(step.allegation + 1, category ? codes.category[category] : undefined)
      }
    >
      <DraftNotice />
      <div className={classes['columns']}>
        <form className={classes['form']} noValidate onSubmit={save}>
          <Mistakes lines={lines} attempt={attempt} />
          <FormProvider value={{ draft, set, errors }}>
            <Stack gap="lg">
              <Fields no={step.allegation ?? 0} />
              <Group gap="md">
                <Button type="submit">{words.saveAndGoOn}</Button>
                <Anchor component={Link} to="/intake" size="sm">
                  {words.toList}
                </Anchor>
              </Group>
            </Stack>
          </FormProvider>
        </form>
        <Duplicates draft={draft} />
      </div>
    </Page>
  );
}

/** The step after this one that is not done; when all are, the answers. */
function nextOf(step: Step, draft: Draft, words: Words): string {
  const { mistakes } = bodyOf(draft, words);
  const steps = stepsOf(draft);
  const at = steps.findIndex(({ id }) => id === step.id);
  const open = [...steps.slice(at + 1), ...steps.slice(0, at)].find((one) =>
    ['todo', 'wrong'].includes(stateOf(one, draft, mistakes)),
  );
  return open?.to ?? '/intake/check';
}
