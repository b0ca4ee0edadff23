import pg from 'pg';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { WorkerDatabase } from '../src/database/worker-database.js';
import { createApplication } from '../src/application.js';
import { HistoryService } from '../src/audit/history.service.js';
import { KeyRing, loadKeyFile, loadMasterKey } from '../src/audit/key-ring.js';
import { reconcile } from '../src/audit/reconcile.js';
import { readConfig } from '../src/config.js';
import { eventsOf, startTestApp, type TestApp } from './support/app.js';
import { aCaseIn, assign, deed, grantRole, type CaseUnderTest } from './support/builders.js';
import { textOfAllTables } from './support/dump.js';

const NAME = 'Confiding Reporter 钱告知';
const CONTACT = 'under the third bridge';
const REASON = 'The witness statements contradict each other, and only the reporter saw both.';
const request = { purpose: 'HEAR_REPORTER', reason: REASON };
const hidden = { $redacted: 'reporter' };

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t?.stop());

/** A case of a reporter in confidence, with two investigators. */
async function aConfidentialCase(overrides: object = {}): Promise<CaseUnderTest> {
  const c = await aCaseIn(t, 'TRIAGED_ACCEPTED', {
    reporter: { kind: 'CONFIDENTIAL', name: NAME, contact: CONTACT },
    ...overrides,
  });
  await assign(t, c, 'investigator', 'investigator-2');
  return c;
}

const post = async (who: string, path: string, body: object, status: number): Promise<any> =>
  (await (await t.as(who)).post(path, body).expect(status)).body;
const get = async (who: string, path: string, status = 200): Promise<any> =>
  (await (await t.as(who)).get(path).expect(status)).body;
const ask = (c: { id: string }, who = 'investigator', status = 201) =>
  post(who, `/cases/${c.id}/identity-requests`, request, status);
const decide = (id: string, what: string, body: object = {}, status = 200, who = 'identity-custodian') =>
  post(
    who,
    `/identity-requests/${id}/${what}`,
    { reason: 'the two versions must be told apart', ...body },
    status,
  );
const identity = (id: string, status = 200, who = 'investigator') =>
  get(who, `/identity-requests/${id}/identity`, status);
const requestsOf = async (c: { id: string }, who = 'investigator') =>
  (await get(who, `/identity-requests?caseId=${c.id}`)).items;

describe('the identity of a reporter in confidence', () => {
  let c: CaseUnderTest;
  beforeAll(async () => {
    c = await aConfidentialCase();
  });

  it.each(['investigator', 'supervisor', 'agency-head', 'auditor'])(
    'looks hidden, not empty, to the %s: in the file, the history and exports',
    async (who) => {
      const file = await get(who, `/cases/${c.id}`);
      expect(file.reporter).toEqual({
        kind: 'CONFIDENTIAL',
        name: hidden,
        contact: hidden,
        officerId: hidden,
      });
      const client = await t.as(who);
      const { text } = await client.get(`/cases/${c.id}/history?limit=200`).expect(200);
      expect(text).not.toContain(NAME);
      if (who === 'agency-head') return;
      const { text: exported } = await client.get(`/cases/${c.id}/export?format=json`).expect(200);
      expect(exported).not.toContain(NAME);
    },
  );

  it('is asked for by an investigator of the case, and by nobody else', async () => {
    for (const [who, status] of [
      ['supervisor', 403],
      ['auditor', 403],
      ['agency-head', 403],
      ['intake-officer', 403],
      ['identity-custodian', 404],
      ['administrator', 404],
      ['officer', 404],
    ] as const) {
      await ask(c, who, status);
    }
  });

  it.each([
    ['a reason of fewer than 40 characters', { reason: 'x'.repeat(39) }, '/reason'],
    ['blanks for a reason', { reason: ' '.repeat(60) }, '/reason'],
    ['no purpose', { purpose: undefined }, '/purpose'],
    ['another purpose', { purpose: 'CURIOSITY' }, '/purpose'],
  ])('is not asked for with %s', async (_what, over, pointer) => {
    const { errors } = await post(
      'investigator',
      `/cases/${c.id}/identity-requests`,
      { ...request, ...over },
      400,
    );
    expect(errors).toEqual(expect.arrayContaining([expect.objectContaining({ pointer })]));
  });

  it('is not asked for where the reporter is named openly', async () => {
    const open = await aConfidentialCase({ reporter: { kind: 'NAMED', name: 'Open Reporter' } });
    expect((await ask(open, 'investigator', 409)).type).toBe('/problems/identity-open');
  });

  it('is released by the custodian to the one who asked, who reads it under that release', async () => {
    const asked = await ask(c);
    expect(asked).toMatchObject({ status: 'REQUESTED', askedBy: t.ids.users['investigator'] });
    expect((await ask(c, 'investigator', 409)).type).toBe('/problems/already-asked');
    expect((await identity(asked.id, 409)).type).toBe('/problems/not-released');

    const seen = (await requestsOf(c, 'identity-custodian'))[0];
    expect(seen).toMatchObject({ id: asked.id, reason: REASON, case: { reference: c.reference } });
    expect(JSON.stringify(seen)).not.toContain('Night market');
    await get('identity-custodian', `/cases/${c.id}`, 404);

    const released = await decide(asked.id, 'release');
    expect(released.status).toBe('RELEASED');
    expect(Date.parse(released.expiresAt) - Date.parse(released.decidedAt)).toBe(72 * 3_600_000);

    expect(await identity(asked.id)).toEqual({
      requestId: asked.id,
      caseId: c.id,
      kind: 'CONFIDENTIAL',
      given: true,
      name: NAME,
      contact: CONTACT,
      officerId: null,
      expiresAt: released.expiresAt,
    });
    const last = (await eventsOf(t, c.id)).at(-1)!;
    expect(last).toMatchObject({ type: 'identity.read', target: { id: asked.id } });
    const [{ body }] = await t.sql(
      `SELECT convert_from(body, 'UTF8') AS body FROM audit.entry WHERE stream = $1 ORDER BY seq DESC LIMIT 1`,
      [c.id],
    );
    expect(JSON.parse(body).data).toEqual({ release: asked.id });
    // The file stays as it was, and so it is for everybody else.
    expect((await get('investigator', `/cases/${c.id}`)).reporter.name).toEqual(hidden);
    for (const who of ['investigator-2', 'supervisor', 'auditor', 'identity-custodian']) {
      await identity(asked.id, 404, who);
    }
  });

  it.each(['investigator', 'investigator-2', 'supervisor', 'auditor', 'intake-officer', 'administrator'])(
    'is not released, refused or withdrawn by the %s alone',
    async (who) => {
      const own = await aConfidentialCase();
      const { id } = await ask(own);
      const reason = { reason: 'I would like to know' };
      for (const what of ['release', 'refuse', 'withdraw']) {
        const { status } = await (await t.as(who)).post(`/identity-requests/${id}/${what}`, reason);
        expect([403, 404]).toContain(status);
      }
      expect((await requestsOf(own))[0].status).toBe('REQUESTED');
    },
  );

  it('stays refused when it is asked for again: both are seen', async () => {
    const own = await aConfidentialCase();
    const first = await ask(own);
    expect(await decide(first.id, 'refuse', { reason: 'ask the second witness first' })).toMatchObject({
      status: 'REFUSED',
    });
    await identity(first.id, 409);
    expect((await decide(first.id, 'release', {}, 409)).type).toBe('/problems/already-decided');
    const second = await ask(own);
    await decide(second.id, 'release');
    for (const who of ['investigator', 'identity-custodian', 'auditor', 'supervisor']) {
      expect(await requestsOf(own, who)).toMatchObject([
        { id: second.id, status: 'RELEASED' },
        { id: first.id, status: 'REFUSED', decisionReason: 'ask the second witness first', case: null },
      ]);
    }
    const types = (await eventsOf(t, own.id)).map(({ type }) => type);
    expect(types.filter((type) => type.startsWith('identity.'))).toEqual([
      'identity.requested',
      'identity.refused',
      'identity.requested',
      'identity.released',
    ]);
    // Also against an application that forgot it.
    await expect(
      t.sql(
        `UPDATE app.identity_request SET status = 'RELEASED', expires_at = now() + interval '1 hour' WHERE id = $1`,
        [first.id],
      ),
    ).rejects.toThrow('is not changed to RELEASED');
  });

  it('is readable as long as the release holds, by the clock', async () => {
    const own = await aConfidentialCase();
    const { id } = await ask(own);
    const { errors } = await decide(id, 'release', { hours: 73 }, 400);
    expect(errors).toMatchObject([{ pointer: '/hours' }]);
    await decide(id, 'release', { hours: 2 });
    t.clock.advance({ hours: 1, minutes: 59 });
    await identity(id);
    t.clock.advance({ minutes: 1, seconds: 1 });
    expect((await identity(id, 409)).detail).toContain('EXPIRED');
    expect((await requestsOf(own))[0]).toMatchObject({ status: 'EXPIRED', case: null });
    expect((await get('investigator', `/identity-requests?caseId=${own.id}&status=RELEASED`)).items).toEqual(
      [],
    );
    const expired = await get(
      'investigator',
      `/identity-requests?caseId=${own.id}&status=EXPIRED&count=true`,
    );
    expect(expired).toMatchObject({ items: [{ id }], total: 1 });
    expect((await decide(id, 'withdraw', {}, 409)).type).toBe('/problems/not-released');
    // The database does not hand it out either.
    expect(await t.sql('SELECT * FROM vault.released($1, $2)', [id, t.clock.now()])).toEqual([]);
  });

  it('is not readable once the release was withdrawn', async () => {
    const own = await aConfidentialCase();
    const { id } = await ask(own);
    await decide(id, 'release');
    await identity(id);
    expect(await decide(id, 'withdraw', { reason: 'the hearing was called off' })).toMatchObject({
      status: 'WITHDRAWN',
      withdrawnReason: 'the hearing was called off',
      decisionReason: 'the two versions must be told apart',
    });
    expect((await identity(id, 409)).detail).toContain('WITHDRAWN');
    expect(await t.sql('SELECT * FROM vault.released($1, now())', [id])).toEqual([]);
  });

  it('is not readable by an investigator who was taken off the case', async () => {
    const own = await aConfidentialCase();
    const { id } = await ask(own);
    await decide(id, 'release');
    await deed(t, 'supervisor', own, 'investigators/withdraw', { userId: t.ids.users['investigator'] });
    await identity(id, 404);
  });

  it('is not released by the one who asked, nor by an investigator of the case, though they be custodians', async () => {
    const own = await aConfidentialCase();
    const { id } = await ask(own);
    await t.sql('BEGIN');
    await grantRole(t, 'investigator', 'IDENTITY_CUSTODIAN');
    await grantRole(t, 'investigator-2', 'IDENTITY_CUSTODIAN');
    await t.sql('COMMIT');
    try {
      for (const who of ['investigator', 'investigator-2']) {
        for (const what of ['release', 'refuse']) await decide(id, what, {}, 403, who);
      }
    } finally {
      await t.sql(`WITH gone AS (UPDATE app.user_grant SET revoked_at = now() WHERE reason = 'test' RETURNING user_id)
        SELECT audit.append(user_id, gen_random_uuid(), 'test', 'test', decode(repeat('00', 64), 'hex')) FROM gone`);
    }
    await expect(
      t.sql(
        `UPDATE app.identity_request SET status = 'RELEASED', decided_by = asked_by, decided_at = now(),
           decision_reason = 'mine', expires_at = now() + interval '1 hour' WHERE id = $1`,
        [id],
      ),
    ).rejects.toMatchObject({ code: '23514' });
  });

  it('is not decided on by a custodian in conflict with the case, to whom it does not exist', async () => {
    const own = await aConfidentialCase();
    const { id } = await ask(own);
    await post(
      'agency-head',
      `/cases/${own.id}/recusals`,
      { userId: t.ids.users['identity-custodian'], ground: 'RELATIVE', reason: 'a cousin of the subject' },
      201,
    );
    for (const what of ['release', 'refuse', 'withdraw']) await decide(id, what, {}, 404);
    expect(await requestsOf(own, 'identity-custodian')).toEqual([]);
  });

  it('is in no table in clear, and not readable by the login of the application', async () => {
    const all = await textOfAllTables(t.database);
    for (const secret of [NAME, CONTACT]) expect(all.includes(secret)).toBe(false);
    const app = new pg.Client({ connectionString: t.database.appUrl });
    await app.connect();
    try {
      for (const sql of [
        'SELECT * FROM vault.identity',
        'SELECT sealed FROM vault.identity',
        'SELECT * FROM vault.message',
        'SELECT lookup FROM vault.receipt',
        'COPY vault.identity TO STDOUT',
        'UPDATE vault.identity SET open = true',
        'DELETE FROM vault.receipt',
        'SET ROLE plumbline_vault_owner',
      ]) {
        await expect(app.query(sql)).rejects.toMatchObject({ code: '42501' });
      }
      const { rows } = await app.query('SELECT * FROM vault.named($1)', [c.id]);
      expect(rows).toEqual([]);
      await expect(app.query('SELECT vault.erase($1)', [c.id])).rejects.toThrow(
        /only by an erasure|without an event/,
      );
    } finally {
      await app.end();
    }
    // Not even with an event that is none of an erasure.
    const withEvent = `WITH event AS (SELECT audit.append($1, gen_random_uuid(), 'test', 'test', decode(repeat('00', 64), 'hex')))
      UPDATE vault.identity SET sealed = NULL FROM event WHERE case_id = $1`;
    await expect(t.sql(withEvent, [c.id])).rejects.toThrow('never changed but by an erasure');
    await expect(t.sql('UPDATE vault.identity SET open = true')).rejects.toThrow();
    await expect(t.sql('TRUNCATE vault.identity')).rejects.toThrow('never emptied');
  });

  it('cannot be read from the trail with the master key', async () => {
    const keys = join(t.dataDir, 'keys');
    const [master, vault] = [loadMasterKey(keys), loadKeyFile(join(keys, 'vault.key'))];
    const subjects = [`reporter:${c.id}`, `stream:${c.id}`] as const;
    const dataSource = t.get(DataSource);
    const withMaster = await new KeyRing(master, master).fetch(dataSource, subjects);
    expect([[...withMaster.keys.keys()], withMaster.damaged]).toEqual([[subjects[1]], [subjects[0]]]);
    const withBoth = await new KeyRing(master, vault).fetch(dataSource, subjects);
    expect(withBoth.damaged).toEqual([]);
  });

  it('is compared with the trail: what was changed behind the program is named', async () => {
    const compare = () => reconcile(t.get(WorkerDatabase), t.get(HistoryService), c.id);
    expect((await compare()).differences).toEqual([]);
    await t.sql('ALTER TABLE vault.identity DISABLE TRIGGER ALL');
    const [{ sealed }] = await t.sql('SELECT sealed FROM vault.identity WHERE case_id = $1', [c.id]);
    await t.sql(`UPDATE vault.identity SET open = true, sealed = 'other' WHERE case_id = $1`, [c.id]);
    expect((await compare()).differences).toMatchObject([
      { table: 'identity', field: 'open', what: 'CHANGED' },
      { table: 'identity', field: 'sealed', what: 'CHANGED' },
    ]);
    await t.sql('UPDATE vault.identity SET open = false, sealed = $2 WHERE case_id = $1', [c.id, sealed]);
    await t.sql('ALTER TABLE vault.identity ENABLE ALWAYS TRIGGER identity_audited');
    await t.sql('ALTER TABLE vault.identity ENABLE ALWAYS TRIGGER identity_only_erased');
    expect((await compare()).differences).toEqual([]);
  });

  it('is destroyed by an erasure, also for whoever holds a release', async () => {
    const own = await aCaseIn(t, 'CLOSED', { reporter: { kind: 'CONFIDENTIAL', name: NAME } });
    const { id } = await ask(own);
    await decide(id, 'release');
    expect(await identity(id)).toMatchObject({ given: true, name: NAME });
    const order = { person: 'REPORTER', legalBasis: '个人信息保护法 47', reason: 'asked for in writing' };
    const erasure = await post('identity-custodian', `/cases/${own.id}/erasures`, order, 201);
    await post('agency-head', `/erasures/${erasure.id}/confirm`, { reason: 'in order' }, 200);
    expect(await t.sql('SELECT sealed, officer_id FROM vault.identity WHERE case_id = $1', [own.id])).toEqual(
      [{ sealed: null, officer_id: null }],
    );
    expect(await identity(id)).toMatchObject({ given: false, name: null, contact: null });
  });
});

describe('the vault key', () => {
  it('is made beside the master key, for its owner alone, and may lie elsewhere', () => {
    expect(loadKeyFile(join(t.dataDir, 'keys', 'vault.key'))).toHaveLength(32);
    expect(readConfig({ PLUMBLINE_VAULT_KEY_FILE: '/run/secrets/vault' }).vaultKeyFile).toBe(
      '/run/secrets/vault',
    );
  });

  it('of another installation keeps the application from starting', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'plumbline-vault-'));
    const file = join(elsewhere, 'vault.key');
    writeFileSync(file, `${randomBytes(32).toString('base64')}\n`);
    try {
      const config = readConfig({
        LOG_LEVEL: 'silent',
        PLUMBLINE_DATA_DIR: t.dataDir,
        PLUMBLINE_VAULT_KEY_FILE: file,
      });
      const other = await createApplication(config, t.database);
      await expect(other.init()).rejects.toThrow('PLUMBLINE_VAULT_KEY_FILE) is not the one of this database');
      await other.close().catch(() => undefined);
    } finally {
      rmSync(elsewhere, { recursive: true, force: true });
    }
  });
});
