import { Text } from '@mantine/core';
import type { JSX } from 'react';
import { formatDay } from '../../i18n/format.ts';
import type { FilterValues } from '../../ui/filters.ts';
import { useFieldWords } from './fields/words.ts';
import { useWords } from './words.ts';

/** What the figures lead to, without a field of its own. */
export const counted = [
  'submittedFrom',
  'submittedTo',
  'requesterType',
  'npCode',
  'duty',
  'override',
  'refused',
  'late',
  'reported',
] as const;

/** Above a list that a number of the figures led to: which requests it is narrowed to. */
export function Narrowed({ values }: { values: FilterValues<(typeof counted)[number]> }): JSX.Element | null {
  const { narrowed: words } = useWords();
  const { codes, duty } = useFieldWords();
  const said = counted.flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [words[name](inWords(name, value))];
  });
  function inWords(name: (typeof counted)[number], value: string): string {
    if (name === 'submittedFrom' || name === 'submittedTo') return formatDay(value);
    if (name === 'requesterType')
      return (codes.requester as Readonly<Record<string, string>>)[value] ?? value;
    if (name !== 'duty') return value;
    const known = (codes.duty as Readonly<Record<string, string>>)[value];
    return known === undefined ? value : duty(value, known);
  }
  if (said.length === 0) return null;
  return (
    <Text size="sm" c="dimmed" mb="xs">
      {words.only(said)}
    </Text>
  );
}
