import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { readableFields } from '../access/authorize.js';
import { glassOver } from '../access/broken-glass.js';
import type { ConflictGround } from '../access/conflicts.js';
import { linesFor } from '../access/lines.js';
import type { Relation } from '../access/relations.js';
import type { Role } from '../access/roles.js';
import type { Protected } from '../access/shapes.js';
import { legalDay } from '../common/clock.js';
import type { PastCase } from './case-past.js';
import { groundsAgainst } from './conflict-grounds.js';
import { actorAt, type PastPeople, type PastPerson } from './people-past.js';

interface Through {
  readonly role: Role;
  readonly relation: Relation;
  readonly organIds: string[];
  /** The deed of whoever read by breaking the glass. */
  readonly brokenGlassId: string | null;
}

/** How somebody stood to a case at an instant, who could read it or would have but for a conflict. */
interface Standing {
  readonly officerId: string | null;
  readonly through: Through[];
  readonly fields: string[];
  /** Empty for who could read. */
  readonly grounds: ConflictGround[];
}

/** The same for as long as nothing changed in it. */
export interface Access extends Standing {
  readonly person: PastPerson;
  readonly from: Date;
  /** Null: to the end of what was asked about. */
  readonly until: Date | null;
}

/**
 * Who could read a case within a span of time, and who was kept away: the policy itself, asked about each account at
 * each instant at which the case, an account, a role or a post changed.
 */
export function accessWithin(
  cases: readonly PastCase[],
  { people, changes, organisationAt }: PastPeople,
  until: Date,
): Access[] {
  const [first] = cases;
  if (!first) return [];
  const instants = [...cases.map(({ since }) => since), ...changes]
    .filter((instant) => first.since <= instant && instant < until)
    .map((instant) => instant.getTime());
  const moments = [...new Set(instants)].sort((a, b) => a - b).map((time) => new Date(time));
  const open = new Map<string, { key: string; access: Access }>();
  const ended: Access[] = [];
  for (const moment of moments) {
    const then = cases.findLast(({ since }) => since <= moment)!;
    const organisation = organisationAt(moment);
    for (const person of people) {
      const standing = standingAt(person, then, organisation, moment);
      const key = JSON.stringify(standing);
      const before = open.get(person.userId);
      if (before?.key === key) continue;
      if (before) ended.push({ ...before.access, until: moment });
      open.delete(person.userId);
      if (standing)
        open.set(person.userId, { key, access: { ...standing, person, from: moment, until: null } });
    }
  }
  return [...ended, ...[...open.values()].map(({ access }) => access)].sort(byNameAndTime);
}

const byNameAndTime = (a: Access, b: Access): number =>
  a.person.username < b.person.username ? -1 : a.person.username > b.person.username ? 1 : +a.from - +b.from;

function standingAt(
  person: PastPerson,
  { row, people }: PastCase,
  organisation: Parameters<typeof groundsAgainst>[2],
  moment: Date,
): Standing | undefined {
  const actor = actorAt(person, moment);
  if (!actor) return undefined;
  const lines = linesFor(actor, 'read', 'Case', row);
  if (lines.length === 0) return undefined;
  const grounds = groundsAgainst(actor, people, organisation, legalDay(moment));
  const tagged: Protected<'Case'> = { ...row, __caslSubjectType__: 'Case' };
  const fields = [...readableFields(abilityFor(actor), tagged)];
  const told = new Map<string, Through>();
  for (const { role, relation } of lines) {
    const organIds = organsThrough(actor, role, relation, row.organId);
    const brokenGlassId = relation === 'BROKEN_GLASS' ? (glassOver(actor, [row.id])?.id ?? null) : null;
    told.set(`${role} ${relation}`, { role, relation, organIds, brokenGlassId });
  }
  return { officerId: actor.officerId, through: [...told.values()], fields, grounds };
}

/** The organs of the grants that count: where the case's organ matters, those that reach it. */
const organsThrough = (actor: Actor, role: Role, relation: Relation, organId: string): string[] => [
  ...new Set(
    actor.grants
      .filter((grant) => grant.role === role)
      .filter((grant) => relation !== 'OWN_ORGAN' || grant.organIds.includes(organId))
      .map((grant) => grant.organId),
  ),
];
