import { Checkbox } from '@mantine/core';
import type { JSX } from 'react';
import { api, type components } from '../../../api/client.ts';
import { CheckedText } from '../../../ui/CheckedText.tsx';
import { onCase, type FormProps } from './DeedForm.tsx';
import { useDraft } from './draft.ts';
import { DayInput, Repeated } from './inputs.tsx';
import { Step } from './Step.tsx';
import { useDeedWords } from './words.ts';

type Schemas = components['schemas'];

export function Return(props: FormProps): JSX.Element {
  const { fields } = useDeedWords();
  const form = useDraft<Schemas['ReturnReportDto']>({ defects: [''] }, { 'defects.*': 'required' });
  const { defects } = form.getValues();
  return (
    <Step
      {...props}
      deed="return"
      form={form}
      send={(body) => api.POST('/api/v1/cases/{id}/return', { ...onCase(props.row), body })}
    >
      <Repeated
        legend={fields.defects}
        count={defects.length}
        nameOf={fields.defect}
        onAdd={() => form.insertListItem('defects', '')}
        // The report is not returned without saying what is wrong with it.
        {...(defects.length > 1
          ? { onRemove: (index: number) => form.removeListItem('defects', index) }
          : {})}
      >
        {(index) => (
          <CheckedText
            aria-label={fields.defect(index + 1)}
            rows={[2, 8]}
            max={2000}
            required
            {...form.getInputProps(`defects.${index}`)}
          />
        )}
      </Repeated>
    </Step>
  );
}

export function ServeNotice(props: FormProps): JSX.Element {
  const { fields } = useDeedWords();
  const form = useDraft<Schemas['ServeNoticeDto']>(
    { servedOn: '', proof: '' },
    { servedOn: 'notLater', proof: 'required' },
  );
  return (
    <Step
      {...props}
      deed="serve-notice"
      form={form}
      send={(body) => api.POST('/api/v1/cases/{id}/serve-notice', { ...onCase(props.row), body })}
    >
      <DayInput label={fields.servedOn} required {...form.getInputProps('servedOn')} />
      <CheckedText label={fields.proof} rows={[2, 8]} max={2000} required {...form.getInputProps('proof')} />
    </Step>
  );
}

export function RecordDefence(props: FormProps): JSX.Element {
  const { fields } = useDeedWords();
  const form = useDraft<Schemas['RecordDefenceDto']>(
    { heardOn: '', declined: false, statement: '', points: [] },
    { heardOn: 'notLater', 'points.*.point': 'required', 'points.*.why': 'required' },
  );
  const { declined, points } = form.getValues();
  return (
    <Step
      {...props}
      deed="record-defence"
      wide
      form={form}
      send={(body) => api.POST('/api/v1/cases/{id}/record-defence', { ...onCase(props.row), body })}
    >
      <DayInput label={fields.heardOn} required {...form.getInputProps('heardOn')} />
      <Checkbox label={fields.declined} {...form.getInputProps('declined', { type: 'checkbox' })} />
      {!declined && (
        <CheckedText
          label={fields.statement}
          rows={[4, 16]}
          max={50_000}
          {...form.getInputProps('statement')}
        />
      )}
      <Repeated
        legend={fields.points}
        count={points.length}
        nameOf={fields.point}
        onAdd={() => form.insertListItem('points', { point: '', adopted: false, why: '' })}
        onRemove={(index) => form.removeListItem('points', index)}
      >
        {(index) => (
          <>
            <CheckedText
              label={fields.pointText}
              rows={[2, 8]}
              max={4000}
              required
              {...form.getInputProps(`points.${index}.point`)}
            />
            <Checkbox
              label={fields.adopted}
              {...form.getInputProps(`points.${index}.adopted`, { type: 'checkbox' })}
            />
            <CheckedText
              label={fields.why}
              rows={[2, 8]}
              max={4000}
              required
              {...form.getInputProps(`points.${index}.why`)}
            />
          </>
        )}
      </Repeated>
    </Step>
  );
}
