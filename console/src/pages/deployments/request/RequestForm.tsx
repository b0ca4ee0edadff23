import { Button, Grid, Group, Stack } from '@mantine/core';
import { useRef, useState, type FormEvent, type JSX } from 'react';
import { useNavigate } from 'react-router';
import { api, ifMatch } from '../../../api/client.ts';
import { useDeed, useOrganOptions } from '../../../api/hooks.ts';
import { asProblem, type ProblemError } from '../../../api/problem.ts';
import { useMe } from '../../../app/me.ts';
import { Section } from '../../../ui/Page.tsx';
import { ProblemAlert } from '../../../ui/ProblemAlert.tsx';
import { afterSaving, Unsaved } from '../../../ui/Unsaved.tsx';
import { focusFirst, type Errors } from '../fields/binding.ts';
import { ForceFields } from '../fields/ForceFields.tsx';
import { CodeSelect } from '../fields/Inputs.tsx';
import { TasksField } from '../fields/TasksField.tsx';
import { requestOf, valuesOf, type RequestValues } from '../fields/values.ts';
import { useFieldWords } from '../fields/words.ts';
import type { Deployment } from '../states.tsx';
import { Attachments } from './Attachments.tsx';
import { atFields, flat, missingInDraft, missingToSubmit } from './checks.ts';
import { Conflict } from './Conflict.tsx';
import { LawFields, LimitsFields, MoneyFields, RequesterFields, WhatFields } from './Groups.tsx';
import { LiveLine, LiveTest, useLiveTest } from './LiveTest.tsx';
import classes from './RequestForm.module.css';
import { useRequestWords } from './words.ts';

/** The organ in which one is granted to ask, when it is one. */
function useOwnOrgan(): string {
  const { grants } = useMe();
  const own = new Set(
    grants.filter(({ role }) => role.startsWith('DEPLOYMENT_')).map(({ organId }) => organId),
  );
  return own.size === 1 ? [...own][0]! : '';
}

/** The form of a request, as a draft of the server; the duty test reads along. */
export function RequestForm({
  row,
  onReload,
}: {
  row?: Deployment;
  onReload?: () => Promise<unknown>;
}): JSX.Element {
  const words = useRequestWords();
  const fieldWords = useFieldWords();
  const navigate = useNavigate();
  const organs = useOrganOptions();
  const [organId, setOrganId] = useState(useOwnOrgan());
  const [values, setValues] = useState<RequestValues>(() => valuesOf(row?.request));
  const [errors, setErrors] = useState<Errors>({});
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [reloaded, setReloaded] = useState(false);
  const [dirty, setDirty] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const live = useLiveTest(
    Object.keys(missingInDraft(values, words)).length === 0 ? requestOf(values) : undefined,
  );
  const create = useDeed({
    invalidates: [['deployments']],
    said: words.draftSaved,
    run: (request: ReturnType<typeof requestOf>) =>
      api.POST('/api/v1/deployments', { body: { ...request, ...(organId ? { organId } : {}) } }),
  });
  const update = useDeed({
    invalidates: [['deployments']],
    said: words.draftSaved,
    run: ({ id, version, request }: { id: string; version: number; request: ReturnType<typeof requestOf> }) =>
      api.PATCH('/api/v1/deployments/{id}', {
        params: { path: { id }, header: ifMatch(version) },
        body: request,
      }),
  });
  const submit = useDeed({
    invalidates: [['deployments']],
    said: words.submitted,
    run: ({ id, version }: { id: string; version: number }) =>
      api.POST('/api/v1/deployments/{id}/submit', { params: { path: { id }, header: ifMatch(version) } }),
  });
  const busy = create.isPending || update.isPending || submit.isPending;

  const change = (part: Partial<RequestValues>): void => {
    setDirty(true);
    setValues((before) => ({ ...before, ...part }));
  };
  const refuse = (wrong: Errors): void => {
    setErrors(wrong);
    focusFirst(form.current, wrong);
  };
  const store = async (): Promise<{ id: string; version: number }> => {
    const request = requestOf(values);
    const stored = row
      ? await update.mutateAsync({ id: row.id, version: row.version, request })
      : await create.mutateAsync(request);
    setDirty(false);
    setReloaded(false);
    return stored;
  };
  const send = async (finish: boolean): Promise<void> => {
    const wrong = finish ? missingToSubmit(values, words) : missingInDraft(values, words);
    setProblem(null);
    if (Object.keys(wrong).length > 0) return refuse(wrong);
    setErrors({});
    let id = row?.id;
    try {
      const stored = row && !dirty ? row : await store();
      id = stored.id;
      if (finish) await submit.mutateAsync(stored);
      if (finish) void navigate(`/deployments/${id}`, afterSaving);
      else if (!row) void navigate(`/deployments/${id}/edit`, { replace: true, ...afterSaving });
    } catch (thrown) {
      const refused = asProblem(thrown);
      setProblem(refused);
      if (Object.keys(refused.fields).length > 0) refuse(atFields(refused.fields));
      // The draft is stored; only the submission was refused.
      if (!row && id !== undefined)
        void navigate(`/deployments/${id}/edit`, { replace: true, ...afterSaving });
    }
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    void send(false);
  };
  const known = Object.keys(flat(values));

  return (
    <form ref={form} noValidate onSubmit={onSubmit}>
      <Unsaved dirty={dirty} />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7 }}>
          {reloaded && row && (
            <Conflict
              stored={valuesOf(row.request)}
              typed={values}
              onTake={() => {
                setValues(valuesOf(row.request));
                setDirty(false);
                setReloaded(false);
              }}
            />
          )}
          <Section title={fieldWords.groups.requester}>
            <Stack gap="sm">
              {!row && (
                <CodeSelect
                  label={fieldWords.labels.organId}
                  data={organs}
                  value={organId || null}
                  onChange={(chosen) => setOrganId(chosen ?? '')}
                  error={errors['organId']}
                  data-field="organId"
                />
              )}
              <RequesterFields
                value={values.requester}
                onChange={(requester) => change({ requester })}
                errors={errors}
              />
            </Stack>
          </Section>
          <Section title={fieldWords.groups.what}>
            <WhatFields value={values} onChange={change} errors={errors} />
          </Section>
          <Section title={fieldWords.groups.tasks}>
            <TasksField value={values.tasks} onChange={(tasks) => change({ tasks })} errors={errors} />
          </Section>
          <Section title={fieldWords.groups.force}>
            <ForceFields value={values.force} onChange={(force) => change({ force })} errors={errors} />
          </Section>
          <Section title={fieldWords.groups.law}>
            <LawFields value={values.law} onChange={(law) => change({ law })} errors={errors} />
          </Section>
          <Section title={fieldWords.groups.limits}>
            <LimitsFields value={values.limits} onChange={(limits) => change({ limits })} errors={errors} />
          </Section>
          <Section title={fieldWords.groups.money}>
            <MoneyFields value={values.money} onChange={(money) => change({ money })} errors={errors} />
          </Section>
          {row ? (
            <Attachments row={row} mayAttach />
          ) : (
            <Section title={words.files.title}>{words.files.first}</Section>
          )}
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <div className={classes['beside']}>
            <LiveTest live={live} />
          </div>
        </Grid.Col>
      </Grid>
      <ProblemAlert
        error={problem}
        shownFields={[...known, 'organId', 'force', 'tasks']}
        {...(onReload ? { onReload: () => void onReload().then(() => setReloaded(true)) } : {})}
      />
      <div className={classes['bar']}>
        <Group gap="xs" role="group" aria-label={words.live.title}>
          {Object.keys(errors).length > 0 ? (
            <span>{words.wrong(Object.keys(errors).length)}</span>
          ) : (
            <LiveLine live={live} />
          )}
        </Group>
        <Group gap="xs">
          <Button type="submit" variant="default" loading={busy}>
            {words.saveDraft}
          </Button>
          <Button loading={busy} onClick={() => void send(true)}>
            {words.submit}
          </Button>
        </Group>
      </div>
    </form>
  );
}
