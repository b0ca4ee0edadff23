import { Button, Loader, Stack, Text } from '@mantine/core';
import { useEffect, useState, type JSX, type ReactNode } from 'react';
import type { CaseStatus } from '../i18n/codes.ts';
import { useCodes } from '../i18n/codes.ts';
import { useCommonWords } from '../i18n/common.ts';
import { LockIcon } from './icons.tsx';
import { ProblemAlert } from './ProblemAlert.tsx';
import classes from './states.module.css';

/** While something is on its way; says so again when it takes long. */
export function Loading(): JSX.Element {
  const words = useCommonWords();
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), 4000);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Stack align="center" gap="xs" py="xl" role="status">
      <Loader size="sm" type="dots" />
      <Text size="sm" c="dimmed">
        {long ? words.stillLoading : words.loading}
      </Text>
    </Stack>
  );
}

/** Nothing is there: says why, and what can be done. */
export function Empty({
  title,
  children,
  action,
}: {
  title?: string;
  children?: ReactNode;
  action?: ReactNode;
}): JSX.Element {
  const words = useCommonWords();
  return (
    <div className={classes['state']}>
      <div className={classes['title']}>{title ?? words.nothingHere}</div>
      {children && <Text size="sm">{children}</Text>}
      {action && <div>{action}</div>}
    </div>
  );
}

interface Query<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly isPending: boolean;
  readonly refetch: () => unknown;
}

/** The one way to show what a query brings: loading, refusal with a retry, or the content. */
export function Loaded<T>({
  query,
  children,
}: {
  query: Query<T>;
  children: (data: T) => ReactNode;
}): ReactNode {
  const words = useCommonWords();
  if (query.data !== undefined) {
    return (
      <>
        {query.error != null && <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />}
        {children(query.data)}
      </>
    );
  }
  if (query.isPending) return <Loading />;
  return (
    <Stack gap="sm" align="flex-start">
      <ProblemAlert error={query.error} />
      <Button variant="default" onClick={() => void query.refetch()}>
        {words.retry}
      </Button>
    </Stack>
  );
}

export type Tone = 'new' | 'active' | 'waiting' | 'late' | 'done';

/** A state in words, with a shape and a colour; never by colour alone. */
export const StateBadge = ({ tone, children }: { tone: Tone; children: ReactNode }): JSX.Element => (
  <span className={classes['badge']} data-tone={tone}>
    {children}
  </span>
);

const caseTones: Readonly<Record<CaseStatus, Tone>> = {
  REGISTERED: 'new',
  TRIAGED_ACCEPTED: 'active',
  TRANSFERRED: 'waiting',
  NOT_ACCEPTED: 'done',
  MERGED: 'done',
  PRELIMINARY: 'active',
  CLOSED_NO_CASE: 'done',
  FILED: 'active',
  INVESTIGATING: 'active',
  SUSPENDED: 'waiting',
  REPORTED: 'waiting',
  NOTICE_SERVED: 'waiting',
  DEFENCE_HEARD: 'waiting',
  LEGAL_REVIEWED: 'waiting',
  DELIBERATED: 'waiting',
  DECIDED_SANCTION: 'active',
  DECIDED_EXEMPT: 'active',
  DECIDED_WITHDRAWN: 'active',
  DECIDED_REFER: 'active',
  SERVED: 'done',
  CLOSED: 'done',
  REOPENED: 'new',
};

export function CaseState({ status }: { status: CaseStatus }): JSX.Element {
  const { caseStatus } = useCodes();
  return <StateBadge tone={caseTones[status]}>{caseStatus[status]}</StateBadge>;
}

/** A value that the reader may not see: looks hidden, not empty. */
export function HiddenField({ why }: { why?: string }): JSX.Element {
  const words = useCommonWords();
  return (
    <span className={classes['hidden']} title={why ?? words.hiddenWhy}>
      <LockIcon size={13} />
      <span>{words.hidden}</span>
    </span>
  );
}

/** A value where one may be missing or hidden: `redacted` are the parts that the answer names as hidden. */
export function Value({ children, hidden = false }: { children?: ReactNode; hidden?: boolean }): ReactNode {
  const words = useCommonWords();
  if (hidden) return <HiddenField />;
  if (children === null || children === undefined || children === '') {
    return (
      <Text span size="sm" c="dimmed" fs="italic">
        {words.notGiven}
      </Text>
    );
  }
  return children;
}
