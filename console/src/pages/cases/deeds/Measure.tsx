import { Button, Radio, Stack, Text } from '@mantine/core';
import { useState, type JSX } from 'react';
import { api, type components } from '../../../api/client.ts';
import { instantOf } from '../../../i18n/format.ts';
import { useMeasureName } from '../../../i18n/measures.ts';
import { CheckedText } from '../../../ui/CheckedText.tsx';
import { WholeDay } from '../../../ui/WholeDay.tsx';
import type { CaseFile } from '../case-file.ts';
import { DeedForm, type FormProps } from './DeedForm.tsx';
import { useDraft } from './draft.ts';
import { useDeedWords } from './words.ts';

type Body = components['schemas']['RecordMeasureDto'];
type Allegation = CaseFile['allegations'][number];

interface Props {
  readonly row: CaseFile;
  readonly allegation: Allegation;
  readonly measure: Allegation['measures'][number];
  readonly onReload: () => void;
}

const mayRecord = ({ recordable }: CaseFile): boolean => recordable.includes('record-measure');

/** Ticks an urgent measure off, or says why it was not taken. */
export function MeasureButton({ row, allegation, measure, onReload }: Props): JSX.Element | null {
  const { records } = useDeedWords();
  const nameOf = useMeasureName();
  const [open, setOpen] = useState(false);
  if (!mayRecord(row) && !open) return null;
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        data-print="no"
        aria-label={`${records.measure}: ${nameOf(measure)}`}
        onClick={() => setOpen(true)}
      >
        {records.measure}
      </Button>
      {open && (
        <RecordMeasure
          row={row}
          allegation={allegation}
          measure={measure}
          onClose={() => setOpen(false)}
          onReload={onReload}
        />
      )}
    </>
  );
}

function RecordMeasure({
  allegation,
  measure,
  ...props
}: FormProps & Pick<Props, 'allegation' | 'measure'>): JSX.Element {
  const { fields, hints, records, measureOutcome, explain } = useDeedWords();
  const nameOf = useMeasureName();
  const form = useDraft<Body>(
    { code: measure.code, outcome: 'DONE', doneAt: '', note: '' },
    { note: 'required' },
  );
  const done = form.getValues().outcome === 'DONE';
  return (
    <DeedForm<Body>
      {...props}
      title={records.measure}
      explain={
        <>
          <Text size="sm" fw={600}>
            {nameOf(measure)}
          </Text>
          {explain}
        </>
      }
      withoutReason
      form={form}
      stillAllowed={mayRecord}
      send={({ doneAt, ...body }) =>
        api.POST('/api/v1/allegations/{id}/measures', {
          params: { path: { id: allegation.id } },
          body: { ...body, ...(done && doneAt ? { doneAt: instantOf(doneAt) } : {}) },
        })
      }
    >
      <Radio.Group label={fields.measureOutcome} required {...form.getInputProps('outcome')}>
        <Stack gap={6} mt={6}>
          <Radio value="DONE" label={measureOutcome.DONE} />
          <Radio value="NOT_DONE" label={measureOutcome.NOT_DONE} />
        </Stack>
      </Radio.Group>
      {done && (
        <WholeDay
          type="datetime-local"
          label={fields.doneAt}
          description={hints.doneAt}
          maw={260}
          {...form.getInputProps('doneAt')}
        />
      )}
      <CheckedText
        label={done ? fields.measureDone : fields.measureNotDone}
        rows={[3, 12]}
        max={4000}
        required
        {...form.getInputProps('note')}
      />
    </DeedForm>
  );
}
