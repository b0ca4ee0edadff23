import { Checkbox, Modal, NumberInput, Stack, Text } from '@mantine/core';
import { useState, type JSX } from 'react';
import { api, ifMatch } from '../../../api/client.ts';
import { useDeed } from '../../../api/hooks.ts';
import { useCommonWords } from '../../../i18n/common.ts';
import { instantOf, localNow } from '../../../i18n/format.ts';
import { CheckedText } from '../../../ui/CheckedText.tsx';
import { ConfirmDeed } from '../../../ui/ConfirmDeed.tsx';
import { TestAnswer, TestReasons } from '../DutyTest.tsx';
import { namesIn, refusedIn } from '../fields/binding.ts';
import { ForceFields } from '../fields/ForceFields.tsx';
import { InstantInput, TextList } from '../fields/Inputs.tsx';
import { OfficersField } from '../fields/OfficersField.tsx';
import { TasksField } from '../fields/TasksField.tsx';
import { forceOf, forceValues, tasksOf, taskValues, type ForceValues } from '../fields/values.ts';
import { useFieldWords } from '../fields/words.ts';
import { atFields } from '../request/checks.ts';
import type { Deployment } from '../states.tsx';
import { useWords } from '../words.ts';
import { useDeedWords } from './words.ts';

export interface DeedProps {
  readonly row: Deployment;
  readonly onClose: () => void;
  readonly onReload: () => void;
}

type Scene = 'dispatch' | 'record-paper' | 'report-deviation' | 'complete' | 'sign-off';

/** What the dialogs of one deed have in common. */
function useScene(
  deed: Scene,
  { row, onClose, onReload }: DeedProps,
): {
  dialog: Pick<Parameters<typeof ConfirmDeed>[0], 'title' | 'explain' | 'confirm' | 'onClose' | 'onReload'>;
  params: { path: { id: string }; header: { 'If-Match': string } };
  done: { invalidates: readonly (readonly string[])[]; said: string };
} {
  const words = useWords();
  const { explain } = useDeedWords();
  return {
    dialog: {
      title: words.deeds[deed],
      explain: explain[deed],
      confirm: words.deeds[deed],
      onClose,
      onReload,
    },
    params: { path: { id: row.id }, header: ifMatch(row.version) },
    done: { invalidates: [['deployments']], said: words.done },
  };
}

export function Dispatch(props: DeedProps): JSX.Element {
  const words = useDeedWords();
  const { dialog, params, done } = useScene('dispatch', props);
  const { row } = props;
  const [at, setAt] = useState(localNow);
  const [officers, setOfficers] = useState<number | string>(row.officers);
  const [officerIds, setOfficerIds] = useState<string[]>([]);
  const send = useDeed({
    ...done,
    run: (reason: string) =>
      api.POST('/api/v1/deployments/{id}/dispatch', {
        params,
        body: { reason, dispatchedAt: instantOf(at), officers: Number(officers), officerIds },
      }),
  });
  return (
    <ConfirmDeed
      opened
      {...dialog}
      reason="required"
      ready={at !== '' && officers !== ''}
      shownFields={['dispatchedAt', 'officers', 'officerIds']}
      run={(reason) => send.mutateAsync(reason)}
    >
      {(errors) => (
        <>
          <InstantInput
            label={words.dispatchedAt}
            required
            value={at}
            onChange={({ currentTarget }) => setAt(currentTarget.value)}
            error={errors['dispatchedAt']}
          />
          <NumberInput
            label={words.officers}
            description={words.approvedFor(row.officers)}
            required
            min={0}
            allowDecimal={false}
            clampBehavior="none"
            value={officers}
            onChange={setOfficers}
            error={errors['officers']}
          />
          <OfficersField value={officerIds} onChange={setOfficerIds} error={errors['officerIds']} />
          <Text size="xs" c="dimmed">
            {words.sentHint}
          </Text>
        </>
      )}
    </ConfirmDeed>
  );
}

export function RecordPaper(props: DeedProps): JSX.Element {
  const words = useDeedWords();
  const { dialog, params, done } = useScene('record-paper', props);
  const [number, setNumber] = useState('');
  const [at, setAt] = useState(localNow);
  const record = useDeed({
    ...done,
    run: (reason: string) =>
      api.POST('/api/v1/deployments/{id}/record-paper', {
        params,
        body: { reason, number, receivedAt: instantOf(at) },
      }),
  });
  return (
    <ConfirmDeed
      opened
      {...dialog}
      reason="required"
      ready={number.trim() !== '' && at !== ''}
      shownFields={['number', 'receivedAt']}
      run={(reason) => record.mutateAsync(reason)}
    >
      {(errors) => (
        <>
          <CheckedText
            label={words.paperNumber}
            required
            max={200}
            value={number}
            onChange={setNumber}
            error={errors['number']}
          />
          <InstantInput
            label={words.receivedAt}
            required
            value={at}
            onChange={({ currentTarget }) => setAt(currentTarget.value)}
            error={errors['receivedAt']}
          />
        </>
      )}
    </ConfirmDeed>
  );
}

export function Complete(props: DeedProps): JSX.Element {
  const words = useDeedWords();
  const { dialog, params, done } = useScene('complete', props);
  const [startedAt, setStartedAt] = useState('');
  const [endedAt, setEndedAt] = useState(localNow);
  const complete = useDeed({
    ...done,
    run: (reason: string) =>
      api.POST('/api/v1/deployments/{id}/complete', {
        params,
        body: {
          reason,
          endedAt: instantOf(endedAt),
          ...(startedAt ? { startedAt: instantOf(startedAt) } : {}),
        },
      }),
  });
  return (
    <ConfirmDeed
      opened
      {...dialog}
      reason="required"
      ready={endedAt !== ''}
      shownFields={['startedAt', 'endedAt']}
      run={(reason) => complete.mutateAsync(reason)}
    >
      {(errors) => (
        <>
          <InstantInput
            label={words.startedAt}
            value={startedAt}
            onChange={({ currentTarget }) => setStartedAt(currentTarget.value)}
            error={errors['startedAt']}
          />
          <InstantInput
            label={words.endedAt}
            required
            value={endedAt}
            onChange={({ currentTarget }) => setEndedAt(currentTarget.value)}
            error={errors['endedAt']}
          />
        </>
      )}
    </ConfirmDeed>
  );
}

const taskErrors = (errors: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  atFields(errors);
/** Paths under which tasks and force may be refused; the fields show them. */
const shownOf = (tasks: readonly unknown[]): string[] => [
  ...tasks.flatMap((_, n) => [`tasks.${n}.code`, `tasks.${n}.text`]),
  ...Object.keys(forceValues()).map((name) => `force.${name}`),
];

/** Something else is done than was approved: the duty test runs on it, and its answer is shown. */
export function Deviate(props: DeedProps): JSX.Element {
  const words = useDeedWords();
  const common = useCommonWords();
  const { dialog, params, done } = useScene('report-deviation', props);
  const { request } = props.row;
  const [at, setAt] = useState(localNow);
  const [tasks, setTasks] = useState(() => taskValues(request.tasks));
  const [other, setOther] = useState(false);
  const [force, setForce] = useState(() => forceValues(request.force));
  const report = useDeed({
    ...done,
    run: (reason: string) =>
      api.POST('/api/v1/deployments/{id}/report-deviation', {
        params,
        body: {
          reason,
          at: instantOf(at),
          tasks: tasksOf(tasks),
          ...(other ? { force: forceOf(force) } : {}),
        },
      }),
  });
  if (report.data) {
    return (
      <Modal
        opened
        onClose={props.onClose}
        title={words.retest}
        size="xl"
        closeButtonProps={{ 'aria-label': common.close }}
      >
        <Text size="sm">{words.retestHint}</Text>
        <TestAnswer test={report.data.test} />
        <TestReasons test={report.data.test} />
      </Modal>
    );
  }
  return (
    <ConfirmDeed
      opened
      {...dialog}
      reason="required"
      wide
      ready={at !== '' && tasks.every(({ code }) => code !== '') && (!other || force.officers !== '')}
      shownFields={['at', ...shownOf(tasks)]}
      keepOpen
      run={(reason) => report.mutateAsync(reason)}
    >
      {(errors) => (
        <>
          <InstantInput
            label={words.at}
            required
            value={at}
            onChange={({ currentTarget }) => setAt(currentTarget.value)}
            error={errors['at']}
          />
          <TasksField value={tasks} onChange={setTasks} errors={taskErrors(errors)} />
          <Checkbox
            label={words.otherForce}
            checked={other}
            onChange={({ currentTarget }) => setOther(currentTarget.checked)}
          />
          {other && <ForceFields value={force} onChange={setForce} errors={taskErrors(errors)} />}
        </>
      )}
    </ConfirmDeed>
  );
}

const told = ['forceUsed', 'incidents', 'injuries', 'complaints'] as const;

/** The after-action record. */
export function SignOff(props: DeedProps): JSX.Element {
  const words = useDeedWords();
  const { groups } = useFieldWords();
  const { dialog, params, done } = useScene('sign-off', props);
  const { request, sentOfficers } = props.row;
  const [tasks, setTasks] = useState(() => taskValues(request.tasks));
  const [force, setForce] = useState<ForceValues>(() => ({
    ...forceValues(request.force),
    officers: sentOfficers ?? request.force.officers,
  }));
  const [texts, setTexts] = useState<Partial<Record<(typeof told)[number], string>>>({});
  const [videos, setVideos] = useState<string[]>([]);
  const [deviated, setDeviated] = useState(false);
  const [deviation, setDeviation] = useState('');
  const sign = useDeed({
    ...done,
    run: (reason: string) =>
      api.POST('/api/v1/deployments/{id}/sign-off', {
        params,
        body: {
          reason,
          tasks: tasksOf(tasks),
          force: forceOf(force),
          ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text.trim() !== '')),
          videos,
          deviated,
          ...(deviated ? { deviation } : {}),
        },
      }),
  });
  return (
    <ConfirmDeed
      opened
      {...dialog}
      reason="required"
      final
      wide
      ready={tasks.every(({ code }) => code !== '') && force.officers !== ''}
      shownFields={[...shownOf(tasks), ...told, ...namesIn('videos', videos), 'deviated', 'deviation']}
      run={(reason) => sign.mutateAsync(reason)}
    >
      {(errors) => (
        <Stack gap="sm">
          <Text fw={600}>{groups.tasks}</Text>
          <TasksField value={tasks} onChange={setTasks} errors={taskErrors(errors)} />
          <Text fw={600}>{groups.force}</Text>
          <ForceFields value={force} onChange={setForce} errors={taskErrors(errors)} />
          {told.map((name) => (
            <CheckedText
              key={name}
              label={words[name]}
              max={4000}
              rows={[2, 16]}
              value={texts[name] ?? ''}
              onChange={(value) => setTexts((before) => ({ ...before, [name]: value }))}
              error={errors[name]}
            />
          ))}
          <TextList
            label={words.videos}
            value={videos}
            onChange={setVideos}
            error={refusedIn(errors, 'videos', videos)}
          />
          <Checkbox
            label={words.deviated}
            checked={deviated}
            onChange={({ currentTarget }) => setDeviated(currentTarget.checked)}
            error={errors['deviated']}
          />
          {deviated && (
            <CheckedText
              label={words.deviation}
              required
              max={4000}
              rows={[2, 16]}
              value={deviation}
              onChange={setDeviation}
              error={errors['deviation']}
            />
          )}
        </Stack>
      )}
    </ConfirmDeed>
  );
}
