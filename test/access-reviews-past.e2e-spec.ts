import fc from 'fast-check';
import { WorkerDatabase } from '../src/database/worker-database.js';
import { reconcile } from '../src/audit/reconcile.js';
import { HistoryService } from '../src/audit/history.service.js';
import { conflictsIn } from '../src/access/conflicts.js';
import type { Client, TestApp } from './support/app.js';
import { startTestApp } from './support/app.js';
import { anIntake, today, type CaseUnderTest } from './support/builders.js';
import { asByKey, breaking } from './support/glass.js';
import { signedIn } from './support/sessions.js';

interface Reader {
  userId: string;
  from: string;
  until: string | null;
  grounds?: string[];
  through: { relation: string; brokenGlassId: string | null }[];
  fields: string[];
}

/** What was so at one instant: who got the case, and who would have but for these conflicts. */
interface Seen {
  at: Date;
  day: string;
  caseId: string;
  readers: string[];
  conflicts: Record<string, string[]>;
}

describe('who could read a case on a day', () => {
  let t: TestApp;
  let admin: Client;
  /** Those whose access changes, with the officer that each is in the beginning. */
  const actors = ['supervisor', 'supervisor-2', 'investigator', 'investigator-2', 'agency-head'];
  const changing = [...actors, 'intake-officer', 'legal-reviewer', 'decision-maker', 'identity-custodian'];
  const watched = [...changing, 'petition-officer'];
  const seen: Seen[] = [];
  let badge = 0;

  beforeAll(async () => {
    t = await startTestApp();
  });
  afterAll(() => t.stop());

  const quietly = async (client: Promise<Client> | Client, ...args: Parameters<Client['post']>) => {
    const { status, body } = await (await client).post(...args);
    if (status >= 500) throw new Error(`${args[0]}: ${status}`);
    return body;
  };
  const client = (name: string): Promise<Client> => signedIn(t, t.ids.users[name]!);
  /** Undefined for an account that is disabled. */
  const maybe = (name: string): Promise<Client | undefined> => client(name).catch(() => undefined);

  async function note(c: CaseUnderTest): Promise<void> {
    const readers: string[] = [];
    const conflicts: Record<string, string[]> = {};
    for (const name of watched) {
      const userId = t.ids.users[name]!;
      const person = await maybe(name);
      if (!person) continue;
      const { status } = await person.get(`/cases/${c.id}`);
      expect([200, 404]).toContain(status);
      if (status === 200) readers.push(userId);
      conflicts[userId] = await conflictsIn(t.get(WorkerDatabase), userId, c.id, today(t));
    }
    seen.push({ at: t.clock.now(), day: today(t), caseId: c.id, readers: readers.sort(), conflicts });
    // The next change is later than this, whatever the clock's grain.
    t.clock.advance({ seconds: 1 });
  }

  const pick = <T>(from: readonly T[], n: number): T => from[n % from.length]!;
  type Step = (n: number, c: CaseUnderTest) => Promise<unknown>;
  const version = async (path: string): Promise<Record<string, string>> => {
    const { headers } = await admin.get(path).expect(200);
    return { 'if-match': headers['etag'] as string };
  };
  const match = async (c: CaseUnderTest): Promise<Record<string, string>> => {
    const [row] = await t.sql<{ version: number }>('SELECT version FROM app."case" WHERE id = $1', [c.id]);
    return { 'if-match': `"${row!.version}"` };
  };
  const latestGlass = async () => {
    const [row] = await t.sql<{ id: string; username: string; version: number }>(
      `SELECT g.id, u.username, g.version FROM app.broken_glass g JOIN app.user_account u ON u.id = g.user_id
       ORDER BY g.broken_at DESC LIMIT 1`,
    );
    return row && { ...row, match: { 'if-match': `"${row.version}"` } };
  };
  const reason = 'as it came';
  const organ = (n: number): string => pick(Object.values(t.ids.organs), n);

  const steps: Record<string, Step> = {
    accept: async (n, c) =>
      quietly(
        maybeOr(pick(['supervisor', 'supervisor-2'], n)),
        `/cases/${c.id}/accept`,
        { reason },
        await match(c),
      ),
    assign: async (n, c) =>
      quietly(maybeOr('supervisor-2'), `/cases/${c.id}/investigators`, {
        userId: t.ids.users[pick(['investigator', 'investigator-2'], n)],
      }),
    withdraw: async (n, c) =>
      quietly(maybeOr('supervisor'), `/cases/${c.id}/investigators/withdraw`, {
        userId: t.ids.users[pick(['investigator', 'investigator-2'], n)],
        reason,
      }),
    preliminary: async (_n, c) =>
      quietly(maybeOr('supervisor'), `/cases/${c.id}/start-preliminary`, { reason }, await match(c)),
    recuse: (n, c) =>
      quietly(maybeOr(pick(actors, n)), `/cases/${c.id}/recusals`, { ground: 'INTEREST', reason }),
    lift: async (_n, c) => {
      const [row] = await t.sql<{ id: string }>(
        'SELECT id FROM app.recusal WHERE case_id = $1 AND lifted_at IS NULL',
        [c.id],
      );
      if (row) await quietly(maybeOr('agency-head'), `/recusals/${row.id}/lift`, { reason });
    },
    witness: (n, c) =>
      quietly(maybeOr('supervisor'), `/cases/${c.id}/witnesses`, {
        officerId: pick(t.ids.officers, n),
        reason,
      }),
    appoint: (n) =>
      quietly(admin, `/officers/${pick(t.ids.officers, n)}/appointments`, {
        organId: organ(n >> 3),
        post: `Post ${++badge}`,
        leads: n % 3 === 0,
        validFrom: pick(['2020-01-01', '2026-02-27', '2026-03-01', today(t)], n >> 5),
        validTo: pick([null, '2026-02-27', '2030-01-01'], n >> 7),
      }),
    endAppointment: async (n) => {
      const rows = await t.sql<{ id: string; officer_id: string; version: number }>(
        `SELECT a.id, a.officer_id, o.version FROM app.appointment a JOIN app.officer o ON o.id = a.officer_id ORDER BY a.id`,
      );
      const row = pick(rows, n);
      await quietly(
        admin,
        `/officers/${row.officer_id}/appointments/${row.id}/end`,
        { validTo: pick(['2026-02-26', '2026-06-30', '2026-11-01'], n >> 4), reason },
        { 'if-match': `"${row.version}"` },
      );
    },
    grant: (n) =>
      quietly(admin, `/users/${t.ids.users[pick(changing, n)]}/grants`, {
        role: pick(['SUPERVISOR', 'AGENCY_HEAD', 'INVESTIGATOR', 'LEGAL_REVIEWER', 'INTAKE_OFFICER'], n >> 3),
        organId: organ(n >> 5),
        validTo: pick([null, today(t), '2027-06-30'], n >> 7),
        reason,
      }),
    revoke: async (n) => {
      const rows = await t.sql<{ id: string; user_id: string }>(
        `SELECT id, user_id FROM app.user_grant WHERE revoked_at IS NULL AND user_id = ANY ($1) ORDER BY id`,
        [changing.map((name) => t.ids.users[name])],
      );
      // All of them may be revoked by now.
      if (rows.length === 0) return;
      const row = pick(rows, n);
      await quietly(admin, `/users/${row.user_id}/grants/${row.id}/revoke`, { reason });
    },
    standing: async (n) => {
      const path = `/users/${t.ids.users[pick(changing, n)]}`;
      const body = pick<object>(
        [
          { status: 'DISABLED' },
          { status: 'ACTIVE' },
          { officerId: pick(t.ids.officers, n >> 3) },
          { officerId: null },
        ],
        n >> 5,
      );
      const { status } = await admin.patch(path, { ...body, reason }, await version(path));
      expect(status).toBeLessThan(500);
    },
    subjects: async (n, c) => {
      const [row] = await t.sql<{ version: number }>('SELECT version FROM app.allegation WHERE id = $1', [
        c.allegationIds[0],
      ]);
      const { status } = await (
        await maybeOr('supervisor')
      ).patch(
        `/allegations/${c.allegationIds[0]}`,
        {
          subjects: [{ officerId: pick(t.ids.officers, n), role: 'PRINCIPAL' }],
          ...(n % 2
            ? { occurredFrom: pick([null, '2026-02-27T23:30:00+08:00', '2026-06-01T00:10:00+08:00'], n >> 3) }
            : {}),
          reason,
        },
        { 'if-match': `"${row!.version}"` },
      );
      expect(status).toBeLessThan(500);
    },
    breakGlass: async (n, c) => {
      const name = pick(['investigator-2', 'legal-reviewer', 'investigator'], n);
      if (await maybe(name)) await quietly(asByKey(t, name), '/break-glass', breaking(c.reference));
    },
    approveGlass: async (n) => {
      const name = pick(['supervisor-2', 'agency-head'], n);
      const glass = await latestGlass();
      if (glass && (await maybe(name)))
        await quietly(asByKey(t, name), `/break-glass/${glass.id}/approve`, { reason }, glass.match);
    },
    endGlass: async () => {
      const glass = await latestGlass();
      if (glass)
        await quietly(
          (await maybe(glass.username)) ?? client('deployment-approver'),
          `/break-glass/${glass.id}/end`,
          {},
          glass.match,
        );
    },
    reviewGlass: async () => {
      const glass = await latestGlass();
      const verdict = { verdict: 'JUSTIFIED', reason };
      if (glass) await quietly(client('auditor'), `/break-glass/${glass.id}/review`, verdict, glass.match);
    },
    wait: (n) =>
      Promise.resolve(t.clock.advance(pick([{ days: 1 }, { hours: 5 }, { days: 40 }, { minutes: 20 }], n))),
  };
  /** Of an account that is disabled by now nobody is there: the request is somebody's who sees no case. */
  const maybeOr = async (name: string): Promise<Client> =>
    (await maybe(name)) ?? client('deployment-approver');

  it('is, at each instant of it, what a fresh request was answered then, for any history', async () => {
    const conflicted: [string, number][] = [
      ['accept', 0],
      ['assign', 0],
      ['preliminary', 0],
      // Open for a quarter of an hour, then for four with the approval of somebody, then ended, then over.
      ['breakGlass', 0],
      ['approveGlass', 0],
      ['wait', 3],
      ['subjects', 0],
      ['subjects', 0],
      ['endGlass', 0],
      ['wait', 3],
      ['reviewGlass', 0],
      ['breakGlass', 0],
      ['wait', 3],
      ['reviewGlass', 0],
      ['breakGlass', 0],
      ['recuse', actors.indexOf('supervisor')],
      ['wait', 0],
      ['wait', 1],
      ['wait', 2],
      ['recuse', actors.indexOf('agency-head')],
      ['wait', 0],
      ['wait', 1],
      ['wait', 2],
    ];
    const aStep = fc.tuple(fc.constantFrom(...Object.keys(steps), 'wait', 'wait'), fc.nat(100_000));
    await fc.assert(
      fc.asyncProperty(fc.array(aStep, { minLength: 12, maxLength: 25 }), async (history) => {
        await t.sql('DELETE FROM app.rate_limit');
        const { body } = await (
          await client('petition-officer')
        )
          .post(
            '/cases',
            anIntake(t, {
              receivingOrganId: pick([t.ids.organs.county, t.ids.organs.station], history.length),
              reporter: { kind: 'CONFIDENTIAL', name: 'A colleague', officerId: t.ids.officers[4] },
            }),
          )
          .expect(201);
        const c = { ...body, allegationIds: [body.allegations[0].id] };
        await note(c);
        for (const [n, [step, choice]] of history.entries()) {
          admin = await client('administrator');
          await steps[step]!(choice, c);
          t.clock.advance({ seconds: 1 });
          if (n % 4 === 3) await note(c);
        }
        await note(c);
      }),
      // The first history is fixed, so that some days go by and some readers are kept out whatever the others come to.
      { numRuns: 7, examples: [[conflicted]] },
    );
    expect(new Set(seen.map(({ day }) => day)).size).toBeGreaterThan(3);
    expect(seen.some(({ readers }) => readers.length > 2)).toBe(true);

    const auditor = await client('auditor');
    const compared = { readers: 0, keptOut: 0, throughGlass: 0 };
    const broken = await t.sql<{ id: string; case_id: string; user_id: string }>(
      'SELECT id, case_id, user_id FROM app.broken_glass',
    );
    const glass = new Map(broken.map(({ id, ...row }) => [id, row]));
    for (const { at, day, caseId, readers, conflicts } of seen) {
      const { body } = await auditor.get(`/access-reviews/cases/${caseId}/readers?on=${day}`).expect(200);
      const then = (list: Reader[]): Reader[] =>
        list
          .filter(({ userId }) => watched.some((name) => t.ids.users[name] === userId))
          .filter(({ from, until }) => new Date(from) <= at && (until === null || at < new Date(until)));
      const could = then(body.readers);
      expect(could.map(({ userId }) => userId).sort()).toEqual(readers);
      expect(could.every(({ through, fields }) => through.length > 0 && fields.length > 0)).toBe(true);
      const lines = could.flatMap(({ userId, through }) => through.map((line) => ({ userId, ...line })));
      for (const { userId, relation, brokenGlassId } of lines) {
        const broke = relation === 'BROKEN_GLASS' ? { case_id: caseId, user_id: userId } : undefined;
        expect(glass.get(brokenGlassId ?? '')).toEqual(broke);
        if (broke) compared.throughGlass++;
      }
      compared.readers += could.length;
      for (const { userId, grounds } of then(body.keptOut)) {
        // The auditor may not know who reported.
        expect({ userId, grounds }).toEqual({
          userId,
          grounds: conflicts[userId]!.filter((ground) => ground !== 'REPORTER'),
        });
        compared.keptOut++;
      }
    }
    expect(compared.readers).toBeGreaterThan(20);
    expect(compared.keptOut).toBeGreaterThan(0);
    expect(compared.throughGlass).toBeGreaterThan(2);
  }, 600_000);

  it('leaves tables that say what the trail says', async () => {
    const { differences } = await reconcile(t.get(WorkerDatabase), t.get(HistoryService));
    expect(differences).toEqual([]);
  });
});
