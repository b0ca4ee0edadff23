import { Button, Checkbox, Select, Stack } from '@mantine/core';
import { useState, type JSX } from 'react';
import { api, ifMatch, type components } from '../../../api/client.ts';
import { useCaseCodes } from '../../../i18n/case-codes.ts';
import { options, useCodes } from '../../../i18n/codes.ts';
import type { CaseFile } from '../case-file.ts';
import { useWords } from '../words.ts';
import { DeedForm, type FormProps } from './DeedForm.tsx';
import { useDraft } from './draft.ts';
import { DayInput, Tags } from './inputs.tsx';
import { MeetingFields, meetingRules, noMeeting } from './Meeting.tsx';
import { useDeedWords } from './words.ts';

type Schemas = components['schemas'];
type Sanction = CaseFile['sanctions'][number];
type Props = Omit<FormProps, 'onClose'>;

const mayPropose = ({ recordable }: CaseFile): boolean => recordable.includes('propose-sanction');

export function ProposeButton(props: Props): JSX.Element | null {
  const { records } = useDeedWords();
  const [open, setOpen] = useState(false);
  if (!mayPropose(props.row) && !open) return null;
  return (
    <>
      <Button size="xs" variant="default" data-print="no" onClick={() => setOpen(true)}>
        {records.propose}
      </Button>
      {open && <Propose {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

function Propose(props: FormProps): JSX.Element {
  const { fields, hints, records } = useDeedWords();
  const words = useWords();
  const { category } = useCodes();
  const codes = useCaseCodes();
  const { allegations } = props.row;
  const form = useDraft<Schemas['ProposeSanctionDto']>(
    { officerId: '', track: '', kind: '', allegationIds: [], basis: [] },
    {
      officerId: 'required',
      track: 'required',
      kind: 'required',
      allegationIds: 'required',
      basis: 'required',
    },
  );
  const { officerId } = form.getValues();
  const officers = new Map(
    allegations.flatMap(({ subjects }) =>
      subjects.flatMap((one): [string, string][] =>
        one.officerId === null ? [] : [[one.officerId, one.officer ?? one.officerId]],
      ),
    ),
  );
  const against = allegations.filter(({ subjects }) => subjects.some((one) => one.officerId === officerId));
  const officer = form.getInputProps('officerId') as { onChange: (value: string | null) => void };
  return (
    <DeedForm
      {...props}
      title={records.propose}
      wide
      form={form}
      stillAllowed={mayPropose}
      send={(body) =>
        api.POST('/api/v1/cases/{id}/sanctions', { params: { path: { id: props.row.id } }, body })
      }
    >
      <Select
        label={fields.officerId}
        {...(officers.size === 0 ? { description: hints.noSubject } : {})}
        required
        data={[...officers].map(([value, label]) => ({ value, label }))}
        {...officer}
        onChange={(value) => {
          officer.onChange(value ?? '');
          // What was ticked may not be against this one.
          form.setFieldValue('allegationIds', []);
        }}
      />
      {against.length > 0 && (
        <Checkbox.Group label={fields.allegationIds} required {...form.getInputProps('allegationIds')}>
          <Stack gap={6} mt={4}>
            {against.map((one) => (
              <Checkbox
                key={one.id}
                value={one.id}
                label={words.allegation(one.no, category[one.category])}
              />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
      <Select label={fields.track} required data={options(codes.track)} {...form.getInputProps('track')} />
      <Select
        label={fields.kind}
        required
        data={options(codes.sanctionKind)}
        {...form.getInputProps('kind')}
      />
      <Tags label={fields.basis} description={hints.basis} required {...form.getInputProps('basis')} />
    </DeedForm>
  );
}

/** What may be done to one sanction now, as buttons in its row. */
export function SanctionButtons({ sanction, ...props }: Props & { sanction: Sanction }): JSX.Element {
  const { records } = useDeedWords();
  const [open, setOpen] = useState<Sanction['allowed'][number]>();
  const Form = open === 'decide' ? DecideSanction : ServeSanction;
  return (
    <>
      {sanction.allowed.map((deed) => (
        <Button key={deed} size="compact-xs" variant="default" data-print="no" onClick={() => setOpen(deed)}>
          {records[deed]}
        </Button>
      ))}
      {open && <Form {...props} sanction={sanction} onClose={() => setOpen(undefined)} />}
    </>
  );
}

type OneProps = FormProps & { readonly sanction: Sanction };

const onSanction = ({ id, version }: Sanction) => ({ params: { path: { id }, header: ifMatch(version) } });

const isAllowed =
  (deed: Sanction['allowed'][number], { id }: Sanction) =>
  ({ sanctions }: CaseFile): boolean =>
    sanctions.some((one) => one.id === id && one.allowed.includes(deed));

function DecideSanction({ sanction, ...props }: OneProps): JSX.Element {
  const { fields, records, sanctionOutcome } = useDeedWords();
  const form = useDraft<Schemas['DecideSanctionDto']>(
    { outcome: '', meeting: noMeeting },
    { outcome: 'required', ...meetingRules },
  );
  return (
    <DeedForm
      {...props}
      title={records.decide}
      final
      wide
      form={form}
      stillAllowed={isAllowed('decide', sanction)}
      send={(body) => api.POST('/api/v1/sanctions/{id}/decide', { ...onSanction(sanction), body })}
    >
      <Select
        label={fields.outcome}
        required
        data={options(sanctionOutcome)}
        {...form.getInputProps('outcome')}
      />
      <MeetingFields inputProps={(path) => form.getInputProps(path)} />
    </DeedForm>
  );
}

function ServeSanction({ sanction, ...props }: OneProps): JSX.Element {
  const { fields, records } = useDeedWords();
  const form = useDraft<Schemas['ServeSanctionDto']>({ servedOn: '' }, { servedOn: 'notLater' });
  return (
    <DeedForm
      {...props}
      title={records.serve}
      form={form}
      stillAllowed={isAllowed('serve', sanction)}
      send={(body) => api.POST('/api/v1/sanctions/{id}/serve', { ...onSanction(sanction), body })}
    >
      <DayInput label={fields.servedOn} required {...form.getInputProps('servedOn')} />
    </DeedForm>
  );
}
