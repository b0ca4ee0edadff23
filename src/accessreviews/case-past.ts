import type { Shapes } from '../access/shapes.js';
import type { HistoryService } from '../audit/history.service.js';
import { applyChange, changesOf, happenedAt, rowsIn, type Tables } from '../audit/past-rows.js';
import { legalDay } from '../common/clock.js';
import type { CasePeople } from './conflict-grounds.js';

/** A case as the rules looked at it, from some time on. */
export interface PastCase {
  readonly since: Date;
  readonly row: Shapes['Case'];
  readonly people: CasePeople;
}

/**
 * What a case was in a span of time, rebuilt from its own stream of the trail: its state when the span began, and
 * after each change in it. Empty when it was not registered before the end. A reporter whose data were erased is not
 * known any more.
 */
export async function caseWithin(
  histories: HistoryService,
  caseId: string,
  from: Date,
  until: Date,
): Promise<PastCase[]> {
  const tables: Tables = new Map();
  const states: PastCase[] = [];
  for await (const entry of histories.all(caseId)) {
    const changes = changesOf(entry);
    const at = happenedAt(entry);
    if (changes.length === 0) continue;
    if (at >= until) break;
    for (const change of changes) applyChange(tables, change);
    const state = stateOf(tables, caseId, at < from ? from : at);
    if (!state) continue;
    if (at <= from) states.length = 0;
    states.push(state);
  }
  return states;
}

function stateOf(tables: Tables, caseId: string, since: Date): PastCase | undefined {
  const row = rowsIn(tables, 'case').get(caseId) as Shapes['Case'] | undefined;
  if (!row) return undefined;
  const { id, organId, status, registeredBy, reporterKind, investigatorIds } = row;
  const list = <T>(table: string): T[] => [...rowsIn(tables, table).values()] as T[];
  const acts = rowsIn(tables, 'allegation');
  const day = (instant: unknown): string | null =>
    typeof instant === 'string' ? legalDay(new Date(instant)) : null;
  return {
    since,
    row: { id, organId, status, registeredBy, reporterKind, investigatorIds },
    people: {
      accused: list<{ officerId: string | null; allegationId: string }>('allegation_subject').flatMap(
        ({ officerId, allegationId }) => {
          const act = acts.get(allegationId);
          return officerId === null
            ? []
            : [{ officerId, actFrom: day(act?.['occurredFrom']), actTo: day(act?.['occurredTo']) }];
        },
      ),
      witnesses: list<{ officerId: string }>('witness').map(({ officerId }) => officerId),
      reporter: list<{ officerId?: string | null }>('identity')[0]?.officerId ?? null,
      recused: list<{ userId: string; liftedAt: string | null }>('recusal')
        .filter(({ liftedAt }) => liftedAt === null)
        .map(({ userId }) => userId),
    },
  };
}
