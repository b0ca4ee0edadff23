import {
  Button,
  Checkbox,
  NumberInput,
  Select,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useRef, useState, type FormEvent, type JSX } from 'react';
import { useNavigate } from 'react-router';
import { api, type components } from '../../../api/client.ts';
import { useDeed, useOrganOptions } from '../../../api/hooks.ts';
import { asProblem, type ProblemError } from '../../../api/problem.ts';
import { useMe } from '../../../app/me.ts';
import { options } from '../../../i18n/codes.ts';
import { instantOf, localNow } from '../../../i18n/format.ts';
import { Page } from '../../../ui/Page.tsx';
import { ProblemAlert } from '../../../ui/ProblemAlert.tsx';
import { afterSaving, Unsaved } from '../../../ui/Unsaved.tsx';
import { bound, focusFirst, type Errors } from '../fields/binding.ts';
import type { TaskCode } from '../fields/codes.ts';
import { CodeSelect, InstantInput } from '../fields/Inputs.tsx';
import { useFieldWords } from '../fields/words.ts';
import classes from './EmergencyPage.module.css';
import { useEmergencyWords } from './words.ts';

interface Values {
  readonly dispatchedAt: string;
  readonly place: string;
  readonly purpose: string;
  readonly task: string;
  readonly taskText: string;
  readonly organId: string;
}

interface Oral {
  readonly name: string;
  readonly words: string;
  readonly at: string;
}

/** What is known when police go at once, for one hand: the request for them follows within a day. */
export default function EmergencyPage(): JSX.Element {
  const words = useEmergencyWords();
  const { codes } = useFieldWords();
  const navigate = useNavigate();
  const organs = useOrganOptions();
  const { grants } = useMe();
  const [dirty, setDirty] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const [values, setValues] = useState<Values>(() => ({
    dispatchedAt: localNow(),
    place: '',
    purpose: '',
    task: '',
    taskText: '',
    organId: grants.find(({ role }) => role.startsWith('DEPLOYMENT_'))?.organId ?? '',
  }));
  const [officers, setOfficers] = useState<number | string>(2);
  const [noDanger, setNoDanger] = useState(false);
  const [isOral, setIsOral] = useState(false);
  const [oral, setOral] = useState<Oral>(() => ({ name: '', words: '', at: localNow() }));
  const [errors, setErrors] = useState<Errors>({});
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const send = useDeed({
    invalidates: [['deployments']],
    said: words.recorded,
    run: (body: components['schemas']['EmergencyDto']) =>
      api.POST('/api/v1/deployments/emergencies', { body }),
  });
  const change = (next: Values): void => {
    setDirty(true);
    setValues(next);
  };
  const field = bound<Values>({ value: values, onChange: change, errors });
  const order = bound<Oral>({ value: oral, onChange: setOral, errors, at: 'oralOrder.' });

  const refuse = (wrong: Errors): void => {
    setErrors(wrong);
    focusFirst(form.current, wrong);
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setProblem(null);
    const wrong = missing(values, isOral ? oral : undefined, words.needed);
    if (Object.keys(wrong).length > 0) return refuse(wrong);
    setErrors({});
    try {
      const { id } = await send.mutateAsync({
        purpose: values.purpose,
        place: values.place,
        dispatchedAt: instantOf(values.dispatchedAt),
        ...(values.organId ? { organId: values.organId } : {}),
        ...(noDanger ? { lifeOrCrimeAtStake: false } : {}),
        tasks: [{ code: values.task as TaskCode, text: values.taskText || null }],
        force: { officers: Number(officers) },
        ...(isOral ? { oralOrder: { ...oral, at: instantOf(oral.at) } } : {}),
      });
      void navigate(`/deployments/${id}`, afterSaving);
    } catch (thrown) {
      const refused = asProblem(thrown);
      setProblem(refused);
      const at = Object.entries(refused.fields).map(([path, message]) => [places[path] ?? path, message]);
      if (at.length > 0) refuse(Object.fromEntries(at) as Errors);
    }
  };

  return (
    <Page title={words.title} lead={words.lead}>
      <Unsaved dirty={dirty} />
      <form ref={form} noValidate className={classes['form']} onSubmit={(event) => void submit(event)}>
        <Stack gap="md">
          <TextInput size="md" label={words.place} required {...field.text('place')} />
          <Textarea
            size="md"
            label={words.purpose}
            required
            autosize
            minRows={2}
            {...field.text('purpose')}
          />
          <Select size="md" label={words.task} required data={options(codes.task)} {...field.one('task')} />
          <Textarea size="md" label={words.taskText} autosize minRows={1} {...field.text('taskText')} />
          <div className={classes['count']}>
            <NumberInput
              size="md"
              label={words.officers}
              required
              hideControls
              min={0}
              allowDecimal={false}
              clampBehavior="none"
              data-field="force.officers"
              value={officers}
              onChange={setOfficers}
              error={errors['force.officers']}
              flex={1}
            />
            <Button
              size="md"
              variant="default"
              aria-label={words.fewer}
              onClick={() => setOfficers(Math.max(0, Number(officers) - 1))}
            >
              −
            </Button>
            <Button
              size="md"
              variant="default"
              aria-label={words.more}
              onClick={() => setOfficers(Number(officers) + 1)}
            >
              +
            </Button>
          </div>
          <InstantInput size="md" label={words.when} required {...field.text('dispatchedAt')} />
          <Switch
            size="md"
            label={words.oral}
            description={words.oralHint}
            checked={isOral}
            onChange={({ currentTarget }) => setIsOral(currentTarget.checked)}
          />
          {isOral && (
            <>
              <TextInput size="md" label={words.leader} required {...order.text('name')} />
              <Textarea
                size="md"
                label={words.words}
                required
                autosize
                minRows={2}
                {...order.text('words')}
              />
              <InstantInput size="md" label={words.said} required {...order.text('at')} />
            </>
          )}
          <details>
            <summary>{words.rest}</summary>
            <Stack gap="md" mt="sm">
              <CodeSelect label={words.organ} data={organs} {...field.one('organId')} />
              <Checkbox
                label={words.noDanger}
                checked={noDanger}
                onChange={({ currentTarget }) => setNoDanger(currentTarget.checked)}
              />
            </Stack>
          </details>
          <ProblemAlert error={problem} shownFields={[...shown, ...Object.keys(places)]} />
        </Stack>
        <div className={classes['bar']}>
          <Button type="submit" size="lg" fullWidth color="seal" loading={send.isPending}>
            {words.send}
          </Button>
          <Text size="xs" c="dimmed" ta="center" mt={4}>
            {words.due}
          </Text>
        </div>
      </form>
    </Page>
  );
}

/** Where the form shows what the interface calls so. */
const places: Readonly<Record<string, string>> = {
  'tasks.0.code': 'task',
  'tasks.0.text': 'taskText',
  force: 'force.officers',
};
const shown = [
  'place',
  'purpose',
  'dispatchedAt',
  'organId',
  'force.officers',
  'oralOrder.name',
  'oralOrder.words',
  'oralOrder.at',
];

function missing(values: Values, oral: Oral | undefined, needed: string): Errors {
  const { place, purpose, task, dispatchedAt } = values;
  const fields: Record<string, string> = {
    place,
    purpose,
    task,
    dispatchedAt,
    ...(oral ? { 'oralOrder.name': oral.name, 'oralOrder.words': oral.words, 'oralOrder.at': oral.at } : {}),
  };
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value.trim() === '')
      .map(([name]) => [name, needed]),
  );
}
