import { KeyRing } from '../src/audit/key-ring.js';
import { UnitOfWork } from '../src/audit/unit-of-work.js';
import { keyRingAt, trustedKeys, verifyDatabase } from '../src/audit/verify-command.js';
import { Writer } from '../src/audit/writer.js';
import { CaseDatabase } from '../src/access/case-database.js';
import { WorkerDatabase } from '../src/database/worker-database.js';
import { systemActor } from '../src/audit/writer-registration.js';
import { newId } from '../src/common/ids.js';
import { dataSourceOptions } from '../src/data-source.js';
import { startTestApp, type TestApp } from './support/app.js';
import { aSealer, type TestSealer } from './support/sealing.js';

const WRITERS = 32;
const COLD = 1000;
/** 100,000 in `.ci/run`: the honest trail must never look tampered with. */
const EVENTS = Number(process.env['PLUMBLINE_EVENTS'] ?? 20_000);
const PAIRS = 2000;

describe('many writers at the same time', () => {
  let t: TestApp;
  let wide: WorkerDatabase;
  let unitOfWork: UnitOfWork;
  let s: TestSealer;
  beforeAll(async () => {
    t = await startTestApp();
    s = aSealer(t);
    // As many connections as writers, so that they do wait for each other's locks.
    wide = await new WorkerDatabase(dataSourceOptions(t.database.workerUrl, WRITERS)).initialize();
    unitOfWork = new UnitOfWork(wide, new CaseDatabase(wide, wide), t.clock, t.get(Writer), t.get(KeyRing));
  });
  afterAll(async () => {
    await wide.destroy();
    await s.stop();
    await t.stop();
  });

  const write = (...streams: string[]): Promise<void> =>
    unitOfWork.run(systemActor, (tx) => {
      for (const stream of streams) {
        const target = { kind: 'case', id: stream };
        tx.record({ type: 'case.extend', stream, target, values: { reason: 'for the test' } });
      }
      return Promise.resolve();
    });
  const inTurns = async (works: readonly (() => Promise<void>)[]): Promise<void> => {
    let next = 0;
    const writer = async (): Promise<void> => {
      while (next < works.length) await works[next++]!();
    };
    await Promise.all(Array.from({ length: WRITERS }, writer));
  };
  const count = async (streams: readonly string[]): Promise<{ entries: number; heads: number }> => {
    const [row] = await t.sql(
      `SELECT (SELECT count(*)::int FROM audit.entry WHERE stream = ANY($1)) AS entries,
              (SELECT sum(seq + 1)::int FROM audit.head WHERE stream = ANY($1)) AS heads`,
      [streams],
    );
    return row;
  };

  it(`leave no fork, gap or repeat in ${EVENTS} events of one hot and ${COLD} cold streams`, async () => {
    const [hot, ...cold] = Array.from({ length: 1 + COLD }, newId);
    const works = Array.from({ length: EVENTS }, (_, i) => () => write(i % 4 === 0 ? hot! : cold[i % COLD]!));
    await inTurns(works);
    expect(await count([hot!, ...cold])).toEqual({ entries: EVENTS, heads: EVENTS });
  }, 1_800_000);

  it(`lose nothing and never wait for ever when ${PAIRS} transactions take two streams in opposite orders`, async () => {
    const [a, b] = [newId(), newId()];
    await inTurns(Array.from({ length: PAIRS }, (_, i) => () => (i % 2 ? write(a, b) : write(b, a))));
    expect(await count([a, b])).toEqual({ entries: 2 * PAIRS, heads: 2 * PAIRS });
    const [{ deadlocks }] = await t.sql(
      'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
    );
    expect(deadlocks).toBe(0);
  }, 120_000);

  it('and neither the sealer nor the verification finds anything wrong with it', async () => {
    await s.sealAll();
    const [{ open }] = await t.sql('SELECT count(*)::int AS open FROM audit.quarantine');
    expect(open).toBe(0);
    const [{ waiting }] = await t.sql('SELECT count(*)::int AS waiting FROM audit.unsealed');
    expect(waiting).toBe(0);
    const report = await verifyDatabase(
      t.database.auditorUrl,
      trustedKeys([], t.dataDir),
      keyRingAt(t.dataDir),
    );
    expect(report).toMatchObject({ valid: true, failures: [], notices: [] });
    expect(report.entries).toBeGreaterThanOrEqual(EVENTS + 2 * PAIRS);
  }, 1_800_000);
});
