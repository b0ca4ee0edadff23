import { Button, Input, PinInput, SegmentedControl, Stack } from '@mantine/core';
import { startAuthentication, type PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser';
import { useState, type JSX } from 'react';
import { ProblemError } from '../api/problem.ts';
import { useCommonWords } from '../i18n/common.ts';

export type FactorProof =
  { kind: 'TOTP'; code: string } | { kind: 'WEBAUTHN'; assertion: Record<string, never>; ticket?: string };

interface FactorProps {
  readonly kinds: readonly ('TOTP' | 'WEBAUTHN')[];
  readonly busy: boolean;
  readonly onProof: (proof: FactorProof) => void;
  readonly onError: (error: ProblemError | null) => void;
  /** What the authenticator is to sign. */
  readonly challenge: () => Promise<{ options?: object; ticket?: string }>;
}

/** A code of an app, or a security key: whichever the account has, the stronger first. */
export default function FactorForm({ kinds, busy, onProof, onError, challenge }: FactorProps): JSX.Element {
  const words = useCommonWords();
  const [kind, setKind] = useState<'TOTP' | 'WEBAUTHN'>(kinds.includes('WEBAUTHN') ? 'WEBAUTHN' : 'TOTP');
  const [code, setCode] = useState('');
  const askKey = async (): Promise<void> => {
    onError(null);
    try {
      const { options, ticket } = await challenge();
      const assertion = await startAuthentication({
        optionsJSON: options as PublicKeyCredentialRequestOptionsJSON,
      });
      onProof({
        kind: 'WEBAUTHN',
        assertion: assertion as unknown as Record<string, never>,
        ...(ticket === undefined ? {} : { ticket }),
      });
    } catch (error) {
      onError(
        error instanceof ProblemError
          ? error
          : new ProblemError({
              type: '/problems/security-key',
              title: '',
              status: 400,
              detail: words.keyFailed,
              instance: '',
            }),
      );
    }
  };
  return (
    <Stack gap="md">
      {kinds.length > 1 && (
        <SegmentedControl
          aria-label={words.proveBy}
          value={kind}
          onChange={(value) => setKind(value)}
          data={[
            { value: 'WEBAUTHN', label: words.securityKey },
            { value: 'TOTP', label: words.app },
          ]}
        />
      )}
      {kind === 'WEBAUTHN' ? (
        <Button loading={busy} onClick={() => void askKey()}>
          {words.useKey}
        </Button>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            onProof({ kind: 'TOTP', code });
          }}
        >
          <Stack gap="md">
            <Input.Wrapper label={words.code} description={words.codeHint}>
              <PinInput
                mt={4}
                length={6}
                type="number"
                oneTimeCode
                aria-label={words.code}
                value={code}
                onChange={setCode}
              />
            </Input.Wrapper>
            <Button type="submit" loading={busy} disabled={code.length !== 6}>
              {words.confirm}
            </Button>
          </Stack>
        </form>
      )}
    </Stack>
  );
}
