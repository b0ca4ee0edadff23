import { randomBytes } from 'node:crypto';
import type { Role } from '../../src/access/roles.js';
import { newId } from '../../src/common/ids.js';
import type { Client, TestApp } from './app.js';
import { seedPeople } from './seeded-people.js';

/** Who plays: a role in the county of the cases, and the unit in which they serve themselves. */
const parts = {
  intake: ['INTAKE_OFFICER', null],
  supervisor: ['SUPERVISOR', null],
  'supervisor-of-s2': ['SUPERVISOR', 'station2'],
  investigator: ['INVESTIGATOR', null],
  'investigator-2': ['INVESTIGATOR', null],
  'investigator-of-s1': ['INVESTIGATOR', 'station'],
  legal: ['LEGAL_REVIEWER', null],
  'legal-of-s1': ['LEGAL_REVIEWER', 'station'],
  decider: ['DECISION_MAKER', null],
  head: ['AGENCY_HEAD', null],
  // Leads the county itself, and so everybody in its stations.
  'head-in-command': ['AGENCY_HEAD', 'county'],
  auditor: ['AUDITOR', null],
  custodian: ['IDENTITY_CUSTODIAN', null],
  administrator: ['ADMINISTRATOR', null],
  requester: ['DEPLOYMENT_REQUESTER', null],
  approver: ['DEPLOYMENT_APPROVER', null],
  'approver-of-s2': ['DEPLOYMENT_APPROVER', 'station2'],
  officer: ['OFFICER', null],
} as const satisfies Record<string, readonly [Role, 'station' | 'station2' | 'county' | null]>;

export type Part = keyof typeof parts;
export const cast = Object.keys(parts) as Part[];

export interface Player {
  readonly part: Part;
  readonly role: Role;
  readonly unit: 'station' | 'station2' | 'county' | null;
  readonly id: string;
  readonly officerId: string;
  readonly client: Client;
}

export interface Company {
  readonly players: Readonly<Record<Part, Player>>;
  /** Officers of no unit, each to be the subject of one case. */
  readonly subjects: string[];
}

const tables = ['user_account', 'user_grant', 'officer', 'appointment'];

/** Some companies of players, so that some sequences can run at a time and none meets another's. */
export async function companies(t: TestApp, count: number, subjectsEach: number): Promise<Company[]> {
  const people = Array.from({ length: count }, (_, n) =>
    cast.map((part) => {
      const [role, unit] = parts[part];
      return {
        ...{ part, role, unit, username: `s${n}.${part}`, id: newId(), officerId: newId() },
        ...{ organId: t.ids.organs.county, over: false, token: randomBytes(32).toString('base64url') },
      };
    }),
  );
  const subjects = people.map(() => Array.from({ length: subjectsEach }, newId));
  await t.sql('BEGIN');
  for (const table of tables) await t.sql(`ALTER TABLE app.${table} DISABLE TRIGGER USER`);
  await seedPeople(t, people.flat());
  await t.sql(`INSERT INTO app.officer (id, name) SELECT id, 'Subject' FROM unnest($1::uuid[]) id`, [
    subjects.flat(),
  ]);
  for (const { officerId, unit } of people.flat()) {
    if (!unit) continue;
    await t.sql(
      `INSERT INTO app.appointment (id, officer_id, organ_id, post, valid_from, leads)
       VALUES (gen_random_uuid(), $1, $2, 'post', '2024-01-01', $3)`,
      [officerId, t.ids.organs[unit], unit === 'county'],
    );
  }
  for (const table of tables) await t.sql(`ALTER TABLE app.${table} ENABLE TRIGGER USER`);
  await t.sql('COMMIT');
  await t.sql('ANALYZE');
  return people.map((some, n) => ({
    players: Object.fromEntries(
      some.map(({ part, role, unit, id, officerId, token }) => [
        part,
        { part, role, unit, id, officerId, client: t.withToken(token) },
      ]),
    ) as unknown as Company['players'],
    subjects: subjects[n]!,
  }));
}
