import { Anchor, Text } from '@mantine/core';
import type { JSX, ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { answer, api } from '../../api/client.ts';
import { useRecord } from '../../api/hooks.ts';
import { useCodes } from '../../i18n/codes.ts';
import { Page, Section } from '../../ui/Page.tsx';
import { CaseState, HiddenField, Loaded, Value } from '../../ui/states.tsx';
import { Lines } from '../../ui/tables.tsx';
import { Day, Due, Time } from '../../ui/values.tsx';
import { Allegation } from './Allegation.tsx';
import type { CaseFile } from './case-file.ts';
import { Deeds } from './Deeds.tsx';
import { isHidden, Part } from './Part.tsx';
import { AssignButton, WithdrawButton } from './deeds/Investigators.tsx';
import { Sanctions } from './Sanctions.tsx';
import { Timeline } from './Timeline.tsx';
import { useWords } from './words.ts';

/** One case: where it stands, what is alleged, who works on it, and what may be done now. */
export default function CasePage(): JSX.Element {
  const words = useWords();
  const { id } = useParams() as { id: string };
  const query = useRecord(['cases', id], (signal) =>
    answer(api.GET('/api/v1/cases/{id}', { signal, params: { path: { id } } })),
  );
  const row = query.data;
  const reload = (): void => void query.refetch();
  return (
    <Page
      title={row?.reference ?? words.title}
      badge={row && <CaseState status={row.status} />}
      lead={row?.organ}
      actions={row && <Deeds row={row} onReload={reload} />}
    >
      <Loaded query={query}>
        {(loaded) => (
          <>
            <Facts row={loaded} />
            <Section title={words.allegations}>
              <Part row={loaded} name="allegations">
                {loaded.allegations.map((allegation) => (
                  <Allegation key={allegation.id} row={loaded} allegation={allegation} onReload={reload} />
                ))}
              </Part>
            </Section>
            <People row={loaded} onReload={reload} />
            <Sanctions row={loaded} onReload={reload} />
            <Timeline row={loaded} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

const textOf = (value: unknown): ReactNode =>
  value !== null && typeof value === 'object' ? <HiddenField /> : (value as string | null);

/** A line that most cases do not have, and that says nothing where it is not. */
const lineOf = (label: string, value: JSX.Element | false): (readonly [string, ReactNode])[] =>
  value === false ? [] : [[label, value]];

function Facts({ row }: { row: CaseFile }): JSX.Element {
  const words = useWords();
  const codes = useCodes();
  // Of an anonymous reporter there is neither a name nor a contact that could be hidden.
  const isKnown = row.reporterKind !== 'ANONYMOUS';
  return (
    <Section title={words.statement}>
      <Text size="sm" mb="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        <Value hidden={isHidden(row, 'statement')}>{row.statement}</Value>
      </Text>
      <Lines
        lines={[
          [words.channel, codes.channel[row.channel]],
          [words.received, <Time key="received" at={row.receivedAt} />],
          ...lineOf(words.filed, row.filedOn !== null && <Day key="filed" on={row.filedOn} />),
          row.decidedOn !== null
            ? [words.decided, <Day key="decided" on={row.decidedOn} />]
            : [words.decisionDue, row.decisionDueOn !== null && <Due key="due" on={row.decisionDueOn} />],
          [
            words.reporter,
            <span key="reporter">
              {codes.reporterKind[row.reporterKind]}
              {isKnown && ' · '}
              {isKnown && textOf(row.reporter.name)}
            </span>,
          ],
          ...(isKnown ? [[words.contact, textOf(row.reporter.contact)] as const] : []),
          [words.rulebook, row.rulebookVersion],
          ...lineOf(
            words.master,
            row.masterCaseId !== null && (
              <Anchor key="master" component={Link} size="sm" to={`/cases/${row.masterCaseId}`}>
                {words.openMaster}
              </Anchor>
            ),
          ),
        ]}
      />
    </Section>
  );
}

function People({ row, onReload }: { row: CaseFile; onReload: () => void }): JSX.Element {
  const words = useWords();
  const now = row.investigators.filter(({ withdrawnAt }) => withdrawnAt === null);
  return (
    <Section title={words.investigators}>
      <Part row={row} name="people">
        {now.length === 0 ? (
          <Text size="sm">{words.nobody}</Text>
        ) : (
          <ul>
            {now.map((one) => (
              <li key={one.id}>
                <Text span size="sm">
                  {one.name}
                  {one.isLead && ` (${words.lead_})`}, <Time at={one.assignedAt} />{' '}
                </Text>
                <WithdrawButton row={row} one={one} onReload={onReload} />
              </li>
            ))}
          </ul>
        )}
        <Withdrawn row={row} />
      </Part>
      <AssignButton row={row} onReload={onReload} />
    </Section>
  );
}

/** Who had the case before, from when until when: what they did in it stays theirs. */
function Withdrawn({ row }: { row: CaseFile }): JSX.Element | null {
  const words = useWords();
  const before = row.investigators.flatMap(({ withdrawnAt, ...one }) =>
    withdrawnAt === null ? [] : [{ ...one, withdrawnAt }],
  );
  if (before.length === 0) return null;
  return (
    <>
      <Text component="h3" size="sm" fw={600} mt="sm">
        {words.withdrawn}
      </Text>
      <ul>
        {before.map((one) => (
          <li key={one.id}>
            <Text span size="sm" style={{ overflowWrap: 'anywhere' }}>
              {one.name}
              {one.isLead && ` (${words.lead_})`}, <Time at={one.assignedAt} /> –{' '}
              <Time at={one.withdrawnAt} />
              {one.withdrawnReason !== null && `: ${one.withdrawnReason}`}
            </Text>
          </li>
        ))}
      </ul>
    </>
  );
}
