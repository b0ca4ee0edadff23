import { Anchor } from '@mantine/core';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { useWords } from './words.ts';

/** An account by the end of its id, with the way to all that it read. */
export function Account({ id, name }: { id: string; name?: string }): JSX.Element {
  const words = useWords();
  return (
    <Anchor component={Link} size="sm" to={`/audit/reads?by=person&userId=${id}`} title={id}>
      {name ?? words.shortId(id.slice(-8))}
    </Anchor>
  );
}
