import { disclosureDigest } from '../../src/audit/disclosures.js';
import { leafHash, sha256 } from '../../src/audit/envelope.js';
import { checkpointText, noteOf, parseNote, signatureLine } from '../../src/log/note.js';
import {
  makeBundle,
  ORIGIN,
  policyOf,
  Random,
  signManifest,
  zipOf,
  type Lie,
  type MadeBundle,
} from './bundles.js';

export interface BadBundle {
  readonly zip: Buffer;
  readonly policy: string;
}

/** A way to spoil a bundle, and the check that must see it. */
export interface Mutation {
  readonly name: string;
  readonly check: string;
  readonly verdict: 'invalid' | 'limited' | 'unreadable';
  readonly make: (seed: string | number) => Promise<BadBundle>;
}

type Spoil = (made: MadeBundle, random: Random) => void | Partial<BadBundle>;

const names = ({ files }: MadeBundle, pattern: RegExp): string[] =>
  [...files.keys()].filter((name) => pattern.test(name)).sort();
const any = (made: MadeBundle, random: Random, pattern: RegExp): string => random.pick(names(made, pattern));
/** The event before the last: in its middle, as far as the chain is concerned. */
const middle = (made: MadeBundle, folder: string, extension: string): string =>
  names(made, new RegExp(`^${folder}/.*\\.${extension}$`)).at(-2)!;
const lastCheckpoint = (made: MadeBundle): string =>
  `checkpoints/${Math.max(...names(made, /\.note$/).map((name) => Number(/\d+/.exec(name)?.[0] ?? 0)))}.note`;
const edit = ({ files }: MadeBundle, name: string, change: (text: string) => string): void =>
  void files.set(name, Buffer.from(change(files.get(name)!.toString())));
const flip = ({ files }: MadeBundle, random: Random, name: string): void => {
  const bytes = Buffer.from(files.get(name)!);
  bytes[random.below(bytes.length)]! ^= 1 << random.below(7);
  files.set(name, bytes);
};
/** Another hash, in base64 as it should be. */
const otherHash = (random: Random): string => random.bytes(32).toString('base64');
const HASH = /[A-Za-z0-9+/]{43}=/;
const withoutSignature = (pattern: RegExp) => (note: string) => {
  const { text, signatures } = parseNote(note);
  return noteOf(
    text,
    signatures.filter(({ line }) => !pattern.test(line)).map(({ line }) => line),
  );
};
/** One byte of the last signature that fits, with the base64 still in order. */
const spoiltSignature = (pattern: RegExp) => (note: string) =>
  note.replace(pattern, (_, head: string, encoded: string) => {
    const bytes = Buffer.from(encoded, 'base64');
    bytes[bytes.length - 3]! ^= 4;
    return `${head}${bytes.toString('base64')}`;
  });
/** Another body for the event before the last, and its hash in the envelope. */
const rebodied =
  (change: (text: string) => string): Spoil =>
  (made) => {
    const body = middle(made, 'bodies', 'json');
    edit(made, body, change);
    const hash = sha256(made.files.get(body)!).toString('base64');
    edit(made, middle(made, 'entries', 'env'), (text) => text.replace(/body \S+/, `body ${hash}`));
  };
const remove =
  (pattern: RegExp): Spoil =>
  (made) => {
    for (const name of names(made, pattern)) made.files.delete(name);
  };

interface MutationOptions {
  readonly verdict?: Mutation['verdict'];
  /** Whether the manifest is signed anew, as one can who holds the writer's key. */
  readonly resign?: boolean;
  readonly manifest?: object;
}

const mutation = (
  name: string,
  check: string,
  spoil: Spoil,
  { verdict = 'invalid', resign = true, manifest = {} }: MutationOptions = {},
): Mutation => ({
  name,
  check,
  verdict,
  make: async (seed) => {
    const made = makeBundle(seed);
    const change = spoil(made, new Random(`${seed}/${name}`));
    if (resign) signManifest(made, manifest);
    return { zip: change?.zip ?? (await zipOf(made.files)), policy: change?.policy ?? made.policy };
  },
});
const lie = (name: Lie, check: string): Mutation => ({
  name: `the log lies: ${name}`,
  check,
  verdict: 'invalid',
  make: async (seed) => {
    const { files, policy } = makeBundle(seed, { lie: name });
    return { zip: await zipOf(files), policy };
  },
});
const unsigned = { resign: false };
/** Not a bundle any more: the bytes of the ZIP themselves. */
const zipped = (name: string, check: string, change: (zip: Buffer, random: Random) => Buffer): Mutation => ({
  name,
  check,
  verdict: 'unreadable',
  make: async (seed) => {
    const { files, policy } = makeBundle(seed);
    return { zip: change(await zipOf(files), new Random(`${seed}/${name}`)), policy };
  },
});
const renamed = (from: string, to: string) => (zip: Buffer) => {
  const text = zip.toString('latin1');
  return Buffer.from(text.replaceAll(from, to), 'latin1');
};

/** Except for the first few, the manifest is signed anew: whoever spoils a bundle may hold the writer's key. */
export const mutations: readonly Mutation[] = [
  mutation('a byte of any file', 'MANIFEST', (m, r) => flip(m, r, any(m, r, /^(bodies|report)/)), unsigned),
  mutation('a file gone', 'MANIFEST', (m, r) => void m.files.delete(any(m, r, /^bodies/)), unsigned),
  mutation('a file more', 'MANIFEST', (m) => void m.files.set('events.csv', Buffer.from('x')), unsigned),
  mutation('no manifest', 'MANIFEST', (m) => void m.files.delete('manifest.json'), unsigned),
  mutation('a space in the manifest', 'MANIFEST', (m) => edit(m, 'manifest.json', (t) => `${t} `), unsigned),
  mutation(
    'another purpose',
    'MANIFEST_SIGNATURE',
    (m) => edit(m, 'manifest.json', (t) => t.replace('Review', 'Court')),
    unsigned,
  ),
  mutation(
    'no signature of the manifest',
    'MANIFEST_SIGNATURE',
    (m) => void m.files.delete('manifest.note'),
    unsigned,
  ),
  mutation(
    'the manifest signed by a stranger',
    'MANIFEST_SIGNATURE',
    (m) =>
      edit(m, 'manifest.note', (note) => {
        const { text } = parseNote(note);
        return noteOf(text, [signatureLine('writer', m.keys.stranger, text)]);
      }),
    unsigned,
  ),
  mutation('a manifest for another case', 'ENVELOPE', () => {}, {
    manifest: { case: '00000000-0000-7000-8000-00000000000a' },
  }),
  mutation('a manifest for another checkpoint', 'MANIFEST', () => {}, { manifest: { checkpoint: 1 } }),
  mutation('a manifest for more entries', 'MANIFEST', () => {}, { manifest: { entries: 99 } }),

  mutation('a fourth line in a checkpoint', 'NOTE', (m, r) =>
    edit(m, any(m, r, /\d\.note$/), (t) => t.replace('\n\n', '\nmore\n\n')),
  ),
  // The last character before the padding has bits that no byte takes; a lenient decoder drops them.
  mutation('base64 that no encoder writes', 'NOTE', (m) =>
    edit(m, lastCheckpoint(m), (t) =>
      t.replace(/(— plumbline\S* \S+)(\S)=\n/, (_, head: string, last: string) => {
        const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
        return `${head}${alphabet[alphabet.indexOf(last) + 1]}=\n`;
      }),
    ),
  ),
  mutation('a checkpoint under another size', 'NOTE', (m) => {
    m.files.set('checkpoints/99999.note', m.files.get(lastCheckpoint(m))!);
  }),
  mutation('another root', 'LOG_SIGNATURE', (m, r) =>
    edit(m, lastCheckpoint(m), (t) => t.replace(HASH, otherHash(r))),
  ),
  mutation('the signature of the log spoilt', 'LOG_SIGNATURE', (m) =>
    edit(m, lastCheckpoint(m), spoiltSignature(/(— plumbline\.test\S* )(\S+)/)),
  ),
  mutation('the signature of the log gone', 'LOG_SIGNATURE', (m) =>
    edit(m, lastCheckpoint(m), withoutSignature(/plumbline/)),
  ),
  mutation('another policy', 'LOG_SIGNATURE', (m) => ({
    policy: policyOf({ ...m.keys, log: m.keys.stranger }),
  })),
  mutation('a cosignature spoilt', 'QUORUM', (m) =>
    edit(m, lastCheckpoint(m), spoiltSignature(/(— w0\.test )(\S+)/)),
  ),
  mutation(
    'no cosignatures',
    'QUORUM',
    (m) => {
      for (const name of names(m, /(\d\.note|tlog-proof)$/)) {
        edit(m, name, (t) => {
          const at = name.endsWith('.note') ? 0 : t.indexOf('\n\n') + 2;
          return t.slice(0, at) + withoutSignature(/ w\d\.test /)(t.slice(at));
        });
      }
    },
    { verdict: 'limited' },
  ),
  mutation(
    'one witness where the policy wants two',
    'QUORUM',
    (m) => ({ policy: policyOf({ ...m.keys, witnesses: [m.keys.witnesses[0]!, m.keys.stranger] }) }),
    { verdict: 'limited' },
  ),
  mutation(
    'other witnesses',
    'QUORUM',
    (m) => ({ policy: policyOf({ ...m.keys, witnesses: [m.keys.stranger] }) }),
    { verdict: 'limited' },
  ),
  mutation('17 signatures', 'NOTE', (m) =>
    edit(m, lastCheckpoint(m), (t) => t + `${t.trim().split('\n').at(-1)}\n`.repeat(16)),
  ),
  mutation('another hash in a consistency proof', 'CONSISTENCY', (m, r) => {
    const proofs = names(m, /\.consistency$/).filter((name) => m.files.get(name)!.length > 0);
    edit(m, r.pick(proofs), (t) => t.replace(HASH, otherHash(r)));
  }),
  mutation(
    'no consistency proof',
    'CONSISTENCY',
    (m) => void m.files.delete(lastCheckpoint(m).replace('.note', '.consistency')),
  ),

  mutation('a space in an envelope', 'ENVELOPE', (m) =>
    edit(m, middle(m, 'entries', 'env'), (t) => t.replace('\nseq', ' \nseq')),
  ),
  mutation('a time on 30 February', 'ENVELOPE', (m) =>
    edit(m, middle(m, 'entries', 'env'), (t) => t.replace(/(time \d{4})-\d\d-\d\d/, '$1-02-30')),
  ),
  mutation('a time without its seconds', 'ENVELOPE', (m) =>
    edit(m, middle(m, 'entries', 'env'), (t) => t.replace(/:\d\d\.\d{6}Z/, 'Z')),
  ),
  mutation('a changed body', 'BODY', (m) =>
    edit(m, middle(m, 'bodies', 'json'), (t) => t.replace('INVESTIGATOR', 'AGENCY_HEAD')),
  ),
  mutation('no body', 'BODY', (m) => void m.files.delete(middle(m, 'bodies', 'json'))),
  mutation(
    'a changed body with its envelope',
    'SIGNATURE',
    rebodied((t) => t.replace('INVESTIGATOR', 'HEAD')),
  ),
  mutation(
    'a key twice',
    'CANONICAL',
    rebodied((t) => t.replace('{', '{"v":2,')),
  ),
  mutation(
    'a prototype key',
    'CANONICAL',
    rebodied((t) => t.replace(/}$/, ',"__proto__":{}}')),
  ),
  mutation(
    'no JSON',
    'CANONICAL',
    rebodied((t) => '['.repeat(20_000) + t.slice(0, 9)),
  ),
  mutation('a writer whom nobody knows', 'WRITER', (m) =>
    edit(m, middle(m, 'entries', 'env'), (t) => t.replace(/writer app-.{8}/, 'writer app-00000000')),
  ),
  mutation('a policy without writers', 'WRITER', (m) => ({ policy: m.policy.replace(/writer .*\n/, '') })),
  mutation('the signature of an event', 'SIGNATURE', (m) =>
    edit(m, middle(m, 'entries', 'env'), spoiltSignature(/(sig )(\S+)/)),
  ),
  mutation('another hash in a proof', 'INCLUSION', (m, r) =>
    edit(m, middle(m, 'proofs', 'tlog-proof'), (t) => t.replace(HASH, otherHash(r))),
  ),
  mutation('a hash more in a proof', 'INCLUSION', (m, r) =>
    edit(m, middle(m, 'proofs', 'tlog-proof'), (t) => t.replace(/(index \d+\n)/, `$1${otherHash(r)}\n`)),
  ),
  mutation('another place in a proof', 'INCLUSION', (m) =>
    edit(m, middle(m, 'proofs', 'tlog-proof'), (t) => t.replace(/index \d+/, 'index 0')),
  ),
  mutation('a proof for another checkpoint', 'INCLUSION', (m) =>
    edit(m, middle(m, 'proofs', 'tlog-proof'), (t) => {
      const other = m.files.get(names(m, /\d\.note$/).find((name) => name !== lastCheckpoint(m))!)!;
      return t.slice(0, t.indexOf('\n\n') + 2) + other.toString();
    }),
  ),
  // Whoever stole the key of the log can sign a tree of his own, but no witness does.
  mutation('a proof for a tree of its own', 'INCLUSION', (m) => {
    const root = leafHash(m.files.get(middle(m, 'entries', 'env'))!);
    const text = checkpointText({ origin: ORIGIN, size: 1, root });
    const note = noteOf(text, [signatureLine(ORIGIN, m.keys.log, text)]);
    m.files.set(middle(m, 'proofs', 'tlog-proof'), Buffer.from(`c2sp.org/tlog-proof@v1\nindex 0\n\n${note}`));
  }),
  mutation('no proof', 'INCLUSION', (m) => void m.files.delete(middle(m, 'proofs', 'tlog-proof'))),

  mutation('an event in the middle gone', 'SEQUENCE', (m) => {
    const number = /\d{6}/.exec(middle(m, 'entries', 'env'))![0];
    remove(new RegExp(number))(m, new Random(0));
  }),
  mutation('two events swapped', 'SEQUENCE', (m) => {
    for (const [folder, extension] of [
      ['entries', 'env'],
      ['bodies', 'json'],
      ['proofs', 'tlog-proof'],
    ] as const) {
      const [one, other] = names(m, new RegExp(`^${folder}/.*\\.${extension}$`)).slice(-3) as [
        string,
        string,
      ];
      const kept = m.files.get(one)!;
      m.files.set(one, m.files.get(other)!);
      m.files.set(other, kept);
    }
  }),
  mutation('the end hidden', 'HEADS', (m) => {
    const number = /\d{6}/.exec(names(m, /^entries/).at(-1)!)![0];
    remove(new RegExp(`/${number}`))(m, new Random(0));
    const { entries } = JSON.parse(m.files.get('manifest.json')!.toString()) as { entries: number };
    signManifest(m, { entries: entries - 1 });
  }),
  mutation('another last event in the map', 'HEADS', (m, r) =>
    edit(m, 'heads/line.txt', (t) => t.replace(HASH, otherHash(r))),
  ),
  mutation('another hash in the proof of the map', 'HEADS', (m) =>
    edit(m, 'heads/map.proof', (t) => t.replace(/index (\d+) of/, 'index 9$1 of')),
  ),
  mutation('half of the proof of completeness', 'HEADS', (m) => void m.files.delete('heads/line.txt')),
  mutation('no proof of completeness', 'HEADS', remove(/^heads/), {
    verdict: 'limited',
    manifest: { heads: null },
  }),
  mutation('the proof of completeness taken out', 'HEADS', remove(/^heads/)),
  lie('link', 'LINK'),
  lie('gap', 'SEQUENCE'),
  lie('twice', 'EVENT_ID'),
  lie('time-back', 'TIME_ORDER'),
  lie('too-early', 'TIME_WINDOW'),
  lie('too-late', 'TIME_WINDOW'),
  lie('head', 'HEADS'),
  lie('head-missing', 'HEADS'),
  lie('head-other', 'HEADS'),

  mutation('a disclosure of nothing recorded', 'DISCLOSURE', (m) => {
    const content = Buffer.from(`["${'A'.repeat(22)}","reason","Bribed"]`);
    const item = `{"content":"${content.toString('base64')}","digest":"${disclosureDigest(content).toString('base64')}"}`;
    m.files.set('disclosures/000000.json', Buffer.from(`[${item}]`));
  }),
  mutation('the value of a disclosure', 'DISCLOSURE', (m) => {
    const { _sd } = JSON.parse(m.files.get('bodies/000000.json')!.toString()) as { _sd: string[] };
    const content = Buffer.from(`["${'A'.repeat(22)}","reason","Bribed"]`).toString('base64');
    m.files.set('disclosures/000000.json', Buffer.from(`[{"content":"${content}","digest":"${_sd[0]}"}]`));
  }),
  mutation(
    'a disclosure without its event',
    'SEQUENCE',
    (m) => void m.files.set('disclosures/000777.json', Buffer.from('[]')),
  ),
  mutation('other evidence', 'EVIDENCE', (m, r) => flip(m, r, any(m, r, /^evidence/))),
  mutation('a time stamp that is none', 'TIMESTAMP', (m, r) => {
    m.files.set(
      lastCheckpoint(m).replace('checkpoints', 'timestamps').replace('.note', '.tsr'),
      r.bytes(200),
    );
  }),

  zipped('an empty file', 'ZIP', () => Buffer.alloc(0)),
  zipped('no ZIP', 'ZIP', (_, random) => random.bytes(5000)),
  zipped('cut off', 'ZIP', (zip, random) => zip.subarray(0, random.below(zip.length - 1))),
  zipped('a name that leaves the folder', 'ZIP', renamed('report.html', '../../x.htm')),
  zipped('a file that has no place in a bundle', 'ZIP', renamed('report.html', 'report.docx')),
  zipped('an absolute name', 'ZIP', renamed('report.html', '/eport.html')),
  zipped('a name twice', 'ZIP', (zip) => renamed('bodies/000001.json', 'bodies/000000.json')(zip)),
  mutation(
    'a policy that cannot be read',
    'POLICY',
    (m) => ({ policy: m.policy.replace('quorum', 'quota') }),
    { verdict: 'unreadable' },
  ),
  mutation('a policy with a spoilt key', 'POLICY', (m) => ({ policy: m.policy.replace(/\+(.)/, '+0$1') }), {
    verdict: 'unreadable',
  }),
];
