import { TextInput } from '@mantine/core';
import { useState, type JSX } from 'react';
import { useNavigate } from 'react-router';
import { api } from '../../../api/client.ts';
import { DeedDialog } from '../../../ui/DeedDialog.tsx';
import { useWords } from '../words.ts';
import { FirstPassword, type Issued } from './FirstPassword.tsx';

/** Makes an account, shows its one-time password and leads to the account, where its roles are granted. */
export function NewUser({ onClose }: { onClose: () => void }): JSX.Element {
  const words = useWords();
  const navigate = useNavigate();
  const [username, setUsername] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [issued, setIssued] = useState<Issued & { readonly id: string }>();
  if (issued) {
    return <FirstPassword issued={issued} onClose={() => void navigate(`/admin/users/${issued.id}`)} />;
  }
  return (
    <DeedDialog
      onClose={onClose}
      title={words.newUser}
      explain={words.newUserExplain}
      confirm={words.make}
      ready={username !== '' && displayName.trim() !== ''}
      keepOpen
      request={() => api.POST('/api/v1/users', { body: { username, displayName } })}
      invalidates={[['users']]}
      said={words.made}
      onDone={setIssued}
      shownFields={['username', 'displayName']}
    >
      {(fields) => (
        <>
          <TextInput
            label={words.username}
            description={words.usernameHint}
            required
            maxLength={64}
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            value={username}
            error={fields['username']}
            onChange={({ currentTarget }) => setUsername(currentTarget.value)}
            data-autofocus
          />
          <TextInput
            label={words.displayName}
            required
            maxLength={200}
            value={displayName}
            error={fields['displayName']}
            onChange={({ currentTarget }) => setDisplayName(currentTarget.value)}
          />
        </>
      )}
    </DeedDialog>
  );
}
