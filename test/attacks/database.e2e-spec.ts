import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { canonical } from '../../src/audit/canonical.js';
import { signedText } from '../../src/audit/envelope.js';
import { SYSTEM_STREAM } from '../../src/audit/streams.js';
import { Writer } from '../../src/audit/writer.js';
import { verifierKey } from '../../src/log/note.js';
import { BrokenLogError } from '../../src/log/sealer.js';
import { Scene, type NewContent, type TestWriter, type Victim } from '../support/attacks.js';

const aKey = (): KeyObject => generateKeyPairSync('ed25519').privateKey;

/** What the owner of the database can do, alone and with stolen keys, and who sees it. Each on a copy of its own. */
describe('attacks of the owner of the database', () => {
  let scene: Scene;
  beforeAll(async () => (scene = await Scene.set()), 180_000);
  afterEach(() => scene.clear());
  afterAll(() => scene.stop());

  const aVictim = async (from?: 'sealed' | 'unsealed'): Promise<Victim> =>
    (await scene.victim(from)).disarm();

  const changed = (body: Buffer): Buffer => {
    const said = JSON.parse(body.toString());
    return Buffer.from(canonical({ ...said, actor: { ...said.actor, role: 'NOBODY' } }));
  };
  /** Other content for one entry, signed with a key; without one the old signature stays. */
  const forged = (
    stream: string,
    { event, body }: { event: string; body: Buffer },
    key?: KeyObject,
  ): NewContent => {
    const other = changed(body);
    return { body: other, ...(key && { sig: sign(null, signedText(stream, event, other), key) }) };
  };
  /** Changes the entry and makes the rest of its stream fit. */
  const rewrite = async (victim: Victim, seq: number, key?: KeyObject, writer?: string): Promise<void> => {
    const all = await victim.entries(scene.case);
    const contents: NewContent[] = [];
    contents[seq] = { ...forged(scene.case, all[seq]!, key), ...(writer && { writer }) };
    await victim.relink(scene.case, all, contents);
  };
  const checksOf = async (victim: Victim, caseId?: string): Promise<{ exit: number; checks: string[] }> => {
    const { exit, checks } = await victim.bundleReport(caseId);
    return { exit, checks: [...new Set(checks.map(({ check }) => check as string))] };
  };

  it('none: the copies themselves are in order, for everybody', async () => {
    const victim = await scene.victim();
    expect(await victim.verifyTrail()).toMatchObject({ valid: true, failureCount: 0 });
    expect(await victim.alarms()).toEqual([]);
    expect(await victim.publish()).toBe('cosigned');
    expect(await checksOf(victim)).toEqual({ exit: 0, checks: [] });
    const unsealed = await scene.victim('unsealed');
    expect(await unsealed.alarms()).toEqual([]);
  });

  describe('on what is sealed', () => {
    it('edits a body: BODY', async () => {
      const victim = await aVictim();
      const { id, body } = await victim.entry(scene.case, 3);
      await victim.sql('UPDATE audit.entry SET body = $2 WHERE id = $1', [id, changed(body)]);
      expect(await victim.failures()).toEqual(['BODY']);
      expect((await checksOf(victim)).checks).toEqual(['BODY']);
    });

    it('edits a body with envelope and leaf, and links the rest to it, without a key: SIGNATURE', async () => {
      const victim = await aVictim();
      await rewrite(victim, 3);
      expect(await victim.failures()).toEqual(['SIGNATURE']);
      expect((await checksOf(victim)).checks).toEqual(expect.arrayContaining(['SIGNATURE', 'INCLUSION']));
    });

    it('signs the edited body with a key of his own, under the name of the old writer: SIGNATURE', async () => {
      const victim = await aVictim();
      await rewrite(victim, 3, aKey());
      expect(await victim.failures()).toEqual(['SIGNATURE']);
      expect((await checksOf(victim)).checks).toContain('SIGNATURE');
    });

    it('signs it as a writer of his own: WRITER', async () => {
      const victim = await aVictim();
      const key = aKey();
      await rewrite(victim, 3, key, new Writer(key, 'app', new Date()).id);
      expect(await victim.failures()).toEqual(['WRITER']);
      expect((await checksOf(victim)).checks).toContain('WRITER');
    });

    it('rewrites it all consistently with the stolen key of the writer: INCLUSION, and the sealer stops', async () => {
      const victim = await aVictim();
      await rewrite(victim, 3, scene.writerKey);
      await victim.relog();
      // The chain alone cannot show it: that is what the log and its witnesses are for.
      expect(await victim.failures()).toEqual([]);
      await expect(victim.sealAll()).rejects.toThrow(BrokenLogError);
      expect((await checksOf(victim)).checks).toContain('INCLUSION');
    });

    it('rewrites it all with the stolen keys of writer and log: QUORUM, and the witness answers 409', async () => {
      const victim = await aVictim();
      await rewrite(victim, 3, scene.writerKey);
      await victim.relog(scene.logKey);
      expect(await victim.publish()).toContain('409 without a size: it knows another tree');
      const { exit, checks } = await checksOf(victim);
      expect([exit, checks]).toEqual([1, expect.arrayContaining(['QUORUM'])]);
    });

    it('goes on with that: the witness answers 422', async () => {
      const victim = await aVictim();
      await rewrite(victim, 3, scene.writerKey);
      await victim.relog(scene.logKey);
      await victim.sql('DELETE FROM audit.cosignature');
      await (await victim.writer()).append(scene.case);
      await victim.sealHeads({ publish: false });
      expect(await victim.publish()).toBe('it answered 422');
      // Without any cosignature the bundle is not taken for more than the word of the log.
      expect(await checksOf(victim)).toMatchObject({ exit: 2, checks: expect.arrayContaining(['QUORUM']) });
    });

    it('deletes an entry in the middle: SEQUENCE', async () => {
      const victim = await aVictim();
      const { id } = await victim.entry(scene.case, 3);
      await victim.sql('DELETE FROM audit.entry WHERE id = $1', [id]);
      expect(await victim.failures()).toEqual(['SEQUENCE']);
      expect((await checksOf(victim)).checks).toContain('SEQUENCE');
    });

    it('deletes it everywhere and closes the gap: the sealer stops, a number is missing, and there is no bundle', async () => {
      const victim = await aVictim();
      const all = await victim.entries(scene.case);
      await victim.sql('DELETE FROM audit.entry WHERE id = $1', [all[3]!.id]);
      await victim.sql('DELETE FROM audit.leaf WHERE id = $1', [all[3]!.id]);
      await victim.relink(
        scene.case,
        all.filter((_, seq) => seq !== 3),
      );
      await victim.relog();
      const { failures, notices } = await victim.verifyTrail();
      expect(failures).toEqual([]);
      expect(notices.join()).toMatch(/^1 number\(s\) of writer app-\S+ are missing/);
      await expect(victim.sealAll()).rejects.toThrow(BrokenLogError);
      // Under the last checkpoint, which is signed, nothing can be proven any more.
      await expect(victim.bundle()).rejects.toThrow('The tree has no subtree');
    });

    it('swaps two entries: COLUMNS', async () => {
      const victim = await aVictim();
      const [one, other] = [await victim.entry(scene.case, 3), await victim.entry(scene.case, 4)];
      for (const [{ id }, seq] of [
        [one, 1000],
        [other, 3],
        [one, 4],
      ] as const) {
        await victim.sql('UPDATE audit.entry SET seq = $2 WHERE id = $1', [id, seq]);
      }
      expect(await victim.failures()).toContain('COLUMNS');
      expect((await checksOf(victim)).checks).toEqual(expect.arrayContaining(['SEQUENCE', 'LINK']));
    });

    it('swaps two entries and links them anew: the sealer stops, INCLUSION', async () => {
      const victim = await aVictim();
      const all = await victim.entries(scene.case);
      [all[3], all[4]] = [all[4]!, all[3]!];
      await victim.relink(scene.case, all);
      await victim.relog();
      await expect(victim.sealAll()).rejects.toThrow(BrokenLogError);
      expect((await checksOf(victim)).checks).toContain('INCLUSION');
    });

    it('takes the tail of a case away, with its heads: HEADS', async () => {
      const victim = await aVictim();
      const last = (await victim.length(scene.case)) - 1;
      const { id } = await victim.entry(scene.case, last);
      const { leaf } = await victim.entry(scene.case, last - 1);
      await victim.sql('DELETE FROM audit.entry WHERE id = $1', [id]);
      await victim.sql('UPDATE audit.head SET seq = $2, leaf = $3 WHERE stream = $1', [
        scene.case,
        last - 1,
        leaf,
      ]);
      expect(await victim.failures()).toEqual([]);
      expect(await checksOf(victim)).toEqual({ exit: 1, checks: ['HEADS'] });
    });

    it('takes the tail away and leaves the head: HEAD', async () => {
      const victim = await aVictim();
      const last = (await victim.length(scene.case)) - 1;
      await victim.sql('DELETE FROM audit.entry WHERE stream = $1 AND seq = $2', [scene.case, last]);
      expect(await victim.failures()).toEqual(['HEAD']);
    });

    it('deletes a whole case with every trace of it: the sealer stops, and there is no bundle of any', async () => {
      const victim = await aVictim();
      const [, gone] = scene.cases;
      await victim.sql('DELETE FROM audit.leaf WHERE id IN (SELECT id FROM audit.entry WHERE stream = $1)', [
        gone,
      ]);
      for (const table of ['entry', 'head', 'sealed_head'])
        await victim.sql(`DELETE FROM audit.${table} WHERE stream = $1`, [gone]);
      expect(await victim.failures()).toEqual([]);
      await expect(victim.sealAll()).rejects.toThrow(BrokenLogError);
      // Of the other cases every proof is gone with it.
      await expect(victim.bundle()).rejects.toThrow('The tree has no subtree');
    });

    it('deletes a whole case, and signs the rest with the stolen key of the log: the witness answers 409', async () => {
      const victim = await aVictim();
      const [, gone] = scene.cases;
      await victim.sql('DELETE FROM audit.leaf WHERE id IN (SELECT id FROM audit.entry WHERE stream = $1)', [
        gone,
      ]);
      for (const table of ['entry', 'head', 'sealed_head'])
        await victim.sql(`DELETE FROM audit.${table} WHERE stream = $1`, [gone]);
      await victim.sql('DELETE FROM audit.cosignature');
      await victim.sql('DELETE FROM audit.checkpoint WHERE size > (SELECT count(*) FROM audit.leaf)');
      await victim.relog(scene.logKey);
      await (await victim.writer()).append(scene.case);
      expect(await victim.alarms()).toEqual([]);
      expect(await victim.publish()).toMatch(/this log was set back|it answered 422/);
    });

    it('puts an entry into the log that nobody judged: the sealer stops', async () => {
      const victim = await aVictim();
      const writer = await victim.writer({ key: aKey(), introduce: false });
      const { o_leaf } = await writer.append(scene.case);
      await victim.sql(
        'INSERT INTO audit.leaf SELECT (SELECT max(idx) + 1 FROM audit.leaf), id, leaf FROM audit.entry WHERE leaf = $1',
        [o_leaf],
      );
      await expect(victim.sealAll()).rejects.toThrow(BrokenLogError);
      expect(await victim.failures()).toEqual(['WRITER']);
    });

    it('changes a checkpoint: LOG_SIGNATURE', async () => {
      const victim = await aVictim();
      await victim.sql(
        "UPDATE audit.checkpoint SET note = regexp_replace(note, '(— \\S+ .{20}).', '\\1' || chr(65 + (random() * 20)::int))",
      );
      expect((await checksOf(victim)).checks).toContain('LOG_SIGNATURE');
    });

    it('moves a cosignature to another checkpoint: QUORUM', async () => {
      const victim = await aVictim();
      await victim.sql(`UPDATE audit.cosignature c SET line = o.line
                        FROM audit.cosignature o WHERE o.size = (SELECT min(size) FROM audit.cosignature)`);
      expect(await checksOf(victim)).toMatchObject({ exit: 1, checks: expect.arrayContaining(['QUORUM']) });
    });

    it('writes a map of heads that hides the tail: HEADS', async () => {
      const victim = await aVictim();
      const last = (await victim.length(scene.case)) - 1;
      const before = await victim.entry(scene.case, last - 1);
      // The event commits to the true map; the lines beside it are others.
      const [map] = await victim.sql('SELECT at_size, lines FROM audit.heads ORDER BY at_size DESC LIMIT 1');
      const lines = gunzipSync(map.lines)
        .toString()
        .replace(
          new RegExp(`${scene.case} .*`),
          `${scene.case} ${last - 1} ${before.leaf.toString('base64')}`,
        );
      await victim.sql('UPDATE audit.heads SET lines = $2 WHERE at_size = $1', [
        map.at_size,
        gzipSync(lines),
      ]);
      expect(await checksOf(victim)).toMatchObject({ exit: 1, checks: expect.arrayContaining(['HEADS']) });
    });
  });

  describe('on what waits for the sealer', () => {
    let victim: Victim;
    let writer: TestWriter;
    beforeEach(async () => {
      victim = await aVictim();
      writer = await victim.writer();
      await victim.alarms();
    });
    const [first, second] = [() => scene.cases[0]!, () => scene.cases[1]!];
    const lastEntry = async (stream: string) => victim.entry(stream, (await victim.length(stream)) - 1);
    const edit = async (column: string, value: unknown): Promise<void> => {
      await writer.append(first());
      const { id } = await lastEntry(first());
      await victim.sql(`UPDATE audit.entry SET ${column} = $2 WHERE id = $1`, [id, value]);
    };

    it('nothing: an honest entry is sealed', async () => {
      await writer.append(first());
      expect(await victim.alarms()).toEqual([]);
      expect(await victim.failures()).toEqual([]);
    });

    it('forges an event: SIGNATURE, and only its stream waits', async () => {
      const said = writer.sealed(first());
      await writer.append(first(), { ...said, sig: Buffer.alloc(64, 7) });
      await writer.append(second());
      expect(await victim.alarms()).toEqual(['SIGNATURE']);
      const [{ n }] = await victim.sql(
        'SELECT count(*) AS n FROM audit.unsealed u JOIN audit.entry e USING (id) WHERE stream <> $1',
        [first()],
      );
      expect(Number(n)).toBe(0);
      // Whoever frees the stream by hand frees nothing.
      await victim.sql('DELETE FROM audit.quarantine');
      expect(await victim.alarms()).toEqual(['SIGNATURE']);
    });

    it('signs as a writer that was never introduced: WRITER', async () => {
      const stranger = await victim.writer({ introduce: false });
      await stranger.append(first());
      expect(await victim.alarms()).toEqual(['WRITER']);
    });

    it('introduces a writer with a key of his own: WRITER', async () => {
      await victim.writer({ key: aKey() });
      expect(await victim.alarms()).toEqual(['WRITER']);
    });

    it('replays an event into another case: SIGNATURE', async () => {
      const said = writer.sealed(first());
      await writer.append(first(), said);
      await victim.sql('ALTER TABLE audit.entry DROP CONSTRAINT entry_event_key CASCADE');
      // append() knows the event; so it comes from elsewhere, as an entry that waits.
      await victim.sql('UPDATE audit.entry SET event = gen_random_uuid() WHERE event = $1', [said.event]);
      await writer.append(second(), said);
      await victim.sql(
        'UPDATE audit.entry SET event = $1 WHERE stream = $2 AND seq = (SELECT max(seq) FROM audit.entry WHERE stream = $2)',
        [said.event, first()],
      );
      expect(await victim.alarms()).toEqual(['SIGNATURE']);
    });

    it('uses a number of the writer again, with the stolen key: COUNTER', async () => {
      const said = writer.sealed(first());
      await writer.append(first(), said);
      const { w } = JSON.parse(said.body.toString());
      const again = writer.sealed(first());
      const body = Buffer.from(canonical({ ...JSON.parse(again.body.toString()), w }));
      await writer.append(first(), writer.signed(first(), again.event, body));
      expect(await victim.alarms()).toEqual(['COUNTER']);
      expect(await victim.failures()).toEqual(['COUNTER']);
    });

    it('writes a key twice, so that two readers read two things: CANONICAL', async () => {
      const said = writer.sealed(first());
      const body = Buffer.from(said.body.toString().replace('{', '{"type":"case.closed",'));
      await writer.append(first(), writer.signed(first(), said.event, body));
      expect(await victim.alarms()).toEqual(['CANONICAL']);
    });

    it('gives a body another id than its entry: BODY', async () => {
      const [said, other] = [writer.sealed(first()), writer.sealed(first())];
      await writer.append(first(), writer.signed(first(), said.event, other.body));
      expect(await victim.alarms()).toEqual(['BODY']);
    });

    it('changes the body: BODY', async () => {
      await edit('body', Buffer.from('{}'));
      expect(await victim.alarms()).toEqual(['BODY']);
    });

    it('changes the envelope: ENVELOPE', async () => {
      await writer.append(first());
      const { envelope } = await lastEntry(first());
      await victim.sql('UPDATE audit.entry SET envelope = $2 WHERE envelope = $1', [
        envelope,
        Buffer.concat([envelope, Buffer.from('\n')]),
      ]);
      expect(await victim.alarms()).toEqual(['ENVELOPE']);
    });

    it('changes a column: COLUMNS', async () => {
      await edit('event', '00000000-0000-7000-8000-0000000000aa');
      expect(await victim.alarms()).toEqual(['COLUMNS']);
    });

    it('changes the leaf: LEAF', async () => {
      await edit('leaf', Buffer.alloc(32, 1));
      expect(await victim.alarms()).toEqual(['LEAF']);
    });

    it('deletes an entry: the next one is refused, SEQUENCE, and the receipt is not in the log', async () => {
      const { o_seq, o_leaf } = await writer.append(first());
      await writer.append(first());
      await victim.sql(
        'DELETE FROM audit.unsealed WHERE id IN (SELECT id FROM audit.entry WHERE leaf = $1)',
        [o_leaf],
      );
      await victim.sql('DELETE FROM audit.entry WHERE leaf = $1', [o_leaf]);
      expect(await victim.alarms()).toEqual(['SEQUENCE']);
      const places = await victim.sql('SELECT o_seq FROM audit.places($1)', [first()]);
      expect(places.map((place) => place.o_seq)).not.toContain(o_seq);
    });

    it('deletes an entry and closes the gap: a number of its writer is missing, and the receipt is not in the log', async () => {
      const { o_leaf } = await writer.append(first());
      await writer.append(first());
      await victim.sql(
        'DELETE FROM audit.unsealed WHERE id IN (SELECT id FROM audit.entry WHERE leaf = $1)',
        [o_leaf],
      );
      await victim.sql('DELETE FROM audit.entry WHERE leaf = $1', [o_leaf]);
      const [{ seq, leaf }] = await victim.sql('SELECT seq, leaf FROM audit.sealed_head WHERE stream = $1', [
        first(),
      ]);
      await victim.relink(first(), await victim.entries(first()));
      await victim.sql('UPDATE audit.sealed_head SET seq = $2, leaf = $3 WHERE stream = $1', [
        first(),
        seq,
        leaf,
      ]);
      expect(await victim.alarms()).toEqual([]);
      expect((await victim.verifyTrail()).notices.join()).toContain(
        `1 number(s) of writer ${writer.writer.id} are missing`,
      );
      const [{ used }] = await victim.sql('SELECT used FROM audit.sealed_writer WHERE writer = $1', [
        writer.writer.id,
      ]);
      expect(used).toBe('{[0,1),[2,3)}');
      const places = await victim.sql('SELECT o_leaf FROM audit.places($1)', [first()]);
      expect(places.map((place) => place.o_leaf.toString('base64'))).not.toContain(o_leaf.toString('base64'));
    });

    it('takes an entry out of the queue: SEQUENCE at the next one', async () => {
      const { o_leaf } = await writer.append(first());
      await victim.sql(
        'DELETE FROM audit.unsealed WHERE id IN (SELECT id FROM audit.entry WHERE leaf = $1)',
        [o_leaf],
      );
      await writer.append(first());
      expect(await victim.alarms()).toEqual(['SEQUENCE']);
    });

    it('poisons the cache of heads with another number: SEQUENCE', async () => {
      await victim.sql('UPDATE audit.head SET seq = seq + 5 WHERE stream = $1', [first()]);
      await writer.append(first());
      expect(await victim.alarms()).toEqual(['SEQUENCE']);
    });

    it('poisons the cache of heads with another leaf: LINK', async () => {
      await victim.sql("UPDATE audit.head SET leaf = sha256('x') WHERE stream = $1", [first()]);
      await writer.append(first());
      expect(await victim.alarms()).toEqual(['LINK']);
      expect(await victim.failures()).toContain('LINK');
    });

    it("poisons the sealer's own memory of heads: SEQUENCE at the next honest entry", async () => {
      await victim.sql('UPDATE audit.sealed_head SET seq = seq - 1 WHERE stream = $1', [first()]);
      await writer.append(first());
      expect(await victim.alarms()).toEqual(['SEQUENCE']);
    });

    it('drops the UNIQUEs and forks a stream, with the stolen key: SEQUENCE', async () => {
      const [before] = await victim.sql('SELECT * FROM audit.head WHERE stream = $1', [first()]);
      await writer.append(first());
      for (const constraint of ['entry_stream_seq_key', 'entry_stream_prev_key'])
        await victim.sql(`ALTER TABLE audit.entry DROP CONSTRAINT ${constraint}`);
      await victim.sql('UPDATE audit.head SET seq = $2, leaf = $3 WHERE stream = $1', [
        first(),
        before.seq,
        before.leaf,
      ]);
      await writer.append(first());
      expect(await victim.alarms()).toEqual(['SEQUENCE']);
      expect(await victim.failures()).toContain('SEQUENCE');
    });

    it.each([
      ['back', '-1 hour'],
      ['forward', '1 hour'],
    ])('dates an entry %s through another append(): TIME', async (_, offset) => {
      await victim.withClock(offset, () => writer.append(first()));
      expect(await victim.alarms()).toEqual(['TIME']);
    });

    it('sets his own entry aside with a forged restart: the stream still waits', async () => {
      const forgedLeaf = (await writer.append(first(), { ...writer.sealed(first()), sig: Buffer.alloc(64) }))
        .o_leaf;
      expect(await victim.alarms()).toEqual(['SIGNATURE']);
      const good = (
        await victim.sql('SELECT seq, leaf FROM audit.sealed_head WHERE stream = $1', [first()])
      )[0];
      const data = (confirmedBy: string) => ({
        lastGood: { seq: Number(good.seq), leaf: good.leaf.toString('base64') },
        setAside: [{ seq: Number(good.seq) + 1, leaf: forgedLeaf.toString('base64') }],
        proposedBy: 'one',
        confirmedBy,
      });
      const open = async (): Promise<number> =>
        Number((await victim.sql('SELECT count(*) AS n FROM audit.quarantine WHERE restart IS NULL'))[0].n);
      const stranger = await victim.writer({ key: aKey(), introduce: false });
      await stranger.append(first(), { type: 'stream.restart', data: data('two') });
      expect([await victim.alarms(), await open()]).toEqual([[], 1]);
      // The same person twice is not two persons, even with the right key.
      await writer.append(first(), { type: 'stream.restart', data: data('one') });
      expect([await victim.alarms(), await open()]).toEqual([[], 1]);
    });
  });

  it('dates an entry back with all keys and a sealer of his own: TIME_WINDOW', async () => {
    const victim = await aVictim();
    const writer = await victim.writer();
    await victim.sealAll();
    await victim.sql("UPDATE audit.checkpoint SET drained_at = '2020-01-01'");
    await victim.withClock('-1 hour', () => writer.append(scene.case));
    expect(await victim.sealAll()).toEqual([]);
    await victim.sealHeads();
    // What he told his sealer does not show any more; what the witness saw does.
    await victim.sql('UPDATE audit.checkpoint SET drained_at = at');
    expect(await checksOf(victim)).toMatchObject({
      exit: 1,
      checks: expect.arrayContaining(['TIME_WINDOW']),
    });
  });

  it('gives an id that exists other content: the database refuses', async () => {
    const victim = await scene.victim();
    const writer = await victim.writer();
    const said = writer.sealed(scene.case);
    await writer.append(scene.case, said);
    // The same again is the same entry, not a second one.
    expect((await writer.append(scene.case, said)).o_seq).toBe(String((await victim.length(scene.case)) - 1));
    const other = writer.signed(scene.case, said.event, Buffer.from('{"v":2}'));
    await expect(writer.append(scene.case, other)).rejects.toMatchObject({ code: '23505' });
    await expect(writer.append(scene.cases[1]!, said)).rejects.toMatchObject({ code: '23505' });
  });

  describe('with the whole log', () => {
    /** Goes on honestly by so many entries, sealed and witnessed. */
    const goOn = async (victim: Victim, entries: number): Promise<void> => {
      const writer = await victim.writer();
      for (let i = 0; i < entries; i++) await writer.append(scene.case);
      expect(await victim.sealAll()).toEqual([]);
    };

    it('goes back to a backup that is shorter: the witness says so', async () => {
      const [now, backup] = [await scene.victim(), await scene.victim()];
      await goOn(now, 12);
      backup.witnessedBy(now);
      await goOnAlone(backup, 1);
      expect(await backup.publish()).toMatch(/it has seen \d+ entries: this log was set back/);
    });

    it('goes back to a backup and on until it is longer: the witness answers 422', async () => {
      const [now, backup] = [await scene.victim(), await scene.victim()];
      await goOn(now, 1);
      backup.witnessedBy(now);
      await goOnAlone(backup, 12);
      expect(await backup.publish()).toBe('it answered 422');
    });

    it('shows two auditors two histories of one size: one is cosigned, and the other not with its cosignature', async () => {
      const [one, other] = [await aVictim(), await aVictim()];
      await goOn(one, 3);
      other.witnessedBy(one);
      await goOnAlone(other, 3);
      expect((await one.sealer().latest())!.size).toBe((await other.sealer().latest())!.size);
      expect(await other.publish()).toBe('409 without a size: it knows another tree');
      await other.sql('DELETE FROM audit.cosignature');
      for (const { size, witness, t, line } of await one.sql(
        'SELECT size, witness, t::text, line FROM audit.cosignature',
      ))
        await other.sql('INSERT INTO audit.cosignature VALUES ($1, $2, $3, $4)', [size, witness, t, line]);
      expect(await checksOf(other)).toMatchObject({ exit: 1, checks: expect.arrayContaining(['QUORUM']) });
    });

    it('uses another key of the log under the same origin: the witness answers 403, LOG_SIGNATURE', async () => {
      const victim = await aVictim();
      const { verifier } = scene.logKey;
      const privateKey = aKey();
      await victim.relog({ privateKey, verifier: verifierKey(verifier.name, 1, privateKey) });
      expect(await victim.publish()).toBe('it answered 403');
      expect((await checksOf(victim)).checks).toContain('LOG_SIGNATURE');
    });

    const goOnAlone = async (victim: Victim, entries: number): Promise<void> => {
      const writer = await victim.writer();
      for (let i = 0; i < entries; i++) await writer.append(scene.case);
      expect(await victim.alarms()).toEqual([]);
    };
  });

  it('stops the stream of the system itself with a forged event: SIGNATURE, and the cases go on', async () => {
    const victim = await scene.victim();
    const writer = await victim.writer();
    await victim.sealAll();
    await writer.append(SYSTEM_STREAM, { ...writer.sealed(SYSTEM_STREAM), sig: Buffer.alloc(64) });
    expect(await victim.alarms()).toEqual(['SIGNATURE']);
    await writer.append(scene.case);
    const before = (await victim.sealer().latest())!.size;
    await victim.alarms();
    expect((await victim.sealer().latest())!.size).toBe(before + 1);
  });
});
