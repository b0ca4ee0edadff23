import { eventsOf, startTestApp, type Client, type TestApp } from './support/app.js';
import { SYSTEM_STREAM } from '../src/audit/streams.js';

let t: TestApp;
let administrator: Client;
beforeAll(async () => {
  t = await startTestApp();
  administrator = await t.as('administrator');
});
afterAll(() => t?.stop());

const SECRET = 'the name of a reporter';

/** A job that nobody takes, since it is of no kind that the application does. */
async function aJob(task: string, attempts: number): Promise<string> {
  const [{ id }] = await t.sql(
    `SELECT id FROM graphile_worker.add_job($1, $2::json, max_attempts => 5, run_at => now() + interval '1 hour')`,
    [task, JSON.stringify({ who: SECRET })],
  );
  await t.sql('UPDATE graphile_worker._private_jobs SET attempts = $2, last_error = $3 WHERE id = $1', [
    id,
    attempts,
    `failed at ${SECRET}`,
  ]);
  return String(id);
}

describe('the jobs', () => {
  it('are listed with kind, state, times and attempts, and with nothing of what they are about', async () => {
    const [waiting, failed] = [await aJob('kind-one', 0), await aJob('kind-two', 2)];
    const { body, text } = await administrator.get('/operations/jobs?count=true').expect(200);
    expect(text).not.toContain(SECRET);
    const listed = body.items.filter(({ task }: { task: string }) => task.startsWith('kind-'));
    expect(listed).toEqual([
      {
        id: failed,
        task: 'kind-two',
        state: 'FAILED',
        attempts: 2,
        maxAttempts: 5,
        createdAt: expect.any(String),
        runAt: expect.any(String),
        startedAt: null,
      },
      expect.objectContaining({ id: waiting, task: 'kind-one', state: 'WAITING', attempts: 0 }),
    ]);
    expect(body.total).toBeGreaterThanOrEqual(2);
    const only = async (query: string): Promise<string[]> =>
      (await administrator.get(`/operations/jobs?${query}`).expect(200)).body.items.map(
        ({ id }: { id: string }) => id,
      );
    expect(await only('state=FAILED')).toEqual([failed]);
    expect(await only('task=kind-one')).toEqual([waiting]);
    await t.sql('UPDATE graphile_worker._private_jobs SET locked_at = now() WHERE id = $1', [waiting]);
    expect(await only('state=RUNNING&task=kind-one')).toEqual([waiting]);
    await t.sql('UPDATE graphile_worker._private_jobs SET locked_at = NULL WHERE id = $1', [waiting]);
  });

  it('come page by page', async () => {
    for (let i = 0; i < 5; i++) await aJob('kind-many', 0);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body }: { body: { items: { id: string }[]; nextCursor: string | null } } = await administrator
        .get(`/operations/jobs?task=kind-many&limit=2${cursor && `&cursor=${cursor}`}`)
        .expect(200);
      seen.push(...body.items.map(({ id }) => id));
      cursor = body.nextCursor;
    }
    expect(seen).toHaveLength(5);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => Number(b) - Number(a)));
  });

  it('that failed are begun again at once, with a reason in the trail', async () => {
    const id = await aJob('kind-three', 2);
    const { headers } = await administrator
      .post(`/operations/jobs/${id}/retry`, { reason: 'the disk has room again' })
      .expect(200);
    expect(headers['audit-receipt']).toMatch(new RegExp(`^${SYSTEM_STREAM} `));
    const [{ due }] = await t.sql(
      'SELECT run_at <= now() AS due FROM graphile_worker._private_jobs WHERE id = $1',
      [id],
    );
    expect(due).toBe(true);
    expect((await eventsOf(t, SYSTEM_STREAM)).at(-1)).toMatchObject({
      type: 'job.retried',
      target: { kind: 'job', id },
      values: { task: 'kind-three', attempts: 2, reason: 'the disk has room again' },
    });
  });

  it('that did not fail are left alone, and so are those that are none', async () => {
    const id = await aJob('kind-four', 0);
    const { body } = await administrator
      .post(`/operations/jobs/${id}/retry`, { reason: 'to see' })
      .expect(409);
    expect(body.type).toBe('/problems/job-not-failed');
    await administrator.post('/operations/jobs/999999999/retry', { reason: 'to see' }).expect(404);
    await administrator.post('/operations/jobs/none/retry', { reason: 'to see' }).expect(400);
    await administrator.post(`/operations/jobs/${id}/retry`, { reason: ' ' }).expect(400);
  });

  it.each(['state=DONE', 'task=a%20b', 'limit=0', 'cursor=WyJhIl0', 'who=x'])(
    'refuse the query %s',
    (query) => administrator.get(`/operations/jobs?${query}`).expect(400),
  );

  it('name what is done every hour or minute', async () => {
    const { body } = await administrator.get('/operations/regular-work').expect(200);
    expect(body).toEqual(
      expect.arrayContaining([
        { task: 'reset-second-factors', every: 'HOUR', lastQueuedAt: null },
        { task: 'forget-sign-ins', every: 'HOUR', lastQueuedAt: null },
      ]),
    );
  });
});

describe('the health', () => {
  it('is of the database, the jobs, the sealer and the log, in numbers', async () => {
    const { body } = await administrator.get('/operations/health').expect(200);
    expect(body).toMatchObject({
      checks: [
        { name: 'database', up: true },
        { name: 'jobs', up: true },
        { name: 'sealer', up: true },
        { name: 'quarantines', up: true },
      ],
      ready: true,
      openQuarantines: 0,
      witnessedSize: null,
    });
    expect(body.waiting).toBeGreaterThan(0);
  });

  it('is not good when entries wait too long for the sealer', async () => {
    t.clock.advance({ minutes: 2 });
    const { body } = await administrator.get('/operations/health').expect(200);
    expect(body.ready).toBe(false);
    expect(body.checks).toContainEqual({ name: 'sealer', up: false });
    expect(body.sealLagSeconds).toBeGreaterThanOrEqual(120);
  });
});

describe('what runs', () => {
  it.each(['auditor', 'supervisor', 'investigator', 'agency-head'])(
    'is no business of the %s',
    async (username) => {
      const client = await t.as(username);
      const id = await aJob('kind-five', 1);
      for (const path of ['jobs', 'regular-work', 'health']) {
        await client.get(`/operations/${path}`).expect(403);
      }
      await client.post(`/operations/jobs/${id}/retry`, { reason: 'to see' }).expect(403);
    },
  );
});
