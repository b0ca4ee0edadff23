import { Button, Fieldset, Group, Stack, Text } from '@mantine/core';
import { useState, type JSX, type ReactNode } from 'react';
import { useField } from './form.tsx';
import type { Path } from './paths.ts';
import { useWords } from './words.ts';

interface Props {
  readonly path: Path;
  readonly label: string;
  readonly hint?: string;
  /** A new entry, as yet empty. */
  readonly fresh: object;
  readonly max: number;
  readonly addLabel?: string;
  /** The fields of the entry at this place. */
  readonly children: (path: Path) => ReactNode;
}

/** Several entries of a kind. One that is removed can be put back as long as the page stands. */
export function ListField({ path, label, hint, fresh, max, addLabel, children }: Props): JSX.Element {
  const words = useWords();
  const { value = [], set, error } = useField<readonly object[]>(path);
  const [removed, setRemoved] = useState<{ at: number; entry: object }>();
  return (
    <Fieldset legend={label} data-path={path}>
      <Stack gap="md">
        {hint && (
          <Text size="sm" c="dimmed">
            {hint}
          </Text>
        )}
        {value.map((_entry, i) => (
          // Entries have no identity of their own; they are told apart by where they stand.
          <Entry
            key={i}
            path={`${path}.${i}`}
            title={words.entry(label, i + 1)}
            onRemove={() => {
              setRemoved({ at: i, entry: value[i]! });
              set(value.filter((_one, at) => at !== i));
            }}
          >
            {children(`${path}.${i}`)}
          </Entry>
        ))}
        {error !== undefined && (
          <Text size="xs" c="var(--mantine-color-error)">
            {error}
          </Text>
        )}
        <Group gap="sm">
          <Button
            size="xs"
            variant="default"
            disabled={value.length >= max}
            onClick={() => set([...value, fresh])}
          >
            {addLabel ?? words.addEntry(label)}
          </Button>
          {removed && (
            <Group gap="xs" aria-live="polite">
              <Text size="sm">{words.entryRemoved}</Text>
              <Button
                size="compact-sm"
                variant="subtle"
                onClick={() => {
                  set([...value.slice(0, removed.at), removed.entry, ...value.slice(removed.at)]);
                  setRemoved(undefined);
                }}
              >
                {words.putBack}
              </Button>
            </Group>
          )}
        </Group>
      </Stack>
    </Fieldset>
  );
}

function Entry({
  path,
  title,
  onRemove,
  children,
}: {
  path: Path;
  title: string;
  onRemove: () => void;
  children: ReactNode;
}): JSX.Element {
  const words = useWords();
  const { error } = useField(path);
  return (
    <Fieldset legend={title} data-path={path}>
      <Stack gap="sm">
        {children}
        {error !== undefined && (
          <Text size="xs" c="var(--mantine-color-error)">
            {error}
          </Text>
        )}
        <div>
          <Button
            size="compact-sm"
            variant="subtle"
            color="seal"
            onClick={onRemove}
            aria-label={words.removeEntry(title)}
          >
            {words.remove}
          </Button>
        </div>
      </Stack>
    </Fieldset>
  );
}
