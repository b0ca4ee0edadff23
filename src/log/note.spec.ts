import fc from 'fast-check';
import { createPrivateKey, type KeyObject } from 'node:crypto';
import {
  checkpointText,
  cosignatureLine,
  cosignedBy,
  NoteError,
  noteOf,
  parseCheckpoint,
  parseNote,
  parseSignatureLine,
  parseVerifierKey,
  signatureLine,
  signedBy,
  verifierKey,
} from './note.js';

/** The Ed25519 key whose seed is this byte over and over. */
const keyOf = (seed: number): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, seed)]),
    format: 'der',
    type: 'pkcs8',
  });

const [log, witness, stranger] = [keyOf(1), keyOf(2), keyOf(3)];
const text = 'plumbline.test/1\n7\n' + `${Buffer.alloc(32, 5).toString('base64')}\n`;
const [logLine, witnessLine] = [
  signatureLine('plumbline.test/1', log, text),
  cosignatureLine('w1', witness, text, 1_780_000_000),
];
const note = noteOf(text, [logLine, witnessLine]);
/** The other spelling of the last character before the padding: Node's decoder takes both. */
const lenient = (base64: string): string =>
  base64.replace(/(.)(=+)$/, (_, last: string, padding: string) => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    return alphabet[alphabet.indexOf(last) + 1]! + padding;
  });

const names = fc.stringMatching(/^[a-z0-9./:-]{1,40}$/);
const seeds = fc.integer({ min: 0, max: 255 });

describe('a signed note', () => {
  it('says again what was written, whoever signs it', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 200 }).map((one) => `${one}\n`);
    fc.assert(
      fc.property(texts, fc.array(fc.tuple(names, seeds), { minLength: 1, maxLength: 16 }), (said, by) => {
        const lines = by.map(([name, seed]) => signatureLine(name, keyOf(seed), said));
        const read = parseNote(noteOf(said, lines));
        expect(read.text).toBe(said);
        expect(read.signatures.map(({ line }) => line)).toEqual(lines);
        for (const [name, seed] of by) expect(signedBy(read, verifierKey(name, 1, keyOf(seed)))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('may have blank lines in its text: the last one ends it', () => {
    const said = 'one\n\ntwo\n\n\nthree\n';
    expect(parseNote(noteOf(said, [logLine])).text).toBe(said);
  });

  it.each<[string, string]>([
    ['empty', ''],
    ['without a signature', text],
    ['without a signature after the blank line', `${text}\n`],
    ['without its last line feed', note.slice(0, -1)],
    ['without the blank line', text + logLine + '\n'],
    ['with a line after the signatures', `${note}a line\n`],
    ['with a blank line after the signatures', `${note}\n`],
    ['with a line between the signatures', noteOf(text, [logLine, 'a line', witnessLine])],
    ['with carriage returns', note.replaceAll('\n', '\r\n')],
    ['with a hyphen for the dash', noteOf(text, [logLine.replace('\u2014', '-')])],
    ['with two blanks', noteOf(text, [logLine.replace(' ', '  ')])],
    ['with a blank at the end of a line', noteOf(text, [`${logLine} `])],
    ['with a name that has a plus', noteOf(text, [logLine.replace('plumbline.test/1', 'a+b')])],
    ['without a name', noteOf(text, [logLine.replace('plumbline.test/1 ', '')])],
    ['with a name that is too long', noteOf(text, [logLine.replace('plumbline.test/1', 'a'.repeat(256))])],
    ['with base64 that no encoder writes, one padding', noteOf(text, [lenient(logLine)])],
    ['with base64 that no encoder writes, two paddings', noteOf(text, [lenient(witnessLine)])],
    [
      'with base64 without padding',
      noteOf(text, [`\u2014 a ${Buffer.alloc(68).toString('base64').slice(0, -1)}`]),
    ],
    ['with base64 for URLs', noteOf(text, [`\u2014 a ${Buffer.alloc(69, 255).toString('base64url')}`])],
    ['with a break in its base64', noteOf(text, [logLine.slice(0, 60) + '\n' + logLine.slice(60)])],
    ['with a signature of nothing but a key id', noteOf(text, ['\u2014 a AAAAAA=='])],
    ['with seventeen signatures', noteOf(text, Array<string>(17).fill(logLine))],
  ])('%s is none', (_, wrong) => {
    expect(() => parseNote(wrong)).toThrow(NoteError);
  });

  it('has up to sixteen signatures', () => {
    expect(parseNote(noteOf(text, Array<string>(16).fill(logLine))).signatures).toHaveLength(16);
  });

  it('is signed by the key of this name, id, kind and text, and by no other', () => {
    const key = verifierKey('plumbline.test/1', 1, log);
    expect(signedBy(parseNote(note), key)).toBe(true);
    for (const other of [
      verifierKey('plumbline.test/2', 1, log),
      verifierKey('plumbline.test/1', 1, stranger),
      verifierKey('plumbline.test/1', 4, log),
    ])
      expect(signedBy(parseNote(note), other)).toBe(false);
    expect(signedBy(parseNote(noteOf(`${text}x\n`, [logLine])), key)).toBe(false);
    const ofAnother = parseSignatureLine(signatureLine('plumbline.test/1', stranger, text)).signature;
    const forged = `\u2014 ${key.name} ${Buffer.concat([key.id, ofAnother]).toString('base64')}`;
    expect(signedBy(parseNote(noteOf(text, [forged])), key)).toBe(false);
  });

  it('is signed though lines of unknown keys stand before, some under the same name', () => {
    const lines = [signatureLine('plumbline.test/1', stranger, text), witnessLine, logLine];
    expect(signedBy(parseNote(noteOf(text, lines)), verifierKey('plumbline.test/1', 1, log))).toBe(true);
  });
});

describe('a cosignature', () => {
  const key = verifierKey('w1', 4, witness);
  const line = parseSignatureLine(witnessLine);

  it('says when, for this text and this key', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31), (seconds) => {
        const made = parseSignatureLine(cosignatureLine('w1', witness, text, seconds));
        expect(cosignedBy(text, made, key)).toBe(seconds);
      }),
      { numRuns: 30 },
    );
    expect(cosignedBy(`${text}x`, line, key)).toBeUndefined();
    expect(cosignedBy(text, line, verifierKey('w2', 4, witness))).toBeUndefined();
    expect(cosignedBy(text, line, verifierKey('w1', 4, stranger))).toBeUndefined();
    expect(cosignedBy(text, line, verifierKey('w1', 1, witness))).toBeUndefined();
  });

  it('says nothing when its time or its signature was altered, or it is cut short', () => {
    for (let at = 0; at < 72; at++) {
      const signature = Buffer.from(line.signature);
      signature[at]! ^= 1;
      expect(cosignedBy(text, { ...line, signature }, key)).toBeUndefined();
    }
    expect(cosignedBy(text, { ...line, signature: line.signature.subarray(0, -1) }, key)).toBeUndefined();
    // What a log signs is no cosignature.
    const plain = parseSignatureLine(signatureLine('w1', witness, text));
    expect(cosignedBy(text, { ...plain, id: key.id }, key)).toBeUndefined();
  });
});

describe('a checkpoint', () => {
  it('is three lines', () => {
    const roots = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(names, fc.maxSafeNat(), roots, (origin, size, root) => {
        expect(parseCheckpoint(checkpointText({ origin, size, root }))).toEqual({ origin, size, root });
      }),
    );
  });

  const [origin, size, root] = text.split('\n') as [string, string, string];
  it.each<[string, string]>([
    ['a line more', `${text}extension\n`],
    ['a blank line', `${text}\n`],
    ['no line feed', text.slice(0, -1)],
    ['no origin', `\n${size}\n${root}\n`],
    ['a leading zero', `${origin}\n07\n${root}\n`],
    ['a sign', `${origin}\n+7\n${root}\n`],
    ['a fraction', `${origin}\n7.0\n${root}\n`],
    ['a size that is no safe integer', `${origin}\n9007199254740993\n${root}\n`],
    ['a short root', `${origin}\n7\n${Buffer.alloc(31).toString('base64')}\n`],
    ['a root that no encoder writes', `${origin}\n7\n${lenient(root)}\n`],
  ])('with %s is none', (_, wrong) => {
    expect(() => parseCheckpoint(wrong)).toThrow(NoteError);
  });
});

describe('a verifier key', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(names, fc.constantFrom(1 as const, 4 as const), seeds, (name, type, seed) => {
        const key = verifierKey(name, type, keyOf(seed));
        const read = parseVerifierKey(key.vkey);
        expect({ ...read, key: undefined }).toEqual({ ...key, key: undefined });
        expect(read.key.equals(key.key)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  const { vkey } = verifierKey('plumbline.test/1', 1, log);
  const [name, id] = vkey.split('+') as [string, string];
  const encoded = vkey.slice(name.length + id.length + 2);
  it.each<[string, string]>([
    ['another name', vkey.replace('test/1', 'test/2')],
    ['another id', vkey.replace(id, id === '00000000' ? '00000001' : '00000000')],
    ['an id in capitals', vkey.replace(id, 'ABCDEF01')],
    [
      'another kind of key',
      `${name}+${id}+${Buffer.concat([Buffer.from([2]), Buffer.alloc(32)]).toString('base64')}`,
    ],
    ['a key that is too short', `${name}+${id}+${Buffer.alloc(32, 1).toString('base64')}`],
    ['base64 without padding', `${name}+${id}+${encoded.replace(/=+$/, '')}x`],
    ['a blank in its name', vkey.replace(name, 'a b')],
    ['no name', vkey.slice(name.length)],
    ['a line feed', `${vkey}\n`],
  ])('with %s is none', (_, wrong) => {
    expect(() => parseVerifierKey(wrong)).toThrow(NoteError);
  });
});
