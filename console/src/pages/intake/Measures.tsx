import { List, Text } from '@mantine/core';
import type { JSX } from 'react';
import type { Category } from '../../i18n/codes.ts';
import { measures } from './measures.ts';
import { useWords } from '../../ui/intake/words.ts';

/** What a category calls for at once, as items of a list. */
export function Measures({ category }: { category: Category }): JSX.Element {
  const words = useWords().measures;
  if (measures[category].length === 0) return <List.Item>{words.none}</List.Item>;
  return (
    <>
      {measures[category].map(({ code, within }) => (
        <List.Item key={code}>
          {words.what[code]}
          {within && (
            <Text span size="xs" fw={600}>
              {' '}
              · {words.within[within]}
            </Text>
          )}
        </List.Item>
      ))}
    </>
  );
}
