import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { keyRingAt, trustedKeys, verifyDatabase } from '../src/audit/verify-command.js';
import { anIntake } from './support/builders.js';
import { Person, Writer, type Acknowledged, type Writing } from './support/crash-writers.js';
import { demonstrationIds } from './support/demonstration.js';
import { Installation, until, victims } from './support/installation.js';
import { notOf, PublishedCheckpoints } from './support/published-checkpoints.js';

/** 30 in `.ci/run`: each victim five times. */
const ROUNDS = Number(process.env['PLUMBLINE_CRASH_ROUNDS'] ?? 4);
const WRITERS = 4;
/** A round lets each writer do so much before it kills, on the average. */
const WRITES_BEFORE = 5;
const PASSWORD = 'only for the tests';

describe(`${ROUNDS} times kill -9 under ${WRITERS} writers`, () => {
  const installation = new Installation(PASSWORD);
  const sql = installation.sql.bind(installation);
  const acknowledged: Acknowledged[] = [];
  let writers: Writer[] = [];
  let writing: Writing;
  let published: PublishedCheckpoints;
  let supervisor: Person;
  let hot: string;

  beforeAll(async () => {
    await installation.start();
    const [intake, auditor] = await Promise.all(
      ['intake-officer', 'auditor'].map((name) => Person.signIn(installation, name, PASSWORD)),
    );
    supervisor = await Person.signIn(installation, 'supervisor', PASSWORD);
    const ids = await demonstrationIds(sql);
    writing = { ids, intake: intake!, supervisor, hot: () => hot, acknowledged };
    published = new PublishedCheckpoints(auditor!);
    await anotherHotCase(0);
    writers = Array.from({ length: WRITERS }, (_, i) => new Writer(`writer ${i}`, writing));
  }, 240_000);

  afterAll(async () => {
    await Promise.all(writers.map((writer) => writer.abort()));
    await published?.stop();
    await installation.remove();
  }, 240_000);

  /** One a round, since the whole case is read at the end of it. */
  const anotherHotCase = async (round: number): Promise<void> => {
    const { status, body } = await writing.intake.post('/cases', anIntake(writing), {
      'idempotency-key': `hot-${round}`,
    });
    expect([status, body]).toEqual([201, expect.anything()]);
    hot = body.id;
  };

  const sum = (of: (writer: Writer) => number): number => writers.reduce((n, writer) => n + of(writer), 0);

  const moreWrites = (count: number): Promise<void> => {
    const enough = acknowledged.length + count;
    return until('the writers go on', () => {
      expect(writers.flatMap(({ fault }) => fault ?? [])).toEqual([]);
      return acknowledged.length >= enough;
    });
  };

  /** Of these writes, what the interface does not show any more. */
  const notShown = async (writes: readonly Acknowledged[]): Promise<string[]> => {
    const ofCase = new Map<string, Acknowledged[]>();
    for (const one of writes) ofCase.set(one.caseId, [...(ofCase.get(one.caseId) ?? []), one]);
    const lost: string[] = [];
    const ask = async (caseId: string, own: readonly Acknowledged[]): Promise<void> => {
      const { status, body } = await supervisor.get(`/cases/${caseId}`);
      const shows: Record<Acknowledged['kind'], (one: Acknowledged) => boolean> = {
        case: ({ mark }) => body.statement === mark,
        acceptance: () => body.status === 'TRIAGED_ACCEPTED',
        allegation: ({ id, mark }) =>
          body.allegations.some((shown: any) => shown.id === id && shown.place === mark),
      };
      for (const one of own)
        if (status !== 200 || !shows[one.kind](one)) lost.push(`${one.kind} ${one.mark}`);
    };
    const cases = [...ofCase];
    while (cases.length > 0) await Promise.all(cases.splice(0, 4).map(([id, own]) => ask(id, own)));
    return lost;
  };

  /** Of these writes, what is not in the tables or not in the trail, and what is there twice. */
  const notStored = async (writes: readonly Acknowledged[]): Promise<unknown> => {
    const ids = (kind: Acknowledged['kind']): string[] =>
      writes.filter((one) => one.kind === kind).map(({ id }) => id);
    const receipts = writes.flatMap((one) => one.receipts).map((receipt) => receipt.split(' '));
    const column = (n: number): string[] => receipts.map((receipt) => receipt[n]!);
    const [row] = await sql(
      `SELECT
        (SELECT count(*)::int FROM unnest($1::uuid[]) u (id) WHERE NOT EXISTS (
          SELECT FROM app."case" c WHERE c.id = u.id)) AS cases,
        (SELECT count(*)::int FROM unnest($2::uuid[]) u (id) WHERE NOT EXISTS (
          SELECT FROM app.allegation a WHERE a.id = u.id)) AS allegations,
        (SELECT count(*)::int FROM unnest($3::uuid[]) u (id) WHERE NOT EXISTS (
          SELECT FROM app."case" c WHERE c.id = u.id AND c.status = 'TRIAGED_ACCEPTED')) AS acceptances,
        (SELECT count(*)::int FROM unnest($4::uuid[], $5::bigint[], $6::text[]) u (stream, seq, leaf)
          WHERE NOT EXISTS (SELECT FROM audit.entry e
            WHERE e.stream = u.stream AND e.seq = u.seq AND encode(e.leaf, 'base64') = u.leaf)) AS entries,
        (SELECT count(*)::int FROM (SELECT FROM app.allegation WHERE place LIKE 'writer %'
          GROUP BY place HAVING count(*) > 1) t) AS twice`,
      [ids('case'), ids('allegation'), ids('acceptance'), column(0), column(1), column(2)],
    );
    return row;
  };

  const nothingLost = { cases: 0, allegations: 0, acceptances: 0, entries: 0, twice: 0 };

  /** The log over the trail: leaves in order, each that of its entry; heads as the entries say; nothing refused. */
  const expectWholeLog = async (): Promise<void> => {
    // Before the leaves are read: what is shown meanwhile may be larger than they are.
    const shown = new Map(published.roots);
    const rows = await sql<{ idx: number; leaf: Buffer; same: boolean }>(
      'SELECT l.idx::int, l.leaf, l.leaf = e.leaf AS same FROM audit.leaf l JOIN audit.entry e USING (id) ORDER BY idx',
    );
    expect(rows.filter(({ idx, same }, i) => idx !== i || !same)).toEqual([]);
    const leaves = rows.map(({ leaf }) => leaf);
    expect(await notOf(leaves, shown)).toEqual([]);
    const [state] = await sql(`
      SELECT (SELECT count(*)::int FROM audit.quarantine) AS refused,
        (SELECT count(*)::int FROM audit.head h FULL JOIN (
           SELECT DISTINCT ON (stream) stream, seq, leaf FROM audit.entry ORDER BY stream, seq DESC) e USING (stream)
         WHERE (h.seq, h.leaf) IS DISTINCT FROM (e.seq, e.leaf)) AS heads,
        (SELECT count(*)::int FROM audit.sealed_head h FULL JOIN (
           SELECT DISTINCT ON (stream) stream, seq, e.leaf, idx FROM audit.leaf l JOIN audit.entry e USING (id)
           ORDER BY stream, seq DESC) e USING (stream)
         WHERE (h.seq, h.leaf, h.idx) IS DISTINCT FROM (e.seq, e.leaf, e.idx)) AS sealed_heads`);
    expect(state).toEqual({ refused: 0, heads: 0, sealed_heads: 0 });
  };

  let checked = 0;
  const expectNothingLost = async (): Promise<void> => {
    const writes = acknowledged.slice();
    const fresh = writes.slice(checked);
    checked = writes.length;
    expect(await notShown(fresh)).toEqual([]);
    expect(await notStored(writes)).toEqual(nothingLost);
    expect(published.faults).toEqual([]);
    expect(await published.missing()).toEqual([]);
    const { dataDir } = installation;
    const report = await verifyDatabase(
      installation.databaseUrl(),
      trustedKeys([], dataDir),
      keyRingAt(dataDir),
    );
    expect(report).toMatchObject({ valid: true, failures: [] });
  };

  it.each(Array.from({ length: ROUNDS }, (_, i) => [i + 1, victims[i % victims.length]!] as const))(
    'round %i, %s: loses nothing that was acknowledged and takes nothing back',
    async (round, victim) => {
      await moreWrites(WRITERS * WRITES_BEFORE);
      // At another point of the sealer's second each time.
      await sleep((round * 370) % 1000);
      const before = published.largest;
      installation.kill(victim);
      published.keep(installation.witnessed());
      await installation.recover(victim);
      // The sealer and the witness are back when a checkpoint over what is written now is cosigned.
      await moreWrites(WRITERS);
      const since = Math.max(before, published.largest);
      await until('a new checkpoint is cosigned', () => published.witnessed > since);
      await expectNothingLost();
      await expectWholeLog();
      await anotherHotCase(round);
    },
    600_000,
  );

  it('and at the end the commands find nothing wrong, and an outsider accepts the bundle of the hot case', async () => {
    await Promise.all(writers.map((writer) => writer.finish()));
    expect(writers.flatMap(({ fault }) => fault ?? [])).toEqual([]);
    await expectNothingLost();
    // Each write was done once: what was not acknowledged at first was, when it was sent again. The system itself opens
    // a case from the demonstration's requests for police, after some minutes.
    const [stored] = await sql(
      `SELECT (SELECT count(*)::int FROM app."case" WHERE channel <> 'DEPLOYMENT_BREACH') AS cases,
        (SELECT count(*)::int FROM app.allegation WHERE place LIKE 'writer %') AS allegations`,
    );
    const count = (wanted: Acknowledged['kind']): number =>
      acknowledged.filter(({ kind }) => kind === wanted).length;
    expect(stored).toEqual({ cases: count('case') + 1 + ROUNDS, allegations: count('allegation') });
    await until('all is sealed', async () => {
      const [{ waiting }] = await sql('SELECT count(*)::int AS waiting FROM audit.unsealed');
      return waiting === 0;
    });
    await expectWholeLog();

    expect(await installation.command('verify')).toMatchObject({ code: 0 });
    const reconciled = await installation.command('reconcile', '--json');
    expect(reconciled.code).toBe(0);
    expect(JSON.parse(reconciled.output)).toMatchObject({ differenceCount: 0 });
    const bundle = join(installation.dataDir, 'bundle.zip');
    expect(await installation.command('export', hot, '--bundle', '--out', bundle)).toMatchObject({ code: 0 });
    const policy = join(installation.dataDir, 'policy.txt');
    expect(await installation.command('verify-bundle', bundle, '--policy', policy)).toMatchObject({
      code: 0,
    });
    expect(await installation.stop()).toBe(0);
    process.stdout.write(
      `${ROUNDS} kills: ${acknowledged.length} writes acknowledged, ${published.roots.size} checkpoints seen; ` +
        `${sum(({ unknown }) => unknown)} requests without an answer, ${sum(({ done }) => done)} of them had been done\n`,
    );
  }, 600_000);
});
