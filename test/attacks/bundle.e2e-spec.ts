import { generateKeyPairSync, sign } from 'node:crypto';
import { sha256, signedText } from '../../src/audit/envelope.js';
import { cosignatureLine, noteOf, parseNote, signatureLine, verifierKey } from '../../src/log/note.js';
import { Scene, type Files } from '../support/attacks.js';
import { zipOf } from '../support/zip.js';

const aKey = () => generateKeyPairSync('ed25519').privateKey;
const HASH = /[A-Za-z0-9+/]{43}=/;

/**
 * A bundle of the application, its sealer and its witness, changed on the way by somebody who holds the key of the
 * manifest. Each attack with the check that must see it.
 */
describe('attacks on a bundle', () => {
  let scene: Scene;
  let good: Files;
  beforeAll(async () => {
    scene = await Scene.set();
    good = await (await scene.victim()).bundle();
  }, 180_000);
  afterAll(() => scene.stop());

  let files: Files;
  beforeEach(() => (files = new Map(good)));

  const verdict = async (manifest: object = {}, policy?: string): Promise<[number, string[]]> => {
    const { exit, checks } = await scene.verifyBundle(files, manifest, policy);
    return [exit, [...new Set(checks.map(({ check }) => check as string))]];
  };
  const text = (path: string): string => files.get(path)!.toString();
  const edit = (path: string, change: (old: string) => string): void => {
    const changed = change(text(path));
    if (changed === text(path)) throw new Error(`Nothing changes in ${path}`);
    files.set(path, Buffer.from(changed));
  };
  const flipBit = (path: string, pattern: RegExp): void =>
    edit(path, (old) =>
      old.replace(pattern, (hash) => {
        const bytes = Buffer.from(hash, 'base64');
        bytes[5]! ^= 1;
        return bytes.toString('base64');
      }),
    );
  const entries = (): number => [...files.keys()].filter((path) => path.startsWith('entries/')).length;
  const without = (no: string): void => {
    for (const path of files.keys()) if (path.includes(no)) files.delete(path);
  };
  const last = (): string => {
    const sizes = [...files.keys()].flatMap((path) => /^checkpoints\/(\d+)\.note$/.exec(path)?.[1] ?? []);
    return `checkpoints/${Math.max(...sizes.map(Number))}.note`;
  };
  /** Replaces the last checkpoint, also where the proofs repeat it. */
  const putLast = (note: string): void => {
    const old = text(last());
    for (const path of files.keys()) {
      if (path === last() || path.endsWith('.tlog-proof'))
        files.set(path, Buffer.from(text(path).replace(old, () => note)));
    }
  };
  const linesOf = (note: string): [text: string, log: string, ...cosignatures: string[]] => {
    const { text: signedPart, signatures } = parseNote(note);
    return [signedPart, ...signatures.map(({ line }) => line)] as [string, string, ...string[]];
  };

  it('none: it is valid, and signing the manifest anew is no attack', async () => {
    expect(await verdict()).toEqual([0, []]);
  });

  it('changes a file without the key of the manifest: MANIFEST', async () => {
    files.set('report.html', Buffer.from('<p>He did nothing.</p>'));
    const report = await scene.verifier.verify(await zipOf(files), scene.policyText);
    expect([report.exit, report.checks.map(({ check }) => check)]).toEqual([1, ['MANIFEST']]);
  });

  it('edits a body: BODY', async () => {
    edit('bodies/000002.json', (body) => body.replace('"role":"', '"role":"X'));
    expect(await verdict()).toEqual([1, ['BODY']]);
  });

  it('edits a body and its hash: SIGNATURE, and it is not in the log', async () => {
    edit('bodies/000002.json', (body) => body.replace('"role":"', '"role":"X'));
    const hash = sha256(files.get('bodies/000002.json')!).toString('base64');
    edit('entries/000002.env', (envelope) => envelope.replace(/^body .*$/m, `body ${hash}`));
    const [exit, checks] = await verdict();
    expect([exit, checks]).toEqual([1, expect.arrayContaining(['SIGNATURE', 'INCLUSION', 'LINK'])]);
  });

  it('edits a body and signs it with the stolen key of the writer: it is not in the log, INCLUSION', async () => {
    edit('bodies/000002.json', (body) => body.replace('"role":"', '"role":"X'));
    const body = files.get('bodies/000002.json')!;
    const event = /^event (.*)$/m.exec(text('entries/000002.env'))![1]!;
    const sig = sign(null, signedText(scene.case, event, body), scene.writerKey).toString('base64');
    edit('entries/000002.env', (envelope) =>
      envelope
        .replace(/^body .*$/m, `body ${sha256(body).toString('base64')}`)
        .replace(/^sig .*$/m, `sig ${sig}`),
    );
    const [exit, checks] = await verdict();
    expect([exit, checks]).toEqual([1, expect.arrayContaining(['INCLUSION', 'LINK'])]);
    expect(checks).not.toContain('SIGNATURE');
  });

  it('leaves an event out: SEQUENCE', async () => {
    without('/000003.');
    expect(await verdict({ entries: entries() })).toEqual([1, expect.arrayContaining(['SEQUENCE'])]);
  });

  it('leaves an event out and numbers the files anew: SEQUENCE, LINK', async () => {
    const count = entries();
    without('/000003.');
    for (let seq = 4; seq < count; seq++) {
      for (const path of [...files.keys()]) {
        if (!path.includes(`/${String(seq).padStart(6, '0')}.`)) continue;
        files.set(path.replace(/\d{6}/, String(seq - 1).padStart(6, '0')), files.get(path)!);
        files.delete(path);
      }
    }
    expect(await verdict({ entries: entries() })).toEqual([1, expect.arrayContaining(['SEQUENCE'])]);
  });

  it('swaps two events: SEQUENCE, LINK', async () => {
    for (const [one, other] of [
      ['entries/000002.env', 'entries/000003.env'],
      ['bodies/000002.json', 'bodies/000003.json'],
      ['proofs/000002.tlog-proof', 'proofs/000003.tlog-proof'],
    ] as const) {
      const kept = files.get(one)!;
      files.set(one, files.get(other)!);
      files.set(other, kept);
    }
    expect(await verdict()).toEqual([1, expect.arrayContaining(['SEQUENCE'])]);
  });

  it('hides the tail: HEADS', async () => {
    without(`/${String(entries() - 1).padStart(6, '0')}.`);
    expect(await verdict({ entries: entries() })).toEqual([1, ['HEADS']]);
  });

  it('hides the tail and the map of heads: it does not say that it is complete', async () => {
    without(`/${String(entries() - 1).padStart(6, '0')}.`);
    for (const path of [...files.keys()]) if (path.startsWith('heads/')) files.delete(path);
    expect(await verdict({ entries: entries(), heads: null })).toEqual([2, ['HEADS']]);
  });

  it("shows another case's line of the map: HEADS", async () => {
    const other = await (await scene.victim()).bundle(scene.cases[1]);
    for (const path of ['heads/line.txt', 'heads/map.proof']) files.set(path, other.get(path)!);
    expect(await verdict()).toEqual([1, ['HEADS']]);
  });

  it('passes a case off as another: ENVELOPE', async () => {
    const [exit, checks] = await verdict({ case: scene.cases[1] });
    expect([exit, checks]).toEqual([1, expect.arrayContaining(['ENVELOPE'])]);
  });

  it('flips a bit of a proof of inclusion: INCLUSION', async () => {
    flipBit('proofs/000002.tlog-proof', HASH);
    expect(await verdict()).toEqual([1, ['INCLUSION']]);
  });

  it('flips a bit of a proof of consistency: CONSISTENCY', async () => {
    flipBit(last().replace('.note', '.consistency'), HASH);
    expect(await verdict()).toEqual([1, ['CONSISTENCY']]);
  });

  it('flips a bit of the proof of the map: HEADS', async () => {
    flipBit('heads/map.proof', HASH);
    expect(await verdict()).toEqual([1, ['HEADS']]);
  });

  it('adds a line to the checkpoint and signs it with the stolen key of the log: NOTE', async () => {
    const longer = `${linesOf(text(last()))[0]}a line more\n`;
    const { verifier, privateKey } = scene.logKey;
    putLast(noteOf(longer, [signatureLine(verifier.name, privateKey, longer)]));
    expect(await verdict()).toEqual([1, expect.arrayContaining(['NOTE'])]);
  });

  it('signs another tree with the stolen key of the log and keeps the cosignatures: QUORUM', async () => {
    const [old, , ...cosignatures] = linesOf(text(last()));
    const other = old.replace(HASH, sha256('another tree').toString('base64'));
    const { verifier, privateKey } = scene.logKey;
    putLast(noteOf(other, [signatureLine(verifier.name, privateKey, other), ...cosignatures]));
    expect(await verdict()).toEqual([1, expect.arrayContaining(['QUORUM', 'CONSISTENCY', 'INCLUSION'])]);
  });

  it('signs with another key of the log under the same origin: LOG_SIGNATURE', async () => {
    const [old, , ...cosignatures] = linesOf(text(last()));
    putLast(noteOf(old, [signatureLine(scene.logKey.verifier.name, aKey(), old), ...cosignatures]));
    expect(await verdict()).toEqual([1, expect.arrayContaining(['LOG_SIGNATURE'])]);
  });

  it('cosigns as a witness with a key of its own, under the name of the true one: QUORUM', async () => {
    const [old, log, cosignature] = linesOf(text(last()));
    const name = cosignature!.split(' ')[1]!;
    putLast(noteOf(old, [log, cosignatureLine(name, aKey(), old, Math.floor(Date.now() / 1000))]));
    expect(await verdict()).toEqual([2, ['QUORUM']]);
  });

  it('puts other times on cosignatures: QUORUM', async () => {
    for (const path of [...files.keys()].filter(
      (one) => one.endsWith('.note') && one.startsWith('checkpoints/'),
    )) {
      const [old, log, ...cosignatures] = linesOf(text(path));
      const later = cosignatures.map((line) => {
        const [dash, name, encoded] = line.split(' ') as [string, string, string];
        const bytes = Buffer.from(encoded, 'base64');
        bytes.writeBigUInt64BE(bytes.readBigUInt64BE(4) - 86_400n, 4);
        return `${dash} ${name} ${bytes.toString('base64')}`;
      });
      const note = noteOf(old, [log, ...later]);
      if (path === last()) putLast(note);
      else files.set(path, Buffer.from(note));
    }
    expect(await verdict()).toEqual([1, ['QUORUM']]);
  });

  it('leaves the cosignatures out: QUORUM, and no more than the word of the log', async () => {
    for (const path of [...files.keys()].filter(
      (one) => one.endsWith('.note') && one.startsWith('checkpoints/'),
    )) {
      const [old, log] = linesOf(text(path));
      if (path === last()) putLast(noteOf(old, [log]));
      else files.set(path, Buffer.from(noteOf(old, [log])));
    }
    expect(await verdict()).toEqual([2, ['QUORUM']]);
  });

  it('leaves out the earlier checkpoints, which bound the times: it says that no witness bounds them', async () => {
    for (const path of files.keys())
      if (path.startsWith('checkpoints/') && !path.startsWith(last().replace('note', ''))) files.delete(path);
    files.set(last().replace('.note', '.consistency'), Buffer.alloc(0));
    const { exit, notProven } = await scene.verifyBundle(files);
    expect([exit, notProven.join()]).toEqual([
      0,
      expect.stringContaining('no witness bounds it on both sides'),
    ]);
  });

  it('changes a value: DISCLOSURE', async () => {
    const path = [...files.keys()].find((one) => one.startsWith('disclosures/'))!;
    const list = JSON.parse(text(path));
    const index = list.findIndex((one: { content?: string }) => one.content);
    const [salt, name] = JSON.parse(Buffer.from(list[index].content, 'base64').toString());
    list[index].content = Buffer.from(JSON.stringify([salt, name, 'nothing'])).toString('base64');
    files.set(path, Buffer.from(JSON.stringify(list)));
    expect(await verdict()).toEqual([1, ['DISCLOSURE']]);
  });

  it('brings a policy of its own in the bundle: it is not believed', async () => {
    const key = aKey();
    files.set('policy.txt', Buffer.from(`log ${verifierKey('own.example', 1, key).vkey}\nquorum none\n`));
    expect(await verdict()).toEqual([0, []]);
    // Only the policy that the reader holds counts.
    expect(await verdict({}, text('policy.txt'))).toEqual([
      1,
      expect.arrayContaining(['LOG_SIGNATURE', 'WRITER']),
    ]);
  });

  it('signs the manifest with a key of its own: MANIFEST_SIGNATURE', async () => {
    edit('manifest.note', (note) => {
      const { text: said } = parseNote(note);
      return noteOf(said, [signatureLine('writer', aKey(), said)]);
    });
    const report = await scene.verifier.verify(await zipOf(files), scene.policyText);
    expect([report.exit, report.checks.map(({ check }) => check)]).toEqual([1, ['MANIFEST_SIGNATURE']]);
  });
});
