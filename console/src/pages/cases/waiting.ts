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

/** The lines of the home page about cases: each is a filter of the list, so a count and its list cannot differ. */
export async function waiting(may: AppAbility, { user }: Me): Promise<Waiting[]> {
  const text = words().waiting;
  const lines: [key: keyof typeof text, urgency: Waiting['urgency'], query: Query][] = [
    ['overdue', 'overdue', { overdue: true }],
    ['mine', 'waiting', { assignedTo: user.id }],
  ];
  if (may.can('accept', 'Case')) lines.push(['triage', 'waiting', { status: 'REGISTERED' }]);
  if (may.can('serve-notice', 'Case')) lines.push(['review', 'waiting', { status: 'REPORTED' }]);
  return Promise.all(
    lines.map(async ([key, urgency, query]) => {
      const { total } = await answer(
        api.GET('/api/v1/cases', { params: { query: { ...query, limit: 1, count: true } } }),
      );
      const search = new URLSearchParams(
        Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
      );
      return { key: `cases.${key}`, label: text[key], count: total ?? 0, to: `/cases?${search}`, urgency };
    }),
  );
}
