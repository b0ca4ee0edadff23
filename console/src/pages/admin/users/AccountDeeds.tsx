import { Button, TextInput } from '@mantine/core';
import { useState, type JSX } from 'react';
import { api, ifMatch } from '../../../api/client.ts';
import { useMe } from '../../../app/me.ts';
import { DeedDialog } from '../../../ui/DeedDialog.tsx';
import { useWords } from '../words.ts';
import { FirstPassword, type Issued } from './FirstPassword.tsx';
import type { Account } from './account.ts';

interface Props {
  readonly user: Account;
  readonly onReload: () => void;
}
type Deed = 'edit' | 'status' | 'sessions' | 'password';

/** What can be done to an account, each with its reason. */
export function AccountDeeds({ user, onReload }: Props): JSX.Element {
  const words = useWords();
  const me = useMe();
  const [open, setOpen] = useState<Deed>();
  const close = (): void => setOpen(undefined);
  const own = me.user.id === user.id;
  const disabled = user.status === 'DISABLED';
  return (
    <>
      <Button variant="default" onClick={() => setOpen('edit')}>
        {words.editUser}
      </Button>
      <Button variant="default" onClick={() => setOpen('password')}>
        {words.resetPassword}
      </Button>
      {!disabled && (
        <Button variant="default" onClick={() => setOpen('sessions')}>
          {words.endSessions}
        </Button>
      )}
      {/* Nobody disables themselves. */}
      {!own && (
        <Button variant="default" {...(disabled ? {} : { color: 'seal' })} onClick={() => setOpen('status')}>
          {disabled ? words.enable : words.disable}
        </Button>
      )}
      {open === 'edit' && <Edit user={user} onClose={close} onReload={onReload} />}
      {open === 'status' && <Status user={user} onClose={close} onReload={onReload} />}
      {open === 'sessions' && <EndSessions user={user} onClose={close} />}
      {open === 'password' && <ResetPassword user={user} onClose={close} />}
    </>
  );
}

type FormProps = { readonly user: Account; readonly onClose: () => void };
const shown = [['user'], ['users']];

function Edit({ user, onClose, onReload }: FormProps & Props): JSX.Element {
  const words = useWords();
  const me = useMe();
  const [displayName, setDisplayName] = useState(user.displayName);
  const [officerId, setOfficerId] = useState(user.officerId ?? '');
  const [subject, setSubject] = useState(user.oidcSubject ?? '');
  const own = me.user.id === user.id;
  return (
    <DeedDialog
      onClose={onClose}
      title={words.editUser}
      explain={user.username}
      confirm={words.editUser}
      reason="required"
      request={(reason) =>
        api.PATCH('/api/v1/users/{id}', {
          params: { path: { id: user.id }, header: ifMatch(user.version) },
          body: {
            reason,
            ...(displayName === user.displayName ? {} : { displayName }),
            ...(officerId === (user.officerId ?? '') ? {} : { officerId: officerId || null }),
            ...(subject === (user.oidcSubject ?? '') ? {} : { oidcSubject: subject || null }),
          },
        })
      }
      invalidates={shown}
      said={words.changed}
      onReload={onReload}
      shownFields={['displayName', 'officerId', 'oidcSubject']}
    >
      {(fields) => (
        <>
          <TextInput
            label={words.displayName}
            required
            maxLength={200}
            value={displayName}
            error={fields['displayName']}
            onChange={({ currentTarget }) => setDisplayName(currentTarget.value)}
          />
          {/* Nobody says themselves who they are. */}
          {!own && (
            <>
              <TextInput
                label={words.officerId}
                description={words.officerIdHint}
                maxLength={36}
                value={officerId}
                error={fields['officerId']}
                onChange={({ currentTarget }) => setOfficerId(currentTarget.value.trim())}
              />
              <TextInput
                label={words.subject}
                description={words.subjectHint}
                maxLength={255}
                value={subject}
                error={fields['oidcSubject']}
                onChange={({ currentTarget }) => setSubject(currentTarget.value)}
              />
            </>
          )}
        </>
      )}
    </DeedDialog>
  );
}

function Status({ user, onClose, onReload }: FormProps & Props): JSX.Element {
  const words = useWords();
  const disabled = user.status === 'DISABLED';
  return (
    <DeedDialog
      onClose={onClose}
      title={disabled ? words.enable : words.disable}
      explain={disabled ? words.enableExplain : words.disableExplain}
      confirm={disabled ? words.enable : words.disable}
      final={!disabled}
      reason="required"
      request={(reason) =>
        api.PATCH('/api/v1/users/{id}', {
          params: { path: { id: user.id }, header: ifMatch(user.version) },
          body: { reason, status: disabled ? 'ACTIVE' : 'DISABLED' },
        })
      }
      invalidates={shown}
      said={words.changed}
      onReload={onReload}
    />
  );
}

function EndSessions({ user, onClose }: FormProps): JSX.Element {
  const words = useWords();
  return (
    <DeedDialog
      onClose={onClose}
      title={words.endSessions}
      explain={words.endSessionsExplain}
      confirm={words.endSessions}
      final
      reason="required"
      request={(reason) =>
        api.POST('/api/v1/users/{id}/end-sessions', { params: { path: { id: user.id } }, body: { reason } })
      }
      invalidates={[]}
      said={words.sessionsEnded}
    />
  );
}

function ResetPassword({ user, onClose }: FormProps): JSX.Element {
  const words = useWords();
  const [issued, setIssued] = useState<Issued>();
  if (issued) return <FirstPassword issued={issued} onClose={onClose} />;
  return (
    <DeedDialog
      onClose={onClose}
      title={words.resetPassword}
      explain={words.resetPasswordExplain}
      confirm={words.resetPassword}
      final
      reason="required"
      keepOpen
      request={(reason) =>
        api.POST('/api/v1/users/{id}/password', { params: { path: { id: user.id } }, body: { reason } })
      }
      invalidates={shown}
      said={words.passwordReset}
      onDone={setIssued}
    />
  );
}
