import { subject } from '@casl/ability';
import { Button, Group, Radio, Select, Stack } from '@mantine/core';
import { useState, type FormEvent, type JSX } from 'react';
import { api } from '../../api/client.ts';
import { useDownload } from '../../api/download.ts';
import { useDeed } from '../../api/hooks.ts';
import { useMay, type AppAbility } from '../../app/ability.ts';
import { CasePicker } from '../../ui/CasePicker.tsx';
import { CheckedText } from '../../ui/CheckedText.tsx';
import { ProblemAlert } from '../../ui/ProblemAlert.tsx';
import { firstMistake } from '../../ui/typed.ts';
import { ListFilters } from './ListFilters.tsx';
import { Preview } from './Preview.tsx';
import { requestOf, type Format, type Kind, type Wanted } from './wanted.ts';
import { useWords } from './words.ts';

const PURPOSE_LENGTH = 10;

const nothing: Omit<Wanted, 'kind' | 'format'> = {
  filter: {},
  from: undefined,
  to: undefined,
  caseId: undefined,
  purpose: '',
  recipient: '',
};
const formatsOf: Readonly<Record<Kind, readonly Format[]>> = {
  CASE_LIST: ['csv', 'json'],
  CASE_FILE: ['pdf', 'json', 'csv'],
  CASE_BUNDLE: ['zip'],
};

/** Some roles may export single cases only: the rule says so by the kind. */
const mayMake = (may: AppAbility, kind: Kind): boolean =>
  kind === 'CASE_FILE'
    ? may.can('export', 'Case')
    : may.can('create', subject('Export', { kind }) as unknown as string);

/** The same format holds other things of many cases than of one. */
const formatName = (kind: Kind, format: Format): 'csv' | 'json' | 'oneCsv' | 'oneJson' | 'pdf' =>
  format === 'pdf' || format === 'zip'
    ? 'pdf'
    : kind === 'CASE_LIST'
      ? format
      : format === 'csv'
        ? 'oneCsv'
        : 'oneJson';

/** What to export, for whom; with the refusals of the server beside the fields that they are about. */
export function Builder(): JSX.Element {
  const words = useWords();
  const may = useMay();
  const kinds = (Object.keys(formatsOf) as Kind[]).filter((kind) => mayMake(may, kind));
  const first = kinds[0] ?? 'CASE_FILE';
  const [wanted, setWanted] = useState<Wanted>({ ...nothing, kind: first, format: formatsOf[first][0]! });
  const [missing, setMissing] = useState(false);
  const set = (change: Partial<Wanted>): void => setWanted((now) => ({ ...now, ...change }));
  const request = useDeed({
    run: (value: Wanted) => api.POST('/api/v1/exports', { body: requestOf(value) }),
    invalidates: [['exports']],
    said: words.requested,
    onDone: () => set({ purpose: '', recipient: '' }),
  });
  const file = useDownload();
  const { kind, format, caseId, purpose, recipient } = wanted;
  const ofOne = kind !== 'CASE_LIST';
  const isWhole = purpose.trim().length >= PURPOSE_LENGTH && (!ofOne || caseId !== undefined);
  const refused = request.error?.fields ?? {};

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    setMissing(!isWhole);
    const mistake = firstMistake(event.currentTarget);
    mistake?.focus();
    if (!isWhole || mistake) return;
    if (kind !== 'CASE_FILE') return request.mutate(wanted);
    const query = new URLSearchParams({ format, purpose: purpose.trim() });
    file.mutate({ path: `/api/v1/cases/${caseId}/export?${query}`, name: `case.${format}` });
  };

  return (
    <form noValidate onSubmit={submit}>
      <Stack gap="md" maw={900}>
        <Radio.Group
          label={words.kind}
          value={kind}
          onChange={(chosen) => {
            request.reset();
            set({ kind: chosen, format: formatsOf[chosen][0]! });
          }}
        >
          <Stack gap="xs" mt={6}>
            {kinds.map((one) => (
              <Radio key={one} value={one} label={words.kinds[one]} description={words.kindHints[one]} />
            ))}
          </Stack>
        </Radio.Group>
        {ofOne ? (
          <CasePicker
            label={words.case}
            value={caseId}
            required
            onChange={(id) => set({ caseId: id ?? undefined })}
            error={missing && caseId === undefined ? words.caseMissing : refused['filter.caseId']}
          />
        ) : (
          <ListFilters wanted={wanted} onChange={set} refused={refused} />
        )}
        {formatsOf[kind].length > 1 && (
          <Select
            label={words.format}
            data={formatsOf[kind].map((value) => ({ value, label: words.formats[formatName(kind, value)] }))}
            value={format}
            allowDeselect={false}
            onChange={(chosen) => set({ format: chosen as Format })}
            w={{ base: '100%', xs: 420 }}
          />
        )}
        {!ofOne && <Preview wanted={wanted} />}
        <CheckedText
          label={words.purpose}
          description={words.purposeHint}
          required
          rows={[2, 6]}
          max={500}
          value={purpose}
          error={
            missing && purpose.trim().length < PURPOSE_LENGTH ? words.purposeMissing : refused['purpose']
          }
          onChange={(text) => set({ purpose: text })}
        />
        {kind === 'CASE_BUNDLE' && (
          <CheckedText
            label={words.recipient}
            description={words.recipientHint}
            value={recipient}
            max={200}
            error={refused['recipient']}
            onChange={(text) => set({ recipient: text })}
          />
        )}
        <ProblemAlert
          error={request.error ?? file.error}
          shownFields={['purpose', 'recipient', 'filter.caseId', 'filter.receivedFrom', 'filter.receivedTo']}
        />
        <Group>
          <Button type="submit" loading={request.isPending || file.isPending}>
            {kind === 'CASE_FILE' ? words.fetch : words.request}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
