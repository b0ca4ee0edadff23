import { Select } from '@mantine/core';
import type { JSX } from 'react';
import { api, type components } from '../../../api/client.ts';
import { useCaseCodes } from '../../../i18n/case-codes.ts';
import { options } from '../../../i18n/codes.ts';
import { onCase, type FormProps } from './DeedForm.tsx';
import { useDraft } from './draft.ts';
import { useGrounds } from './grounds.ts';
import { DayInput } from './inputs.tsx';
import { MeetingFields, meetingRules, noMeeting } from './Meeting.tsx';
import { Step } from './Step.tsx';
import { useDeedWords } from './words.ts';

type Schemas = components['schemas'];

export function Decide(props: FormProps): JSX.Element {
  const { fields, hints, explainFinal } = useDeedWords();
  const codes = useCaseCodes();
  const form = useDraft<Schemas['DecideDto']>(
    { outcome: '', meeting: noMeeting },
    { outcome: 'required', ...meetingRules },
  );
  return (
    <Step
      {...props}
      deed="decide"
      final
      wide
      explain={`${hints.decide} ${explainFinal}`}
      form={form}
      send={(body) => api.POST('/api/v1/cases/{id}/decide', { ...onCase(props.row), body })}
    >
      <Select
        label={fields.outcome}
        required
        data={options(codes.decision)}
        {...form.getInputProps('outcome')}
      />
      <MeetingFields inputProps={(path) => form.getInputProps(path)} />
    </Step>
  );
}

export function ServeDecision(props: FormProps): JSX.Element {
  const { fields } = useDeedWords();
  const form = useDraft<Schemas['ServeDecisionDto']>({ servedOn: '' }, { servedOn: 'notLater' });
  return (
    <Step
      {...props}
      deed="serve-decision"
      form={form}
      send={(body) => api.POST('/api/v1/cases/{id}/serve-decision', { ...onCase(props.row), body })}
    >
      <DayInput label={fields.servedOn} required {...form.getInputProps('servedOn')} />
    </Step>
  );
}

export function Reopen(props: FormProps): JSX.Element {
  const { fields } = useDeedWords();
  const grounds = useGrounds('NEW_EVIDENCE', 'HIGHER_ORGAN', 'CHANGED_JUDGMENT');
  const form = useDraft<Schemas['ReopenDto']>({ ground: '' }, { ground: 'required' });
  return (
    <Step
      {...props}
      deed="reopen"
      form={form}
      send={(body) => api.POST('/api/v1/cases/{id}/reopen', { ...onCase(props.row), body })}
    >
      <Select label={fields.ground} required data={grounds} {...form.getInputProps('ground')} />
    </Step>
  );
}
