import type { JSX } from 'react';
import { useMe } from '../../app/me.ts';
import { Lines } from '../../ui/tables.tsx';
import { Time } from '../../ui/values.tsx';
import { useWords } from './words.ts';

/** When the session on this screen began and when it ends. */
export function ThisSession(): JSX.Element {
  const words = useWords();
  const { session } = useMe();
  return (
    <Lines
      lines={[
        [words.begun, <Time key="begun" at={session.createdAt} />],
        [words.lastSeen, <Time key="seen" at={session.lastSeenAt} />],
        [words.idleEnds, <Time key="idle" at={session.idleEndsAt} />],
        [words.ends, <Time key="ends" at={session.expiresAt} />],
        [words.provedAt, session.steppedUpAt && <Time key="proved" at={session.steppedUpAt} />],
      ]}
    />
  );
}
