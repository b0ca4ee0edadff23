import { Alert, Anchor, List, Text } from '@mantine/core';
import { useEffect, useRef, type JSX } from 'react';
import { Link } from 'react-router';
import { AlertIcon } from '../icons.tsx';
import { focusField } from './form.tsx';
import type { Path } from './paths.ts';
import { useWords } from './words.ts';

export interface MistakeLine {
  readonly path: Path;
  readonly message: string;
  /** The page of its field, where that is another one. */
  readonly to?: string;
}

/** All that is wrong, on top, each a link to its field. Takes the focus each time somebody tried. */
export function Mistakes({
  lines,
  attempt,
}: {
  lines: readonly MistakeLine[];
  attempt: number;
}): JSX.Element | null {
  const words = useWords();
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => ref.current?.focus(), [attempt]);
  if (lines.length === 0) return null;
  return (
    <Alert
      ref={ref}
      tabIndex={-1}
      role="alert"
      color="seal"
      variant="light"
      icon={<AlertIcon />}
      title={words.mistakesTitle(lines.length)}
      mb="md"
    >
      <List size="sm" spacing="sm">
        {lines.map(({ path, message, to }) => (
          <List.Item key={path}>
            {to === undefined ? (
              <Anchor
                href={`#${path}`}
                size="sm"
                onClick={(event) => {
                  event.preventDefault();
                  focusField(path);
                }}
              >
                {message}
              </Anchor>
            ) : (
              <Anchor component={Link} to={to} state={{ from: 'check', focus: path }} size="sm">
                {message}
              </Anchor>
            )}
          </List.Item>
        ))}
      </List>
      <Text size="xs" mt="sm">
        {words.mistakesHint}
      </Text>
    </Alert>
  );
}
