import { Alert, Button, FileButton, Group, Text } from '@mantine/core';
import { useState, type JSX } from 'react';
import { useMay } from '../../app/ability.ts';
import { options, useCodes, type Channel } from '../../i18n/codes.ts';
import { formatNumber } from '../../i18n/format.ts';
import { Loaded } from '../../ui/states.tsx';
import { MAX_STATEMENT } from '../../ui/intake/body.ts';
import { ChoiceField, MomentField, RadioField, TextField } from '../../ui/intake/fields.tsx';
import { useField, useForm } from '../../ui/intake/form.tsx';
import { OfficerField } from '../../ui/intake/OfficerField.tsx';
import { organOptions, useOrgans } from '../../ui/intake/organs.ts';
import { readText } from './text-file.ts';
import { useWords } from '../../ui/intake/words.ts';

/** How, when and where it arrived. */
export function ArrivalFields(): JSX.Element {
  const words = useWords().steps.arrival;
  const codes = useCodes();
  const organs = useOrgans();
  const mayAt = useMayRegisterAt();
  // An import comes in another way.
  const channels = options(codes.channel).filter(
    (option): option is { value: Channel; label: string } => option.value !== 'IMPORT',
  );
  return (
    <>
      <ChoiceField path="channel" label={words.channel} options={channels} required />
      <MomentField path="receivedAt" label={words.receivedAt} hint={words.receivedAtHint} required now />
      <Loaded query={organs}>
        {(all) => (
          <ChoiceField
            path="receivingOrganId"
            label={words.organ}
            hint={words.organHint}
            options={organOptions(all.filter(({ id }) => mayAt(id)))}
            required
          />
        )}
      </Loaded>
    </>
  );
}

/** Whether a case may be registered for that organ: by the rule's own condition, as far as it names organs. */
function useMayRegisterAt(): (organId: string) => boolean {
  const may = useMay();
  const organs = may
    .rulesFor('create', 'Case')
    .filter(({ inverted }) => !inverted)
    .map(({ conditions }) => (conditions as { organId?: string | { $in?: string[] } } | undefined)?.organId);
  return (id) =>
    organs.some((where) =>
      where === undefined ? true : typeof where === 'string' ? where === id : (where.$in ?? []).includes(id),
    );
}

/** The words as they came, typed or from a file of text. */
export function StatementFields(): JSX.Element {
  const words = useWords();
  const { statement } = words.steps;
  const { value = '', set } = useField<string>('statement');
  const [fault, setFault] = useState<string>();
  const take = async (file: File | null): Promise<void> => {
    if (!file) return;
    const read = await readText(file, words);
    if ('mistake' in read) return setFault(read.mistake);
    setFault(undefined);
    set(value.trim() === '' ? read.text : `${value}\n\n${read.text}`);
  };
  return (
    <>
      <TextField
        path="statement"
        label={statement.statement}
        hint={statement.statementHint}
        max={MAX_STATEMENT}
        rows={16}
        required
      />
      <Text size="xs" c="dimmed">
        {statement.length(formatNumber(value.length), formatNumber(MAX_STATEMENT))}
      </Text>
      <div>
        <Group gap="sm">
          <FileButton
            onChange={(file) => void take(file)}
            accept=".txt,text/plain"
            inputProps={{ 'aria-label': statement.fromFile }}
          >
            {(props) => (
              <Button {...props} variant="default" size="xs" aria-describedby="statement-file">
                {statement.fromFile}
              </Button>
            )}
          </FileButton>
          <Text size="xs" c="dimmed" id="statement-file">
            {statement.fromFileHint}
          </Text>
        </Group>
        {fault !== undefined && (
          <Alert color="seal" variant="light" role="alert" mt="xs">
            <Text size="sm">{fault}</Text>
          </Alert>
        )}
      </div>
    </>
  );
}

/** Who reported, and how far they are to be protected. */
export function ReporterFields(): JSX.Element {
  const words = useWords().steps.reporter;
  const codes = useCodes();
  const { draft } = useForm();
  const { kind } = draft.reporter;
  const kinds = options(codes.reporterKind).map((option) => ({ ...option, hint: words.kinds[option.value] }));
  return (
    <>
      <RadioField path="reporter.kind" label={words.kind} options={kinds} required />
      {kind !== null && kind !== 'ANONYMOUS' && (
        <>
          <TextField path="reporter.name" label={words.name} max={200} required />
          <TextField path="reporter.contact" label={words.contact} hint={words.contactHint} max={500} />
          <OfficerField path="reporter.officerId" label={words.officer} hint={words.officerHint} />
        </>
      )}
    </>
  );
}
