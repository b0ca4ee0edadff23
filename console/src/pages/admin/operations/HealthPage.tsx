import type { JSX } from 'react';
import { formatNumber } from '../../../i18n/format.ts';
import { Page, Section } from '../../../ui/Page.tsx';
import { Loaded, StateBadge } from '../../../ui/states.tsx';
import { Lines } from '../../../ui/tables.tsx';
import { Time } from '../../../ui/values.tsx';
import { Subjects } from '../Subjects.tsx';
import { useWords } from '../words.ts';
import { useHealth } from './health.ts';
import { HealthSummary } from './HealthSummary.tsx';

/** What must work, each with its state, and the figures of the trail. */
export default function HealthPage(): JSX.Element {
  const words = useWords();
  const query = useHealth();
  return (
    <Page title={words.health} lead={words.healthHint}>
      <Subjects />
      <HealthSummary />
      <Loaded query={query}>
        {(health) => (
          <>
            <Section title={words.health}>
              <Lines
                lines={health.checks.map(({ name, up }) => [
                  words.checks[name as keyof typeof words.checks] ?? name,
                  <StateBadge key={name} tone={up ? 'active' : 'late'}>
                    {up ? words.up : words.down}
                  </StateBadge>,
                ])}
              />
            </Section>
            <Section title={words.figures}>
              <Lines
                lines={[
                  [words.running, <Time key="running" at={health.startedAt} />],
                  [words.logSize, formatNumber(health.logSize)],
                  [words.sealedAt, health.sealedAt && <Time key="sealed" at={health.sealedAt} />],
                  [words.waiting, formatNumber(health.waiting)],
                  [words.lag, words.seconds(formatNumber(health.sealLagSeconds))],
                  [words.openQuarantines, formatNumber(health.openQuarantines)],
                  [
                    words.witnessed,
                    health.witnessedSize === null ? words.noWitness : formatNumber(health.witnessedSize),
                  ],
                  [
                    words.verified,
                    health.lastVerifiedAt && (
                      <span key="verified">
                        <Time at={health.lastVerifiedAt} />{' '}
                        {health.lastVerificationHeld === true ? words.held : words.notHeld}
                      </span>
                    ),
                  ],
                ]}
              />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}
