import { TextInput } from '@mantine/core';
import { useEffect, useRef, useState, type JSX } from 'react';
import { useWords } from './words.ts';

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface Props {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (id: string | null) => void;
}

/** An id that somebody pastes; only a whole one filters, and goes into the address. */
export function FilterId({ label, value, onChange }: Props): JSX.Element {
  const words = useWords();
  const [typed, setTyped] = useState(value ?? '');
  const sent = useRef(value);
  // Only a value from elsewhere, such as a link's, replaces what is being typed.
  useEffect(() => {
    if (value !== sent.current) setTyped(value ?? '');
    sent.current = value;
  }, [value]);
  const text = typed.trim();
  return (
    <TextInput
      label={label}
      placeholder={words.idHint}
      value={typed}
      maxLength={60}
      error={text !== '' && !ID.test(text) ? words.idWrong : undefined}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        const next = currentTarget.value.trim();
        if (next !== '' && !ID.test(next)) return;
        sent.current = next || undefined;
        onChange(next || null);
      }}
      w={{ base: '100%', xs: 340 }}
    />
  );
}
