import { randomBytes } from 'node:crypto';
import { disclose } from './disclosures.js';
import { decrypt, KeyRing } from './key-ring.js';
import type { Subject } from './row-changes.js';

/** More than a process keeps. */
const MANY = 6000;

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
  const kept = new Map<Subject, { event: string; digest: Buffer; content: Buffer }>();

  beforeAll(async () => {
    const entries = subjects.map((subject, n) => {
      const event = {
        type: 'officer.read',
        stream: 's',
        target: { kind: 'officer', id: String(n) },
      } as const;
      const [disclosure] = disclose({ ...event, values: { n } }, []);
      return { event: `event-${n}`, disclosure: { ...disclosure!, subject } };
    });
    const { contents, made } = await new KeyRing(master, vault).encrypt(queries, entries, new Set(subjects));
    made.forEach(({ subject, wrapped }) => stored.set(subject, wrapped));
    entries.forEach(({ event, disclosure: { subject, digest } }, n) =>
      kept.set(subject, { event, digest, content: contents[n]! }),
    );
  });

  const opensAll = async (ring: KeyRing, wanted: readonly Subject[]): Promise<void> => {
    const { keys, destroyed, damaged } = await ring.fetch(queries, wanted);
    expect([destroyed, damaged]).toEqual([[], []]);
    for (const subject of wanted) {
      const { event, ...rest } = kept.get(subject)!;
      expect(decrypt(keys, event, { subject, ...rest })).not.toBeNull();
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
});
