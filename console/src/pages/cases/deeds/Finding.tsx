import { Button, Select } from '@mantine/core';
import { useState, type JSX } from 'react';
import { api, type components } from '../../../api/client.ts';
import { useCaseCodes, type FindingStage } from '../../../i18n/case-codes.ts';
import { options } from '../../../i18n/codes.ts';
import { CheckedText } from '../../../ui/CheckedText.tsx';
import type { CaseFile } from '../case-file.ts';
import { DeedForm, type FormProps } from './DeedForm.tsx';
import { useDraft, type DraftForm } from './draft.ts';
import { Repeated } from './inputs.tsx';
import { useDeedWords } from './words.ts';

/** A finding has its own reason, which is longer than that of a step. */
type Body = Omit<components['schemas']['FindingDto'], 'reason'> & { why: string };

const recordOf = { RECOMMENDED: 'recommend-finding', FINAL: 'record-final-finding' } as const;

interface Props {
  readonly row: CaseFile;
  readonly allegation: CaseFile['allegations'][number];
  readonly onReload: () => void;
}

/** The buttons beside the findings of an allegation, each for those whose turn it is. */
export function FindingButtons({ row, allegation, onReload }: Props): JSX.Element {
  const { records } = useDeedWords();
  const [open, setOpen] = useState<FindingStage>();
  const stages = (['RECOMMENDED', 'FINAL'] as const).filter((stage) =>
    row.recordable.includes(recordOf[stage]),
  );
  return (
    <>
      {stages.map((stage) => (
        <Button key={stage} size="xs" variant="default" data-print="no" onClick={() => setOpen(stage)}>
          {records[stage]}
        </Button>
      ))}
      {open && (
        <Finding
          row={row}
          allegation={allegation}
          stage={open}
          onClose={() => setOpen(undefined)}
          onReload={onReload}
        />
      )}
    </>
  );
}

function Finding({
  allegation,
  stage,
  ...props
}: FormProps & Pick<Props, 'allegation'> & { stage: FindingStage }): JSX.Element {
  const { fields, hints, records } = useDeedWords();
  const codes = useCaseCodes();
  const last = allegation.findings.findLast((one) => one.stage === 'RECOMMENDED');
  const form = useDraft<Body>(
    {
      stage,
      // The meeting begins from what was recommended; it is free to see it otherwise.
      outcome: stage === 'FINAL' ? (last?.outcome ?? '') : '',
      why: '',
      mitigating: [],
      aggravating: [],
    },
    {
      outcome: 'required',
      why: 'required',
      'mitigating.*.code': 'required',
      'mitigating.*.proof': 'required',
      'aggravating.*.code': 'required',
      'aggravating.*.proof': 'required',
    },
  );
  return (
    <DeedForm<Body>
      {...props}
      title={records[stage]}
      explain={hints.finding}
      withoutReason
      calls={{ reason: 'why' }}
      wide
      form={form}
      stillAllowed={({ recordable }) => recordable.includes(recordOf[stage])}
      send={({ why, ...body }) =>
        api.POST('/api/v1/allegations/{id}/findings', {
          params: { path: { id: allegation.id } },
          body: { ...body, reason: why },
        })
      }
    >
      <Select
        label={fields.outcome}
        required
        data={options(codes.outcome)}
        {...form.getInputProps('outcome')}
      />
      <CheckedText
        label={fields.findingReason}
        rows={[4, 16]}
        max={10_000}
        required
        {...form.getInputProps('why')}
      />
      <Circumstances form={form} kind="mitigating" />
      <Circumstances form={form} kind="aggravating" />
    </DeedForm>
  );
}

function Circumstances({
  form,
  kind,
}: {
  form: DraftForm<Body>;
  kind: 'mitigating' | 'aggravating';
}): JSX.Element {
  const { fields, hints } = useDeedWords();
  const codes = useCaseCodes();
  return (
    <Repeated
      legend={fields[kind]}
      count={form.getValues()[kind].length}
      nameOf={fields.circumstance}
      onAdd={() => form.insertListItem(kind, { code: '', proof: '' })}
      onRemove={(index) => form.removeListItem(kind, index)}
    >
      {(index) => (
        <>
          <Select
            label={fields.circumstanceCode}
            required
            data={options<string>(codes[kind])}
            {...form.getInputProps(`${kind}.${index}.code`)}
          />
          <CheckedText
            label={fields.circumstanceProof}
            description={hints.circumstances}
            rows={[2, 8]}
            max={2000}
            required
            {...form.getInputProps(`${kind}.${index}.proof`)}
          />
        </>
      )}
    </Repeated>
  );
}
