import { Alert, Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { say } from '../../api/say.ts';
import { useState, type FormEvent, type JSX } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { useMe } from '../../app/me.ts';
import { useCommonWords } from '../../i18n/common.ts';
import { useFocusBack } from '../../ui/focus.ts';
import { useSavedViews, withoutPersons } from './saved-views.ts';
import { useWords } from './words.ts';

/** The views of the list that one has saved: to open one, to save the present one, to delete the open one. */
export function SavedViews(): JSX.Element | null {
  const { views: words } = useWords();
  const { user } = useMe();
  const { views, isFull, save, remove } = useSavedViews(user.id);
  const { search } = useLocation();
  const navigate = useNavigate();
  const [naming, setNaming] = useState(false);
  const present = withoutPersons(search);
  const open = views.find((one) => one.search === present);
  if (views.length === 0 && present === '') return null;
  return (
    <Group gap="sm" align="flex-end" mb="sm" data-print="no">
      <Select
        label={words.label}
        placeholder={views.length === 0 ? words.none : ''}
        disabled={views.length === 0}
        data={views.map(({ name }) => name)}
        value={open?.name ?? null}
        onChange={(name) => {
          const chosen = views.find((one) => one.name === name);
          if (chosen) void navigate({ search: chosen.search });
        }}
        w={{ base: '100%', xs: 260 }}
      />
      {open ? (
        <Button
          variant="subtle"
          onClick={() => {
            remove(open.name);
            say({ message: words.removed });
          }}
        >
          {words.remove}
        </Button>
      ) : (
        present !== '' && (
          <Button variant="subtle" onClick={() => setNaming(true)}>
            {words.save}
          </Button>
        )
      )}
      {naming && (
        <NameDialog
          isFull={isFull}
          names={views.map(({ name }) => name)}
          onClose={() => setNaming(false)}
          onSave={(name) => {
            save(name, search);
            setNaming(false);
            say({ message: words.saved });
          }}
        />
      )}
    </Group>
  );
}

function NameDialog({
  isFull,
  names,
  onClose,
  onSave,
}: {
  isFull: boolean;
  names: readonly string[];
  onClose: () => void;
  onSave: (name: string) => void;
}): JSX.Element {
  const common = useCommonWords();
  useFocusBack();
  const { views: words } = useWords();
  const [name, setName] = useState('');
  const [missing, setMissing] = useState(false);
  const isTaken = names.includes(name.trim());
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() === '') setMissing(true);
    else if (!isFull || isTaken) onSave(name.trim());
  };
  return (
    <Modal opened onClose={onClose} title={words.save} closeButtonProps={{ 'aria-label': common.close }}>
      <form noValidate onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label={words.name}
            description={words.nameHint}
            required
            maxLength={60}
            value={name}
            error={missing ? words.nameMissing : undefined}
            onChange={({ currentTarget }) => {
              setName(currentTarget.value);
              setMissing(false);
            }}
            data-autofocus
          />
          {isTaken && <Text size="sm">{words.taken}</Text>}
          {isFull && !isTaken && <Alert color="seal">{words.full}</Alert>}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {common.cancel}
            </Button>
            <Button type="submit">{common.save}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
