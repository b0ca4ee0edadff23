import { Select } from '@mantine/core';
import type { JSX } from 'react';
import { api, type components } from '../../../api/client.ts';
import { useMe } from '../../../app/me.ts';
import { CheckedText } from '../../../ui/CheckedText.tsx';
import { onCase, type FormProps } from './DeedForm.tsx';
import { useDraft } from './draft.ts';
import { useGrounds } from './grounds.ts';
import { DayInput } from './inputs.tsx';
import { Step } from './Step.tsx';
import { useDeedWords } from './words.ts';

type Schemas = components['schemas'];

export function File(props: FormProps): JSX.Element {
  const { fields, hints } = useDeedWords();
  const form = useDraft<Schemas['FileDto']>({ filedOn: '' }, {});
  return (
    <Step
      {...props}
      deed="file"
      form={form}
      send={(body) => api.POST('/api/v1/cases/{id}/file', { ...onCase(props.row), body })}
    >
      <DayInput label={fields.filedOn} description={hints.filedOn} {...form.getInputProps('filedOn')} />
    </Step>
  );
}

export function StartInvestigation(props: FormProps): JSX.Element {
  const { fields } = useDeedWords();
  const form = useDraft<Schemas['StartInvestigationDto']>({ plan: '' }, {});
  return (
    <Step
      {...props}
      deed="start-investigation"
      wide
      form={form}
      send={(body) => api.POST('/api/v1/cases/{id}/start-investigation', { ...onCase(props.row), body })}
    >
      <CheckedText label={fields.plan} rows={[4, 16]} max={10_000} {...form.getInputProps('plan')} />
    </Step>
  );
}

export function Suspend(props: FormProps): JSX.Element {
  const { fields } = useDeedWords();
  const grounds = useGrounds('CRIMINAL_CASE', 'JUDGMENT_AWAITED', 'SUBJECT_CANNOT_ATTEND', 'FORCE_MAJEURE');
  const form = useDraft<Schemas['SuspendDto']>({ ground: '' }, { ground: 'required' });
  return (
    <Step
      {...props}
      deed="suspend"
      form={form}
      send={(body) => api.POST('/api/v1/cases/{id}/suspend', { ...onCase(props.row), body })}
    >
      <Select label={fields.ground} required data={grounds} {...form.getInputProps('ground')} />
    </Step>
  );
}

export function Extend(props: FormProps): JSX.Element {
  const { fields, hints } = useDeedWords();
  const form = useDraft<Schemas['ExtendDto']>({ until: '' }, { until: 'required' });
  return (
    <Step
      {...props}
      deed="extend"
      form={form}
      send={(body) => api.POST('/api/v1/cases/{id}/extend', { ...onCase(props.row), body })}
    >
      <DayInput label={fields.until} description={hints.until} required {...form.getInputProps('until')} />
    </Step>
  );
}

export function Report(props: FormProps): JSX.Element {
  const { fields, hints } = useDeedWords();
  const { user } = useMe();
  const form = useDraft<Schemas['ReportDto']>({ secondSignerId: '' }, { secondSignerId: 'required' });
  const others = props.row.investigators.filter(
    ({ userId, withdrawnAt }) => withdrawnAt === null && userId !== user.id,
  );
  return (
    <Step
      {...props}
      deed="report"
      form={form}
      send={(body) => api.POST('/api/v1/cases/{id}/report', { ...onCase(props.row), body })}
    >
      <Select
        label={fields.secondSignerId}
        {...(others.length === 0 ? { description: hints.noSecondSigner } : {})}
        required
        data={others.map(({ userId, name }) => ({ value: userId, label: name }))}
        {...form.getInputProps('secondSignerId')}
      />
    </Step>
  );
}
