import { answer, api } from '../../api/client.ts';
import type { AppAbility } from '../../app/ability.ts';
import type { Me, Waiting } from '../../app/area.ts';
import type { CaseStatus } from '../../i18n/codes.ts';
import { words } from './words.ts';

interface Query {
  status?: CaseStatus;
  assignedTo?: string;
  overdue?: boolean;
}

interface Line {
  readonly key: string;
  readonly label: string;
  readonly query: Query;
  readonly urgency?: Waiting['urgency'];
}

/** Decided, and nobody is told yet. The list takes one state at a time, so each is a line of its own. */
const undelivered = ['DECIDED_SANCTION', 'DECIDED_EXEMPT', 'DECIDED_WITHDRAWN', 'DECIDED_REFER'] as const;

/** The lines of the home page about cases: each is a filter of the list, so a count and its list cannot differ. */
export function waiting(may: AppAbility, me: Me): Promise<Waiting[]> {
  return Promise.all(linesFor(may, me).map(counted));
}

function linesFor(may: AppAbility, { user }: Me): Line[] {
  const text = words().waiting;
  const lines: Line[] = [
    { key: 'overdue', label: text.overdue, query: { overdue: true }, urgency: 'overdue' },
    { key: 'mine', label: text.mine, query: { assignedTo: user.id } },
  ];
  const inState = (key: string, label: string, status: CaseStatus): void => {
    lines.push({ key, label, query: { status } });
  };
  if (may.can('accept', 'Case')) inState('triage', text.triage, 'REGISTERED');
  if (may.can('file', 'Case')) inState('file', text.file, 'PRELIMINARY');
  if (may.can('serve-notice', 'Case')) inState('review', text.review, 'REPORTED');
  if (may.can('decide', 'Case')) inState('decide', text.decide, 'LEGAL_REVIEWED');
  if (may.can('serve-decision', 'Case')) {
    for (const status of undelivered) inState(`serve.${status}`, text.serve[status], status);
  }
  return lines;
}

async function counted({ key, label, query, urgency = 'waiting' }: Line): Promise<Waiting> {
  const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  const line = { key: `cases.${key}`, label, to: `/cases?${search}`, urgency };
  try {
    const { total = 0 } = await answer(
      api.GET('/api/v1/cases', { params: { query: { ...query, limit: 1, count: true } } }),
    );
    return { ...line, count: total };
  } catch (error) {
    // The home page says so of this line and shows the others.
    const failed = { ...line, count: 0, error };
    return failed;
  }
}
