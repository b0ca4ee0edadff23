import { Mark } from '@mantine/core';
import type { JSX } from 'react';
import type { components } from '../../api/client.ts';

type Warning = components['schemas']['DutyTestWarningView'];

/** A text with the words that hit marked in their place, each with the code of its warning. */
export function Marked({
  text,
  field,
  warnings,
}: {
  text: string;
  /** As the warnings name it, such as `purpose` or `tasks[0].text`. */
  field: string;
  warnings: readonly Warning[];
}): JSX.Element {
  const hits = warnings
    .filter(({ where, start, end }) => where === field && start !== undefined && end !== undefined)
    .sort((a, b) => a.start! - b.start!);
  const pieces: JSX.Element[] = [];
  let at = 0;
  for (const { start, end, code } of hits) {
    // Two hits may overlap: what is marked already stays as it is.
    const from = Math.max(start!, at);
    if (end! <= from) continue;
    pieces.push(<span key={at}>{text.slice(at, from)}</span>);
    pieces.push(
      <Mark key={`${from} ${code}`} title={code}>
        {text.slice(from, end)} <small>{code}</small>
      </Mark>,
    );
    at = end!;
  }
  return (
    <span>
      {pieces}
      {text.slice(at)}
    </span>
  );
}
