import { randomBytes } from 'node:crypto';
import { seal } from '../common/seal.js';
import { disclose, disclosureDigest, readDisclosure } from './disclosures.js';
import { decrypt, digestsIn, KeyRing, type NewValues } from './key-ring.js';
import type { Subject } from './row-changes.js';

/** More than a process keeps. */
const MANY = 6000;
const OTHER = '01939aaa-0000-7000-8000-000000000001';

describe('the key ring', () => {
  const stored = new Map<Subject, Buffer>();
  let asked = 0;
  const queries = {
    query: <T>(_text: string, [subjects]: unknown[]): Promise<T> => {
      asked++;
      const rows = (subjects as Subject[]).flatMap((subject) =>
        stored.has(subject) ? [{ o_subject: subject, o_wrapped: stored.get(subject)! }] : [],
      );
      return Promise.resolve(rows as T);
    },
  };
  const [master, vault] = [randomBytes(32), randomBytes(32)];
  const subjects = Array.from({ length: MANY }, (_, n): Subject => `officer:${n}`);
  const kept = new Map<Subject, NewValues>();

  beforeAll(async () => {
    const events = subjects.map((subject, n) => {
      const event = {
        type: 'officer.read',
        stream: 's',
        target: { kind: 'officer', id: String(n) },
      } as const;
      const [disclosure] = disclose({ ...event, values: { n } }, []);
      return { event: `event-${n}`, disclosures: [{ ...disclosure!, subject }] };
    });
    const { values, made } = await new KeyRing(master, vault).encrypt(queries, events, new Set(subjects));
    made.forEach(({ subject, wrapped }) => stored.set(subject, wrapped));
    values.forEach((one) => kept.set(one.subject, one));
  });

  const opensAll = async (ring: KeyRing, wanted: readonly Subject[]): Promise<void> => {
    const { keys, destroyed, damaged } = await ring.fetch(queries, wanted);
    expect([destroyed, damaged]).toEqual([[], []]);
    for (const subject of wanted) {
      const values = kept.get(subject)!;
      expect(decrypt(keys, values.event, values)).not.toBeNull();
    }
  };

  it('opens everything on a page, however many persons it tells of and whichever it knew before', async () => {
    const ring = new KeyRing(master, vault);
    await opensAll(ring, subjects.slice(0, 10));
    await opensAll(ring, subjects);
    // The first ones went to make room; the last ones are known, and must not go while others come.
    await opensAll(ring, [...subjects.slice(-10), ...subjects.slice(0, -10)]);
  });

  it('opens what two ask for at once', async () => {
    const ring = new KeyRing(master, vault);
    await opensAll(ring, subjects.slice(0, 10));
    await Promise.all([opensAll(ring, subjects.slice(0, 20)), opensAll(ring, subjects.slice(20))]);
  });

  it('asks once for what it keeps, and forgets what it is told to', async () => {
    const ring = new KeyRing(master, vault);
    const few = subjects.slice(0, 3);
    await opensAll(ring, few);
    const before = asked;
    await opensAll(ring, few);
    expect(asked).toBe(before);
    ring.forget(few[0]!);
    await opensAll(ring, few);
    expect(asked).toBe(before + 1);
  });

  it('gives back the values of one subject in the order of their digests, in one row beside those of another', async () => {
    const [event, stream, subject] = ['event-of-both', 's', subjects[0]!] as const;
    const about = { type: 'officer.read', stream, target: { kind: 'officer', id: '0' } } as const;
    const texts = { first: 'one\ntwo', second: '三', [`person.${OTHER}`]: 'Lin' };
    const disclosures = disclose({ ...about, values: texts }, []).map((one, n) =>
      n < 2 ? { ...one, subject } : one,
    );
    const ring = new KeyRing(master, vault);
    const fresh = new Set<Subject>([`person:${OTHER}`]);
    const { values, made } = await ring.encrypt(queries, [{ event, disclosures }], fresh);
    made.forEach(({ subject: of, wrapped }) => stored.set(of, wrapped));
    expect(values.map((one) => [one.n, one.subject])).toEqual([
      [0, subject],
      [1, `person:${OTHER}`],
    ]);
    const { keys } = await ring.fetch(queries, [subject, `person:${OTHER}`]);
    for (const [i, expected] of [['one\ntwo', '三'], ['Lin']].entries()) {
      const contents = decrypt(keys, event, values[i]!)!;
      expect(contents.map((content) => readDisclosure(content).value)).toEqual(expected);
      expect(digestsIn(values[i]!.digests)).toEqual(contents.map(disclosureDigest));
    }
    // As rows were before: one for each value.
    const { digest, content } = disclosures[0]!;
    const single = seal(keys.get(subject)!, `${event} ${digest.toString('base64')}`, content);
    expect(decrypt(keys, event, { subject, digests: digest, content: single })).toEqual([content]);
    // A row belongs to its event and its digests, in their order.
    const [first] = values;
    expect(() => decrypt(keys, 'another-event', first!)).toThrow();
    const swapped = Buffer.concat(digestsIn(first!.digests).reverse());
    expect(() => decrypt(keys, event, { ...first!, digests: swapped })).toThrow();
  });
});
