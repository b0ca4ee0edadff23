import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { makeBundle, Random, signManifest, type MadeBundle } from './support/bundles.js';
import { Verifier, type TimedReport } from './support/verifier.js';
import { rawZip, zipOf } from './support/zip.js';

/** `.ci/run` asks for 20,000. */
const MUTATIONS = Number(process.env.PLUMBLINE_MUTATIONS ?? 1000);
const MAX_RSS = 512e6;

describe('the verifier', () => {
  let verifier: Verifier;
  let made: MadeBundle;
  let bytes: Buffer;
  beforeAll(async () => {
    verifier = new Verifier();
    made = makeBundle('mutations', { events: 6 });
    made.files.set('report.html', Buffer.from('<p>no evidence'));
    signManifest(made);
    bytes = await zipOf(made.files);
  });
  afterAll(() => verifier.stop());

  const refused = (report: TimedReport): void => {
    expect([1, 3]).toContain(report.exit);
    expect(report.checks.length).toBeGreaterThan(0);
    expect(report.proven).toEqual([]);
    expect(report.rss).toBeLessThan(MAX_RSS);
  };

  it('accepts the bundle that is altered here', async () => {
    expect(await verifier.verify(bytes, made.policy)).toMatchObject({
      verdict: 'valid',
      exit: 0,
      checks: [],
    });
  });

  it(`accepts none of ${MUTATIONS} bundles with one bit or byte altered, anywhere`, async () => {
    await verifier.verify(bytes, made.policy);
    const seed = process.env.PLUMBLINE_SEED ?? randomBytes(4).toString('hex');
    const random = new Random(seed);
    const accepted: unknown[] = [];
    for (let i = 0; i < MUTATIONS; i++) {
      const at = random.below(bytes.length);
      const flipped = bytes[at]! ^ (i % 2 === 0 ? 1 << random.below(8) : 1 + random.below(255));
      const report = await verifier.edited([[at, flipped]]);
      if (report.exit !== 1 && report.exit !== 3) accepted.push({ seed, i, at, flipped, exit: report.exit });
    }
    expect(accepted).toEqual([]);
  }, 1_200_000);

  it('accepts no bundle with a file removed, emptied, cut or exchanged, though the ZIP fits', async () => {
    const names = [...made.files.keys()];
    for (const [i, name] of names.entries()) {
      const content = made.files.get(name)!;
      const other = names[(i + 1) % names.length]!;
      const variants: [string, Buffer | undefined][][] = [
        [[name, undefined]],
        [[name, Buffer.alloc(0)]],
        [[name, content.subarray(0, -1)]],
        [[name, Buffer.concat([content, Buffer.from('\n')])]],
        [
          [name, made.files.get(other)!],
          [other, content],
        ],
      ];
      for (const changes of variants) {
        const files = new Map(made.files);
        for (const [path, value] of changes) {
          if (value) files.set(path, value);
          else files.delete(path);
        }
        if (changes.every(([path, value]) => value?.equals(made.files.get(path)!))) continue;
        const report = await verifier.verify(await zipOf(files), made.policy);
        if (report.exit !== 1 && report.exit !== 3) throw new Error(`accepted: ${name} ${changes.length}`);
      }
    }
  }, 300_000);

  describe('given hostile input', () => {
    const entry = (name: string, data: Buffer | string, more: object = {}) => ({
      name,
      data: Buffer.from(data as string),
      ...more,
    });
    /** Inflates to ten gigabytes, and says that it is small. */
    const bomb = (): Buffer => {
      const megabyte = deflateRawSync(Buffer.alloc(1 << 20), { finishFlush: 2 });
      return Buffer.concat([...Array<Buffer>(10_240).fill(megabyte), Buffer.from([3, 0])]);
    };
    const withManifest = async (change: (text: string) => string): Promise<Buffer> => {
      const files = new Map(made.files);
      files.set('manifest.json', Buffer.from(change(files.get('manifest.json')!.toString())));
      return zipOf(files);
    };
    /** With a manifest that fits: only the installation itself could do this. */
    const resigned = async (path: string, change: (text: string) => string): Promise<Buffer> => {
      const files = new Map(made.files);
      files.set(path, Buffer.from(change(files.get(path)!.toString())));
      signManifest({ ...made, files });
      return zipOf(files);
    };
    const firstNote = (): string => [...made.files.keys()].find((path) => /^checkpoints.*note$/.test(path))!;

    const inputs: Record<string, () => Buffer | Promise<Buffer>> = {
      'an empty file': () => Buffer.alloc(0),
      'no ZIP': () => randomBytes(100_000),
      'a path that climbs out': () => rawZip([entry('../../etc/passwd', 'x')]),
      'an absolute path': () => rawZip([entry('/etc/passwd', 'x')]),
      'a backslash path': () => rawZip([entry('entries\\..\\..\\x', 'x')]),
      'two files of one name': () => rawZip([entry('policy.txt', 'a'), entry('policy.txt', 'b')]),
      'an encrypted file': () => rawZip([entry('policy.txt', 'a', { flags: 0x0801 })]),
      'a bomb of ten gigabytes': () => rawZip([entry('report.html', bomb(), { method: 8, size: 1000 })]),
      'a bomb that owns up': () =>
        rawZip([entry('manifest.json', bomb(), { method: 8, size: 4_000_000_000 })]),
      'many bombs': () =>
        rawZip(
          Array.from({ length: 200 }, (_, i) =>
            entry(`bodies/${String(i).padStart(6, '0')}.json`, deflateRawSync(Buffer.alloc(3_000_000)), {
              method: 8,
              size: 3_000_000,
            }),
          ),
        ),
      'an unknown method': () => rawZip([entry('policy.txt', 'a', { method: 99 })]),
      'a million signatures': () =>
        resigned(firstNote(), (text) => text + text.split('\n\n')[1]!.repeat(1_000_000 / 2)),
      'seventeen signatures': () =>
        resigned(firstNote(), (text) => text + `${text.trim().split('\n').at(-1)}\n`.repeat(17)),
      'lenient base64 in a note': () => resigned(firstNote(), (text) => text.replace(/\n$/, '=\n')),
      'a key twice in the manifest': () => withManifest((text) => text.replace('{', '{"v":1,')),
      'a prototype key': () => withManifest((text) => text.replace('{', '{"__proto__":{"v":1},')),
      'a manifest of an array': () => withManifest(() => '[]'),
      'a manifest of null': () => withManifest(() => 'null'),
      'a manifest that is nested deeply': () => withManifest(() => '['.repeat(5_000_000)),
      'a manifest of no JSON': () => withManifest(() => '{'),
      'a manifest of half a character': () => withManifest((text) => text.replace('"FULL"', '"\\ud800"')),
      'a million hashes': () =>
        resigned('heads/map.proof', (text) => text + `${'A'.repeat(43)}=\n`.repeat(1_000_000)),
      'disclosures of rubbish': () =>
        resigned(
          [...made.files.keys()].find((path) => path.startsWith('disclosures/'))!,
          () => '[null,1,"x",{"__proto__":1}]',
        ),
      'a note without an end': () => resigned(firstNote(), () => 'x'.repeat(60_000)),
      'rubbish for a time stamp': () => {
        const files = new Map(made.files);
        files.set(
          firstNote().replace('checkpoints', 'timestamps').replace('.note', '.tsr'),
          randomBytes(500),
        );
        signManifest({ ...made, files });
        return zipOf(files);
      },
    };
    it.each(Object.keys(inputs))(
      'refuses %s',
      async (name) => {
        const report = await verifier.verify(await inputs[name]!(), made.policy);
        refused(report);
        expect(report.ms).toBeLessThan(20_000);
      },
      120_000,
    );

    it('refuses every cut-off bundle', async () => {
      for (let n = 1; n < 40; n++) {
        refused(await verifier.verify(bytes.subarray(0, Math.floor((bytes.length * n) / 40)), made.policy));
      }
      refused(await verifier.verify(bytes.subarray(0, -1), made.policy));
      refused(await verifier.verify(bytes.subarray(1), made.policy));
    }, 120_000);

    it('refuses a policy that is none', async () => {
      for (const policy of ['', 'quorum', 'log x\nquorum none', 'quorum w1', '\n'.repeat(5000)]) {
        const report = await verifier.verify(bytes, policy);
        expect(report).toMatchObject({ verdict: 'unreadable', exit: 3, checks: [{ check: 'POLICY' }] });
      }
    });
  });
});
