import type { JSX } from 'react';
import { Loaded, StateBadge } from '../../../ui/states.tsx';
import { useWords } from '../words.ts';
import { useHealth } from './health.ts';

/** In one line whether everything works. */
export function HealthSummary(): JSX.Element {
  const words = useWords();
  const query = useHealth();
  return (
    <Loaded query={query}>
      {({ ready }) => (
        <p>
          <StateBadge tone={ready ? 'active' : 'late'}>{ready ? words.ready : words.notReady}</StateBadge>
        </p>
      )}
    </Loaded>
  );
}
