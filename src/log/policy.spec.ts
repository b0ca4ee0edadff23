import fc from 'fast-check';
import { generateKeyPairSync } from 'node:crypto';
import { verifierKey, type KeyType } from './note.js';
import { parsePolicy, PolicyError, quorumMet } from './policy.js';

const vkey = (name: string, type: KeyType): string =>
  verifierKey(name, type, generateKeyPairSync('ed25519').publicKey).vkey;

const [log, log2, writer] = [vkey('plumbline.test/1', 1), vkey('plumbline.test/1', 1), vkey('writer', 1)];
const keys = ['w1', 'w2', 'w3', 'w4'].map((name) => vkey(name, 4));
const [w1, w2, w3, w4] = keys.map((key, i) => `witness w${i + 1} ${key}`) as [string, string, string, string];

const policy = (...lines: string[]) => parsePolicy(lines.join('\n'));
const met = (lines: readonly string[], ...seen: string[]): boolean =>
  quorumMet(policy(w1, w2, w3, w4, ...lines), new Set(seen));

describe('a policy', () => {
  it('names logs, writers, witnesses with their addresses, groups and the quorum', () => {
    const read = policy(
      '# whom to believe',
      '',
      `log ${log} https://log.example/`,
      `\twriter   ${writer}  `,
      `${w1} https://w1.example/add`,
      w2,
      'group both all w1 w2',
      'quorum both',
    );
    expect(read.logs.map((key) => key.vkey)).toEqual([log]);
    expect(read.writers.map((key) => key.vkey)).toEqual([writer]);
    expect(read.witnesses.map(({ name, url }) => [name, url])).toEqual([
      ['w1', 'https://w1.example/add'],
      ['w2', undefined],
    ]);
    expect([read.groups.get('both'), read.quorum]).toEqual([{ threshold: 2, members: ['w1', 'w2'] }, 'both']);
  });

  it('may have two logs of one name, as when a key is replaced', () => {
    expect(policy(`log ${log}`, `log ${log2}`, 'quorum none').logs).toHaveLength(2);
  });

  it.each<[string, string[], RegExp]>([
    ['without a quorum', [w1], /there is no quorum/],
    ['that is empty', [''], /there is no quorum/],
    ['with two quorums', [w1, 'quorum w1', 'quorum w1'], /line 3: there is a quorum already/],
    ['with a quorum of nobody', ['quorum w1'], /line 1: w1 is not defined/],
    ['with a quorum that comes before its witness', ['quorum w1', w1], /line 1: w1 is not defined/],
    ['with a witness twice', [w1, w1, 'quorum w1'], /line 2: the name w1 is taken/],
    [
      'with one key under two names',
      [w1, `witness other ${keys[0]}`, 'quorum w1'],
      /line 2: the key stands twice/,
    ],
    ['with a log twice', [`log ${log}`, `log ${log}`, 'quorum none'], /line 2: the key stands twice/],
    ['with a writer twice', [`writer ${writer}`, `writer ${writer}`, 'quorum none'], /line 2: .*twice/],
    [
      'with a witness called none',
      [`witness none ${keys[0]}`, 'quorum none'],
      /line 1: the name none is taken/,
    ],
    [
      'with a group called like a witness',
      [w1, 'group w1 any w1', 'quorum w1'],
      /line 2: the name w1 is taken/,
    ],
    ['with a log key for a witness', [`witness w1 ${log}`, 'quorum w1'], /line 1: .*wrong kind/],
    ['with a witness key for a log', [`log ${keys[0]}`, 'quorum none'], /line 1: .*wrong kind/],
    ['with a witness key for a writer', [`writer ${keys[0]}`, 'quorum none'], /line 1: .*wrong kind/],
    [
      'with a key whose id does not fit',
      [`log ${log.replace(/\+[0-9a-f]{8}\+/, '+00000000+')}`],
      /line 1: the id/,
    ],
    ['with a group of nobody', [w1, 'group g any', 'quorum g'], /line 2: "group"/],
    ['with a member that is not defined', [w1, 'group g any w1 w2', 'quorum g'], /line 2: w2 is not defined/],
    [
      'with a member in two groups',
      [w1, 'group g any w1', 'group h any w1', 'quorum h'],
      /line 3: w1 is in a group/,
    ],
    ['with a member twice', [w1, 'group g 2 w1 w1', 'quorum g'], /line 2: w1 is in a group already/],
    ['with a group of itself', [w1, 'group g any w1 g', 'quorum g'], /line 2: g is not defined/],
    ['with a threshold above its members', [w1, w2, 'group g 3 w1 w2', 'quorum g'], /line 3: a group wants/],
    ['with a threshold of none', [w1, 'group g 0 w1', 'quorum g'], /line 2: a group wants/],
    ['with a threshold of 01', [w1, 'group g 01 w1', 'quorum g'], /line 2: a group wants/],
    ['with a threshold of 1e0', [w1, 'group g 1e0 w1', 'quorum g'], /line 2: a group wants/],
    ['with a threshold in words', [w1, 'group g most w1', 'quorum g'], /line 2: a group wants/],
    ['with a word that is none', [w1, 'Quorum w1'], /line 2: "Quorum" is no line/],
    ['with a word too many', [w1, 'quorum w1 w1'], /line 2: "quorum" is no line/],
    ['with carriage returns', [`${w1}\r`, 'quorum w1\r'], /line 1: /],
  ])('%s is refused, and the line named', (_, lines, why) => {
    const read = () => policy(...lines);
    expect(read).toThrow(PolicyError);
    expect(read).toThrow(why);
  });
});

describe('a quorum', () => {
  it('none wants nobody, and a witness wants itself', () => {
    expect(met(['quorum none'])).toBe(true);
    expect(met(['quorum w1'], 'w1')).toBe(true);
    expect(met(['quorum w1'], 'w2', 'w3')).toBe(false);
    expect(met(['quorum w1'])).toBe(false);
  });

  it('any wants one and all wants each', () => {
    expect(met(['group g any w1 w2', 'quorum g'], 'w2')).toBe(true);
    expect(met(['group g any w1 w2', 'quorum g'], 'w3')).toBe(false);
    expect(met(['group g all w1 w2', 'quorum g'], 'w1')).toBe(false);
    expect(met(['group g all w1 w2', 'quorum g'], 'w1', 'w2')).toBe(true);
  });

  it('k of n wants k, whichever they are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.subarray(['w1', 'w2', 'w3', 'w4']), (k, seen) => {
        expect(met([`group g ${k} w1 w2 w3 w4`, 'quorum g'], ...seen)).toBe(seen.length >= k);
      }),
    );
  });

  it('counts a group of groups by its members, not by their witnesses', () => {
    const lines = ['group a 2 w1 w2', 'group b any w3 w4', 'group g all a b', 'quorum g'];
    expect(met(lines, 'w1', 'w2')).toBe(false);
    expect(met(lines, 'w1', 'w3', 'w4')).toBe(false);
    expect(met(lines, 'w1', 'w2', 'w4')).toBe(true);
  });

  it('does not count names that no line defines', () => {
    expect(met(['group g 2 w1 w2', 'quorum g'], 'w1', 'g', 'stranger')).toBe(false);
  });
});
