import { Text } from '@mantine/core';
import { useState, type JSX } from 'react';
import { CheckedText } from '../../../ui/CheckedText.tsx';
import { ConfirmDeed } from '../../../ui/ConfirmDeed.tsx';
import { useWords } from './words.ts';

const LEAST = 3;

interface Props {
  /** What one is asked about, in words. */
  readonly about: string;
  readonly onClose: () => void;
  /** Loads the list anew after 412. */
  readonly onReload: () => void;
  readonly run: (answer: string) => Promise<unknown>;
}

/** Says why one looked. It is said once, so the dialog asks and keeps what was typed when it is refused. */
export function Answer({ about, onClose, onReload, run }: Props): JSX.Element {
  const words = useWords();
  const [text, setText] = useState('');
  const [short, setShort] = useState(false);
  return (
    <ConfirmDeed
      opened
      onClose={onClose}
      title={words.sayWhy}
      explain={
        <>
          <Text size="sm">{words.asked(about)}</Text>
          <Text size="sm" mt={4}>
            {words.noCase}
          </Text>
        </>
      }
      confirm={words.sayWhy}
      final
      refusals={words.refusals}
      shownFields={['answer']}
      onReload={onReload}
      check={() => {
        setShort(text.trim().length < LEAST);
        return text.trim().length >= LEAST;
      }}
      run={() => run(text.trim())}
    >
      {(errors) => (
        <CheckedText
          label={words.why}
          description={words.whyHint}
          required
          rows={[3, 12]}
          max={4000}
          value={text}
          error={short ? words.whyShort : errors['answer']}
          onChange={(answer) => {
            setText(answer);
            setShort(false);
          }}
          data-autofocus
        />
      )}
    </ConfirmDeed>
  );
}
