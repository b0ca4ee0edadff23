import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { TrailCheckJob } from '../src/log/trail-check.job.js';
import { eventsOf, startTestApp, type TestApp } from './support/app.js';
import { SYSTEM_STREAM } from '../src/audit/streams.js';
import { aCase } from './support/builders.js';
import { aSealer, type TestSealer } from './support/sealing.js';

let t: TestApp;
let s: TestSealer;
beforeAll(async () => {
  t = await startTestApp();
  s = aSealer(t);
});
afterAll(async () => {
  await s?.stop();
  await t?.stop();
});

interface Check {
  id: string;
  status: string;
  size: number;
  checked: number;
  wrong: number;
  failures: { check: string; stream: string; seq: number | null }[];
  finishedAt: string | null;
}

async function ended(id: string): Promise<Check> {
  for (;;) {
    const { body } = await (await t.as('auditor')).get(`/audit/verifications/${id}`).expect(200);
    if (body.finishedAt !== null) return body as Check;
    await sleep(50);
  }
}

const request = async (status = 202) =>
  (await (await t.as('auditor')).post('/audit/verifications').expect(status)).body;

describe('verifying the whole trail', () => {
  it('is refused while nobody says which keys are right', async () => {
    await s.sealAll();
    expect(await request(409)).toMatchObject({ type: '/problems/nothing-to-compare' });
    writeFileSync(`${t.dataDir}/policy.txt`, s.policyText);
  });

  it('looks at every entry of the log, tells how far it is, and is in the trail', async () => {
    await aCase(t);
    await s.sealAll();
    const size = (await s.sealer.latest())!.size;
    const asked = await request();
    expect(asked).toMatchObject({ status: 'QUEUED', size, checked: 0, wrong: 0, finishedAt: null });
    expect(await ended(asked.id)).toMatchObject({
      status: 'DONE',
      size,
      checked: size,
      wrong: 0,
      failures: [],
    });
    expect((await eventsOf(t, SYSTEM_STREAM)).at(-1)).toMatchObject({
      type: 'trail.verification-requested',
      target: { id: asked.id },
      values: { size },
    });
    const { body } = await (await t.as('auditor')).get('/audit/verifications').expect(200);
    expect(body.items.map(({ id }: Check) => id)).toEqual([asked.id]);
  });

  it('runs once at a time', async () => {
    await t.sql(
      `INSERT INTO app.trail_check (id, requested_by, requested_at, status, size, checked, wrong, failures)
       VALUES (gen_random_uuid(), $1, now(), 'RUNNING', 1, 0, 0, '[]')`,
      [t.ids.users['auditor']],
    );
    expect(await request(409)).toMatchObject({ type: '/problems/verification-runs' });
    await t.sql('DELETE FROM app.trail_check WHERE finished_at IS NULL');
  });

  it('goes on where a process that died had come to, and keeps what that one had found', async () => {
    const id = '019a0000-0000-7000-8000-00000000c0de';
    const found = [{ check: 'LEAF', stream: SYSTEM_STREAM, seq: 1, message: 'found before' }];
    const size = (await s.sealer.latest())!.size;
    await t.sql(
      `INSERT INTO app.trail_check (id, requested_by, requested_at, status, size, checked, wrong, failures)
       VALUES ($1, $2, now(), 'RUNNING', $3::int, $3::int - 1, 1, $4)`,
      [id, t.ids.users['auditor'], size, JSON.stringify(found)],
    );
    await t.get(TrailCheckJob).run(id, new AbortController().signal);
    expect(await ended(id)).toMatchObject({ status: 'DONE', checked: size, wrong: 1, failures: found });
  });

  it('is the auditor’s to ask for, and nobody’s to look at who does not read the trail', async () => {
    for (const username of ['supervisor', 'agency-head', 'administrator']) {
      await (await t.as(username)).post('/audit/verifications').expect(403);
      await (await t.as(username)).get('/audit/verifications').expect(403);
    }
    await (
      await t.as('auditor')
    )
      .get('/audit/verifications/019a0000-0000-7000-8000-00000000dead')
      .expect(404);
    await (await t.as('auditor')).get('/audit/verifications/nonsense').expect(400);
  });

  it('finds an entry that was changed behind the application', async () => {
    const { id: stream } = await aCase(t);
    await s.sealAll();
    await t.sql('ALTER TABLE audit.entry DISABLE TRIGGER ALL');
    await t.sql(`UPDATE audit.entry SET body = body || ' '::bytea WHERE stream = $1 AND seq = 0`, [stream]);
    await t.sql('ALTER TABLE audit.entry ENABLE ALWAYS TRIGGER refuse_row');
    const { wrong, failures } = await ended((await request()).id);
    expect(wrong).toBe(1);
    expect(failures).toEqual([expect.objectContaining({ stream, seq: 0 })]);
  });
});

describe('the page that verifies a bundle', () => {
  it('is a file for whoever exports, and nothing that a browser shows here', async () => {
    const { headers, text } = await (await t.as('auditor')).get('/exports/verifier').buffer(true).expect(200);
    expect(headers['content-disposition']).toBe('attachment; filename="verify.html"');
    expect(text).toMatch(/^<!doctype html>/i);
    await (await t.as('officer')).get('/exports/verifier').expect(403);
  });
});
