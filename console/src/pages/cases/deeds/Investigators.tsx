import { Button, Checkbox, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import { answer, api, type components } from '../../../api/client.ts';
import type { CaseFile } from '../case-file.ts';
import { DeedForm, type FormProps } from './DeedForm.tsx';
import { useDraft } from './draft.ts';
import { useDeedWords } from './words.ts';

type Schemas = components['schemas'];
type Assigned = CaseFile['investigators'][number];
type Props = Omit<FormProps, 'onClose'>;

const mayAssign = ({ recordable }: CaseFile): boolean => recordable.includes('assign');

/** Gives the case to one more investigator. */
export function AssignButton(props: Props): JSX.Element | null {
  const { records } = useDeedWords();
  const [open, setOpen] = useState(false);
  if (!mayAssign(props.row) && !open) return null;
  return (
    <>
      <Button size="xs" variant="default" data-print="no" onClick={() => setOpen(true)}>
        {records.assign}
      </Button>
      {open && <Assign {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

function Assign(props: FormProps): JSX.Element {
  const { fields, hints, records } = useDeedWords();
  const { row } = props;
  const form = useDraft<Schemas['AssignInvestigatorDto']>(
    { userId: '', lead: false },
    { userId: 'required' },
  );
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed.trim(), 250);
  const { data, isSuccess } = useQuery({
    queryKey: ['cases', row.id, 'candidates', row.version, q],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/cases/{id}/investigators/candidates', {
          signal,
          params: { path: { id: row.id }, query: { limit: 50, ...(q === '' ? {} : { q }) } },
        }),
      ),
  });
  const candidates = data?.items ?? [];
  const chosen = form.getValues().userId;
  // Who is chosen stays in the list when the search goes on.
  const [name, setName] = useState('');
  const listed = candidates.map(({ userId, name }) => ({ value: userId, label: name }));
  const all =
    listed.some(({ value }) => value === chosen) || chosen === ''
      ? listed
      : [{ value: chosen, label: name }, ...listed];
  const input = form.getInputProps('userId') as { onChange: (value: string | null) => void };
  return (
    <DeedForm
      {...props}
      title={records.assign}
      withoutReason
      form={form}
      stillAllowed={mayAssign}
      send={(body) =>
        api.POST('/api/v1/cases/{id}/investigators', { params: { path: { id: row.id } }, body })
      }
    >
      <Select
        label={fields.userId}
        {...(isSuccess && q === '' && candidates.length === 0 ? { description: hints.noCandidate } : {})}
        required
        searchable
        data={all}
        onSearchChange={(text) => setTyped(text === name ? '' : text)}
        {...input}
        onChange={(value) => {
          setName(candidates.find(({ userId }) => userId === value)?.name ?? '');
          input.onChange(value ?? '');
        }}
      />
      <Checkbox
        label={fields.lead}
        description={hints.lead}
        {...form.getInputProps('lead', { type: 'checkbox' })}
      />
    </DeedForm>
  );
}

/** Takes the case from an investigator. */
export function WithdrawButton({ one, ...props }: Props & { one: Assigned }): JSX.Element | null {
  const { records } = useDeedWords();
  const [open, setOpen] = useState(false);
  if (!mayAssign(props.row) && !open) return null;
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        data-print="no"
        aria-label={records.withdrawOne(one.name)}
        onClick={() => setOpen(true)}
      >
        {records.withdraw}
      </Button>
      {open && <Withdraw {...props} one={one} onClose={() => setOpen(false)} />}
    </>
  );
}

function Withdraw({ one, ...props }: FormProps & { one: Assigned }): JSX.Element {
  const { records } = useDeedWords();
  const form = useDraft<Schemas['WithdrawInvestigatorDto']>({ userId: one.userId }, {});
  return (
    <DeedForm
      {...props}
      title={records.withdrawOne(one.name)}
      form={form}
      stillAllowed={mayAssign}
      send={(body) =>
        api.POST('/api/v1/cases/{id}/investigators/withdraw', {
          params: { path: { id: props.row.id } },
          body,
        })
      }
    />
  );
}
