import { Alert, Anchor, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { useMay } from '../../app/ability.ts';
import type { Waiting } from '../../app/area.ts';
import { useMe } from '../../app/me.ts';
import { useOrganName } from '../../api/hooks.ts';
import { useCodes } from '../../i18n/codes.ts';
import { formatNumber } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/language.ts';
import { keyOfNotice, useNoticeWords } from '../../i18n/notices.ts';
import { Page, Section } from '../../ui/Page.tsx';
import { ProblemAlert } from '../../ui/ProblemAlert.tsx';
import { Empty, Loaded, StateBadge, type Tone } from '../../ui/states.tsx';
import { gather, type Gathered } from './gather.ts';
import classes from './HomePage.module.css';
import { useWords } from './words.ts';

const tones: Readonly<Record<Waiting['urgency'], Tone>> = {
  overdue: 'late',
  soon: 'waiting',
  waiting: 'new',
};

/** What waits for the person, by urgency. Each area says its own lines (`waiting` in its `area.ts`). */
export default function HomePage(): JSX.Element {
  const words = useWords();
  const language = useLanguage();
  const may = useMay();
  const me = useMe();
  const query = useQuery({
    queryKey: ['waiting', me.user.id, language],
    queryFn: () => gather(may, me, language),
  });
  return (
    <Page title={words.title}>
      <Stack gap="lg">
        <Notices />
        <Loaded query={query}>
          {(gathered) => <WhatWaits gathered={gathered} onRetry={() => void query.refetch()} />}
        </Loaded>
        <Section title={words.rolesIn}>
          <Roles />
        </Section>
      </Stack>
    </Page>
  );
}

/** The lines that came, under what is wrong with the others. */
function WhatWaits({ gathered, onRetry }: { gathered: Gathered; onRetry: () => void }): JSX.Element {
  const words = useWords();
  const { lines, missing } = gathered;
  const [first] = missing;
  return (
    <Stack gap="sm">
      {first !== undefined && (
        <>
          <ProblemAlert error={first.error} onRetry={onRetry} />
          <Text size="sm">{words.notCounted(missing.map(({ label }) => label))}</Text>
        </>
      )}
      {lines.length > 0 && <Lines lines={lines} />}
      {/* What is missing may hold something. */}
      {lines.length === 0 && first === undefined && <Empty title={words.nothing}>{words.nothingHint}</Empty>}
    </Stack>
  );
}

/** What was done to one's account; it is dealt with on the page of the account. */
function Notices(): JSX.Element[] {
  const words = useWords();
  const { notices } = useMe();
  const said = useNoticeWords();
  return notices.map((notice) => (
    <Alert key={keyOfNotice(notice)} color="seal" title={words.notices}>
      {said(notice)}{' '}
      <Anchor component={Link} size="sm" underline="always" to="/account">
        {words.toAccount}
      </Anchor>
    </Alert>
  ));
}

function Lines({ lines }: { lines: readonly Waiting[] }): JSX.Element {
  const words = useWords();
  return (
    <ul className={classes['list']} aria-label={words.waiting}>
      {lines.map(({ key, label, count, to, urgency }) => (
        <li key={key}>
          <Link to={to} className={classes['line']} data-urgency={urgency}>
            <span className={classes['count']}>{formatNumber(count)}</span>
            <span>{label}</span>
            <StateBadge tone={tones[urgency]}>{words.urgency[urgency]}</StateBadge>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Roles(): JSX.Element {
  const words = useWords();
  const { grants } = useMe();
  const { role: names } = useCodes();
  const organName = useOrganName();
  if (grants.length === 0) return <Text size="sm">{words.noRoles}</Text>;
  return (
    <ul className={classes['roles']}>
      {grants.map(({ role, organId }) => (
        <li key={`${role} ${organId}`}>
          <b>{names[role]}</b> · {organName(organId)}
        </li>
      ))}
    </ul>
  );
}
