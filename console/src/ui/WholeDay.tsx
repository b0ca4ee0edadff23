import { TextInput, type TextInputProps } from '@mantine/core';
import { useState, type ChangeEvent, type JSX } from 'react';
import { useInputWords } from './input-words.ts';

type Props = Omit<TextInputProps, 'type' | 'onChange'> & {
  readonly type: 'date' | 'datetime-local';
  readonly onChange?: (event: ChangeEvent<HTMLInputElement>) => void;
};

/**
 * A day, or a day and a time. The browser gives a half-typed one as empty, as if nothing was given, so that it says
 * so itself: when it is left, and when its form is about to be sent.
 */
export function WholeDay({ error, onChange, onBlur, ...more }: Props): JSX.Element {
  const words = useInputWords();
  const [half, setHalf] = useState(false);
  return (
    <TextInput
      {...more}
      error={half ? words.half : error}
      onChange={(event) => {
        setHalf(event.currentTarget.validity.badInput);
        onChange?.(event);
      }}
      onBlur={(event) => {
        setHalf(event.currentTarget.validity.badInput);
        onBlur?.(event);
      }}
      onInvalid={({ currentTarget }) => setHalf(currentTarget.validity.badInput)}
    />
  );
}
