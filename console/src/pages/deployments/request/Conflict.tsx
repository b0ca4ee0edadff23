import { Alert, Button, List, Text } from '@mantine/core';
import type { JSX } from 'react';
import type { RequestValues } from '../fields/values.ts';
import { labelOf, useFieldWords } from '../fields/words.ts';
import { flat } from './checks.ts';
import { useRequestWords } from './words.ts';

/** What is stored where it differs from what was typed, after somebody else changed the same draft. */
export function Conflict({
  stored,
  typed,
  onTake,
}: {
  stored: RequestValues;
  typed: RequestValues;
  onTake: () => void;
}): JSX.Element | null {
  const words = useRequestWords();
  const fieldWords = useFieldWords();
  const mine = flat(typed);
  const differing = Object.entries(flat(stored)).filter(([path, value]) => mine[path] !== value);
  if (differing.length === 0) return null;
  return (
    <Alert title={words.theirs} variant="light">
      <Text size="sm">{words.theirsHint}</Text>
      <List size="sm" my="xs">
        {differing.map(([path, value]) => (
          <List.Item key={path}>
            {labelOf(fieldWords, path)} – {words.stored}: “{value}”
          </List.Item>
        ))}
      </List>
      <Button size="xs" variant="default" onClick={onTake}>
        {words.takeTheirs}
      </Button>
    </Alert>
  );
}
