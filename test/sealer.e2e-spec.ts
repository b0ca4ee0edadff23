import {
  consistencyProof,
  inclusionProof,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from '../src/log/merkle.js';
import { parseCheckpoint, parseNote, parseVerifierKey, signedBy } from '../src/log/note.js';
import { DatabaseTiles } from '../src/log/tile-store.js';
import { subtreesOf } from '../src/log/tiles.js';
import { startTestApp, type TestApp } from './support/app.js';
import { aCase } from './support/builders.js';
import { aSealer, type TestSealer } from './support/sealing.js';

describe('the sealer', () => {
  let t: TestApp;
  let s: TestSealer;
  beforeEach(async () => {
    t = await startTestApp();
    s = aSealer(t);
  }, 60_000);
  afterEach(async () => {
    await s.stop();
    await t.stop();
  });

  const waiting = async (): Promise<number> =>
    Number((await t.sql('SELECT count(*) AS n FROM audit.unsealed'))[0].n);
  const leaves = (): Promise<{ idx: string; leaf: Buffer; stream: string; seq: string }[]> =>
    t.sql(
      'SELECT l.idx, l.leaf, e.stream, e.seq FROM audit.leaf l JOIN audit.entry e USING (id) ORDER BY idx',
    );
  it('seals everything once, and each entry and each beginning proves against the checkpoint', async () => {
    await aCase(t);
    const passes = await s.sealAll();
    expect(passes[0]!.sealed).toBeGreaterThan(10);
    expect(await waiting()).toBe(0);
    await aCase(t);
    await s.sealAll();

    const all = await leaves();
    expect(all.map(({ idx }) => Number(idx))).toEqual(all.map((_, i) => i));
    const checkpoints = await t.sql('SELECT size, root, note FROM audit.checkpoint ORDER BY size');
    const log = parseVerifierKey(s.logVkey);
    const subtrees = subtreesOf(new DatabaseTiles(s.pool));
    for (const { size, root, note } of checkpoints) {
      const parsed = parseNote(note);
      expect(signedBy(parsed, log)).toBe(true);
      expect(parseCheckpoint(parsed.text)).toEqual({ origin: s.origin, size: Number(size), root });
      expect(rootOf(all.slice(0, Number(size)).map(({ leaf }) => leaf))).toEqual(root);
    }
    const [last, before] = [checkpoints.at(-1), checkpoints.at(-2)];
    for (const [i, { leaf }] of all.slice(0, Number(last.size)).entries()) {
      const proof = await inclusionProof(subtrees, i, Number(last.size));
      expect(verifyInclusion(leaf, i, Number(last.size), proof, last.root)).toBe(true);
    }
    const proof = await consistencyProof(subtrees, Number(before.size), Number(last.size));
    expect(verifyConsistency(Number(before.size), Number(last.size), proof, before.root, last.root)).toBe(
      true,
    );
  });
});
