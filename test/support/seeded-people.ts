import { hashOf } from '../../src/auth/sessions.service.js';
import type { TestApp } from './app.js';

export interface SeededPerson {
  readonly id: string;
  readonly officerId: string;
  readonly username: string;
  readonly role: string;
  readonly organId: string;
  /** The grant ended the day before yesterday. */
  readonly over: boolean;
  readonly token: string;
}

/** Hours for which their proof of who they are holds, and that they count as seen. */
const FRESH = 2;

/**
 * Accounts of officers with one role each, signed in by the strongest means, in four statements. To be called while the
 * triggers of these tables are off: nothing of it is in the trail.
 */
export async function seedPeople(t: TestApp, people: readonly SeededPerson[]): Promise<void> {
  const rows = people.map(({ token, ...person }) => ({ ...person, hash: hashOf(token).toString('hex') }));
  const each = `jsonb_to_recordset($1::jsonb)
    AS p (id uuid, "officerId" uuid, username text, role text, "organId" uuid, over boolean, hash text)`;
  const given = [JSON.stringify(rows)];
  await t.sql(`INSERT INTO app.officer (id, name) SELECT "officerId", username FROM ${each}`, given);
  await t.sql(
    `INSERT INTO app.user_account (id, username, display_name, password_hash, officer_id, status)
     SELECT id, username, username, 'x', "officerId", 'ACTIVE' FROM ${each}`,
    given,
  );
  await t.sql(
    `INSERT INTO app.user_grant (id, user_id, role, organ_id, valid_from, valid_to, granted_by, reason)
     SELECT gen_random_uuid(), id, role, "organId", current_date - 30, CASE WHEN over THEN current_date - 2 END, id, 'test'
     FROM ${each}`,
    given,
  );
  await t.sql(
    `INSERT INTO app.session
       (id, user_id, token_hash, created_at, last_seen_at, expires_at, stepped_up_at, stepped_up_with)
     SELECT gen_random_uuid(), id, decode(hash, 'hex'), now(), now() + interval '${FRESH} hours',
       now() + interval '9 hours', now() + interval '${FRESH} hours', 'WEBAUTHN' FROM ${each}`,
    given,
  );
}
