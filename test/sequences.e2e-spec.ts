import fc from 'fast-check';
import pg from 'pg';
import { startTestApp, type TestApp } from './support/app.js';
import { cast, companies, type Company, type Part } from './support/sequences-cast.js';
import { CaseRun } from './support/sequences-case.js';
import { RequestRun, requestStep } from './support/sequences-deployment.js';
import { caseStep } from './support/sequences-steps.js';

/** Random sequences; CI asks for more. */
const SEQUENCES = Number(process.env.PLUMBLINE_SEQUENCES ?? 40);
/** At a time, each with people, cases and requests of its own. */
const LANES = 3;
/** One in five is about a request for police. */
const REQUESTS = Math.ceil(SEQUENCES / 5);
const CASES = SEQUENCES - REQUESTS;

interface Run<S> {
  readonly accepted: number;
  readonly refused: number;
  begin(): Promise<void>;
  take(step: S): Promise<void>;
  glance(part: Part): Promise<void>;
  end(): Promise<void>;
}

/** Milliseconds for one at the most, of those that take turns, on a busy machine. */
const PATIENCE = 1200;

describe('any sequence of what people do', () => {
  let t: TestApp;
  let lanes: Company[];
  let behind: pg.Pool;
  beforeAll(async () => {
    t = await startTestApp();
    behind = new pg.Pool({ connectionString: t.database.adminUrl, max: LANES });
    // What fails is tried again in smaller pieces, each with a subject of its own.
    lanes = await companies(t, LANES, Math.ceil(CASES / LANES) + 500);
  }, 900_000);
  afterAll(async () => {
    await behind?.end();
    await t?.stop();
  }, 300_000);

  const sql = async (text: string, values?: unknown[]): Promise<any[]> =>
    (await behind.query(text, values)).rows;

  /** After each step somebody else looks, and sees what they may: no more, and no less. */
  async function keeps<S>(count: number, step: fc.Arbitrary<S>, start: (company: Company) => Run<S>) {
    const began = performance.now();
    let [sequences, accepted, refused] = [0, 0, 0];
    const sequence = fc.array(fc.tuple(step, fc.constantFrom(...cast)), { minLength: 3, maxLength: 9 });
    const property = (company: Company) =>
      fc.asyncProperty(sequence, async (steps) => {
        const run = start(company);
        await run.begin();
        for (const [next, onlooker] of steps) {
          await run.take(next);
          await run.glance(onlooker);
        }
        await run.end();
        // The database of the tests has no autovacuum, which would tell the planner that the tables have grown.
        if (++sequences % 200 === 0) await sql('ANALYZE');
        accepted += run.accepted;
        refused += run.refused;
      });
    const numRuns = Math.ceil(count / LANES);
    await Promise.all(lanes.map((company) => fc.assert(property(company), { numRuns })));
    const seconds = Math.round((performance.now() - began) / 1000);
    process.stdout.write(`${sequences} in ${seconds} s: ${accepted} steps accepted, ${refused} refused\n`);
    expect(sequences).toBeGreaterThanOrEqual(count);
    expect(Math.min(accepted, refused)).toBeGreaterThan(count / 2);
  }

  it(
    `keeps who may and who may not apart in a case, ${CASES} times`,
    () => keeps(CASES, caseStep, (company) => new CaseRun(t, company, sql)),
    60_000 + CASES * PATIENCE,
  );

  it(
    `and in a request for police, ${REQUESTS} times`,
    () => keeps(REQUESTS, requestStep, (company) => new RequestRun(t, company, sql)),
    60_000 + REQUESTS * PATIENCE,
  );
});
