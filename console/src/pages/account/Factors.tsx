import { Button, Code, Group, Input, Modal, PinInput, Stack, Text, TextInput } from '@mantine/core';
import { startRegistration, type PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent, type JSX } from 'react';
import { encode } from 'uqr';
import { answer, api, type components } from '../../api/client.ts';
import { useDeed } from '../../api/hooks.ts';
import { asProblem, ProblemError } from '../../api/problem.ts';
import { useCodes } from '../../i18n/codes.ts';
import { useCommonWords } from '../../i18n/common.ts';
import { ConfirmDeed } from '../../ui/ConfirmDeed.tsx';
import { DataTable, type Column } from '../../ui/DataTable.tsx';
import { useFocusBack } from '../../ui/focus.ts';
import { ProblemAlert } from '../../ui/ProblemAlert.tsx';
import { Empty, Loaded } from '../../ui/states.tsx';
import { Time } from '../../ui/values.tsx';
import { useWords } from './words.ts';

type Row = components['schemas']['FactorView'];
type Kind = Row['kind'];

const factorsKey = [['factors']];

export function Factors(): JSX.Element {
  const words = useWords();
  const codes = useCodes();
  const [adding, setAdding] = useState<Kind>();
  const [removing, setRemoving] = useState<Row>();
  const query = useQuery({ queryKey: ['factors'], queryFn: () => answer(api.GET('/api/v1/auth/factors')) });
  const remove = useDeed({
    run: (id: string) => api.DELETE('/api/v1/auth/factors/{id}', { params: { path: { id } } }),
    invalidates: factorsKey,
    said: words.removed,
  });
  const columns: Column<Row>[] = [
    { key: 'name', header: words.name, cell: ({ name }) => name },
    { key: 'kind', header: words.kind, cell: ({ kind }) => codes.proof[kind] },
    { key: 'added', header: words.added, cell: ({ createdAt }) => <Time at={createdAt} /> },
    {
      key: 'remove',
      header: words.remove,
      cell: (row) => (
        <Button size="compact-xs" variant="default" onClick={() => setRemoving(row)}>
          {words.remove}
        </Button>
      ),
    },
  ];
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {words.factorsHint}
      </Text>
      <Loaded query={query}>
        {(factors) => (
          <DataTable
            caption={words.factors}
            columns={columns}
            rows={factors}
            rowKey={({ id }) => id}
            empty={<Empty title={words.noFactors} />}
          />
        )}
      </Loaded>
      <Group gap="xs">
        <Button variant="default" onClick={() => setAdding('WEBAUTHN')}>
          {words.addKey}
        </Button>
        <Button variant="default" onClick={() => setAdding('TOTP')}>
          {words.addApp}
        </Button>
      </Group>
      {adding && <AddFactor kind={adding} onClose={() => setAdding(undefined)} />}
      <ConfirmDeed
        opened={removing !== undefined}
        onClose={() => setRemoving(undefined)}
        title={words.remove}
        explain={words.removeExplain(removing?.name ?? '')}
        confirm={words.remove}
        final
        run={() => remove.mutateAsync(removing!.id)}
      />
    </Stack>
  );
}

/** Enrols a key at once, an app in two steps: its secret counts once a code of it was right. */
function AddFactor({ kind, onClose }: { kind: Kind; onClose: () => void }): JSX.Element {
  const words = useWords();
  const common = useCommonWords();
  useFocusBack();
  const [name, setName] = useState('');
  const [code, setCode] = useState('');
  const [begun, setBegun] = useState<components['schemas']['NewTotpView']>();
  const [error, setError] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const done = useDeed({
    run: (_: void) =>
      begun
        ? api.POST('/api/v1/auth/factors/totp/{id}/confirm', {
            params: { path: { id: begun.id } },
            body: { code },
          })
        : enrolKey(name),
    invalidates: factorsKey,
    said: words.factorAdded,
    onDone: onClose,
  });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      if (kind === 'TOTP' && !begun) {
        setBegun(await answer(api.POST('/api/v1/auth/factors/totp', { body: { name } })));
      } else await done.mutateAsync();
    } catch (thrown) {
      setError(asProblem(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={kind === 'TOTP' ? words.addApp : words.addKey}
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <form noValidate onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          {begun ? (
            <>
              <Text size="sm">{words.scan}</Text>
              <QrCode text={begun.uri} label={words.qr} />
              <Text size="sm">
                {words.secret}: <Code>{begun.secret}</Code>
              </Text>
              <Input.Wrapper label={common.code} error={error?.fields['code']}>
                <PinInput length={6} type="number" aria-label={common.code} value={code} onChange={setCode} />
              </Input.Wrapper>
            </>
          ) : (
            <TextInput
              label={words.name}
              description={words.nameHint}
              required
              maxLength={100}
              value={name}
              error={error?.fields['name']}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
              data-autofocus
            />
          )}
          <ProblemAlert error={error} shownFields={['name', 'code']} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {common.cancel}
            </Button>
            <Button type="submit" loading={busy}>
              {words.continue}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

async function enrolKey(name: string) {
  const { ticket, options } = await answer(api.POST('/api/v1/auth/factors/webauthn/options'));
  let attestation: unknown;
  try {
    attestation = await startRegistration({
      optionsJSON: options as unknown as PublicKeyCredentialCreationOptionsJSON,
    });
  } catch {
    throw new ProblemError({
      type: '/problems/security-key',
      title: '',
      status: 400,
      detail: 'The security key gave no answer. Try again.',
      instance: '',
    });
  }
  return api.POST('/api/v1/auth/factors/webauthn', {
    body: { ticket, name, attestation } as unknown as components['schemas']['EnrolAuthenticatorDto'],
  });
}

/** Drawn here as one path: no picture is loaded, and no text becomes markup. */
function QrCode({ text, label }: { text: string; label: string }): JSX.Element {
  const { data, size } = encode(text, { border: 2 });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} width={192} height={192}>
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
