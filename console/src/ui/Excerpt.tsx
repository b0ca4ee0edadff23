import { Mark, Text } from '@mantine/core';
import type { JSX } from 'react';
import type { components } from '../api/client.ts';
import classes from './Excerpt.module.css';

/** A piece of a text with what was looked for marked in it: pieces of text, never markup. */
export function Excerpt({ text, marks }: components['schemas']['ExcerptView']): JSX.Element {
  const pieces: JSX.Element[] = [];
  let at = 0;
  for (const { start, end } of marks) {
    pieces.push(<span key={at}>{text.slice(at, start)}</span>);
    pieces.push(<Mark key={`${start} mark`}>{text.slice(start, end)}</Mark>);
    at = end;
  }
  return (
    <Text size="xs" className={classes['excerpt']}>
      {pieces}
      {text.slice(at)}
    </Text>
  );
}
