import { Button, Textarea, TextInput } from '@mantine/core';
import type { JSX, ReactNode } from 'react';
import { useInputWords } from './input-words.ts';
import { strayCharacters, textMistake, withoutStrays } from './typed.ts';

interface Props {
  readonly label?: string;
  readonly value?: string;
  readonly onChange: (value: string) => void;
  /** What is missing, or what the server refused; a mistake in the text itself comes before it. */
  readonly error?: ReactNode;
  /** How many characters the interface takes. */
  readonly max: number;
  /** The least and the most rows; without them it has one line. */
  readonly rows?: readonly [least: number, most: number];
  // What a form gives besides belongs to the control.
  readonly [more: string]: unknown;
}

/** A text. What was pasted stays as it is until the person lets it be cleaned or shortens it. */
export function CheckedText({ value = '', onChange, error, max, rows, ...more }: Props): JSX.Element {
  const words = useInputWords();
  const mistake = textMistake(value, max, words);
  const props = {
    ...more,
    value,
    error: mistake ?? error,
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) => onChange(currentTarget.value),
    // By it the form is kept from being sent.
    'data-mistake': mistake === undefined ? undefined : true,
  };
  return (
    <div>
      {rows === undefined ? (
        <TextInput {...props} />
      ) : (
        <Textarea {...props} autosize minRows={rows[0]} maxRows={rows[1]} />
      )}
      {strayCharacters(value) > 0 && (
        <Button size="compact-sm" variant="default" mt={6} onClick={() => onChange(withoutStrays(value))}>
          {words.takeOut}
        </Button>
      )}
    </div>
  );
}
