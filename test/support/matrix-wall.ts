import pg from 'pg';
import type { TestApp } from './app.js';
import { deploymentDeeds } from '../../src/access/shapes.js';
import type { Person } from './matrix-people.js';
import type { Asked } from './matrix-things.js';
import { handles, judge, sightOfCase, type Thing } from './oracle.js';

/** What stands behind the second wall, of all that the matrix asks about. */
export const wallTables = [
  ...['case', 'sanction', 'broken_glass', 'notice', 'read_log', 'access_alert', 'read_question'],
  ...[
    'deployment',
    'deployment_objection',
    'deployment_delegation',
    'deployment_notice',
    'export_run',
    'import_run',
  ],
];

/** Where a row that one sees may be changed by some and not by others. */
export const lentTables = ['case', 'deployment'];

/** What the database shows of a table to whoever holds this session, and what it lets them change and do. */
export class Wall {
  private constructor(private readonly client: pg.Client) {}

  static async of(t: TestApp): Promise<Wall> {
    const client = new pg.Client(t.database.appUrl);
    await client.connect();
    return new Wall(client);
  }

  async shows(person: Person, tables: readonly string[]): Promise<Map<string, Set<string>>> {
    return this.as(person, async () => {
      const shown = new Map<string, Set<string>>();
      for (const table of tables) {
        const { rows } = await this.client.query<{ id: string }>(`SELECT id FROM app."${table}"`);
        shown.set(table, new Set(rows.map(({ id }) => id)));
      }
      return shown;
    });
  }

  async lends(person: Person): Promise<Set<string>> {
    return this.as(person, async () => {
      const lent = new Set<string>();
      for (const table of lentTables) {
        const { rows } = await this.client.query<{ id: string }>(
          `UPDATE app."${table}" SET version = version RETURNING id`,
        );
        for (const { id } of rows) lent.add(id);
      }
      return lent;
    });
  }

  /** Which deeds on these requests for police it takes from somebody, as `<id> <deed>`: each is tried and undone. */
  async takes(person: Person, requests: readonly string[]): Promise<Set<string>> {
    const listed = (all: readonly string[]): string => `ARRAY[${all.map((one) => `'${one}'`).join(', ')}]`;
    return this.as(person, async () => {
      await this.client.query(`DO $do$ DECLARE one record; taken text := ''; BEGIN
        FOR one IN SELECT id, deed FROM unnest(${listed(requests)}::uuid[]) id, unnest(${listed(deploymentDeeds)}) deed LOOP
          BEGIN
            INSERT INTO app.deployment_deed (id, deployment_id, deed, from_status, to_status, round, done_by, done_at, reason, details)
              VALUES (gen_random_uuid(), one.id, one.deed, 'x', 'y', 1, '${person.id}', now(), 'r', '{}');
            RAISE SQLSTATE 'UNDOS';
          EXCEPTION
            WHEN insufficient_privilege THEN NULL;
            -- Or past the policies, and stopped by what guards against one's own decision besides.
            WHEN SQLSTATE 'UNDOS' OR integrity_constraint_violation THEN taken := taken || one.id || ' ' || one.deed || ',';
          END;
        END LOOP;
        PERFORM set_config('matrix.taken', taken, true);
      END $do$`);
      const { rows } = await this.client.query<{ taken: string }>(
        `SELECT current_setting('matrix.taken') AS taken`,
      );
      return new Set(rows[0]!.taken.split(',').filter(Boolean));
    });
  }

  end(): Promise<void> {
    return this.client.end();
  }

  private async as<T>(person: Person, work: () => Promise<T>): Promise<T> {
    const token = `'\\x${Buffer.from(person.token, 'utf8').toString('hex')}'::bytea`;
    await this.client.query(`BEGIN; SELECT app.begin_ctx(${token}, 'TEST')`);
    try {
      return await work();
    } finally {
      await this.client.query('ROLLBACK');
    }
  }
}

/** What the second wall lets somebody see: what hangs on a case with the case, whatever of it is shown. */
export function shownTo(person: Person, { thing }: Asked): boolean {
  const may = (action: string): boolean => judge(person, action, thing) === 'MAY';
  switch (thing.resource) {
    case 'Sanction':
      return may('read') || sightOfCase(person, 'LEGAL_REVIEWED') !== 'NOTHING';
    // What one ordered oneself is one's own; the files in it have their own guard.
    case 'Export':
    case 'Import':
      return thing.mine === true;
    // Whoever reviews the access to a case is shown all that was read of it, also by themselves.
    case 'Read':
      return (
        may('read') || judge(person, 'review-access', { resource: 'Case', state: 'REGISTERED' }) === 'MAY'
      );
    case 'AccessAlert':
    case 'ReadQuestion':
      return may('read') || may('answer');
    default:
      return may('read');
  }
}

/** Who sees a case by more than a broken glass is lent it to change; a request for police, who does something to it. */
export const changes = (person: Person, { thing }: Asked): boolean =>
  thing.resource === 'Deployment' ? handles(person, thing) : seesWithoutGlass(person, thing);

const seesWithoutGlass = (person: Person, thing: Thing): boolean =>
  sightOfCase({ ...person, ties: person.ties.filter((tie) => tie !== 'GLASS_OPEN') }, thing.state) !==
  'NOTHING';
