import { crc32, deflateRawSync } from 'node:zlib';
import { describeInBrowser, openVerifier, verifyInPage, type VerifierPage } from './support/browser.js';
import { makeBundle } from './support/bundles.js';
import { Verifier } from './support/verifier.js';
import { rawZip, zipOf, type RawFile } from './support/zip.js';

/**
 * A bundle whose files are all right, in a ZIP that is not: what no signature covers must not be open to change, and
 * no two programs may read it differently.
 */
const made = makeBundle('packing', { events: 4 });
const files: RawFile[] = [...made.files].map(([name, data]) => ({ name, data }));
const all = (change: (file: RawFile) => Partial<RawFile>) => () =>
  rawZip(files.map((file) => ({ ...file, ...change(file) })));
const one = (change: (file: RawFile) => Partial<RawFile>) => () =>
  rawZip(files.map((file, i) => (i === 3 ? { ...file, ...change(file) } : file)));
/** Info-ZIP's field of the time of change: its id, its length, what is in it, a time. */
const stamp = Buffer.from('5554' + '0500' + '01' + '00f1a569', 'hex');
const dosDate = (year: number, month: number, day: number): number =>
  ((year - 1980) << 9) | (month << 5) | day;

const packings: Record<string, () => Buffer> = {
  'an extended time stamp in every file': all(() => ({ extra: stamp })),
  'an extended time stamp in the directory only': all(() => ({ directoryExtra: stamp })),
  'an extended time stamp before the files only': all(() => ({
    extra: stamp,
    directoryExtra: Buffer.alloc(0),
  })),
  'another extended time stamp in one file': one(() => ({ extra: stamp })),
  'a field of an unknown kind': one(() => ({ extra: Buffer.from('feca0000', 'hex') })),
  'a date of 30 February': all(() => ({ date: dosDate(2026, 2, 30) })),
  'a date of month 15': one(() => ({ date: dosDate(2026, 15, 1) })),
  'a date that is none': all(() => ({ date: 0 })),
  'a date of today': all(() => ({ date: dosDate(2026, 3, 2), time: 0x4a21 })),
  'a time of 31:63:62': one(() => ({ time: 0xffff })),
  'the attributes of a program': one(() => ({ attributes: 0o100755 * 2 ** 16 })),
  'the attributes of a link': one(() => ({ attributes: 0o120777 * 2 ** 16 })),
  'another maker': all(() => ({ madeBy: 20 })),
  'names in another alphabet': all(() => ({ flags: 0 })),
  'a flag that nobody knows': one(() => ({ flags: 0x8800 })),
  'a comment on a file': one(() => ({ comment: Buffer.from('He did nothing.') })),
  'a comment on the whole': () => rawZip(files, Buffer.from('He did nothing.')),
  'bytes before the first file': () =>
    rawZip(files.map((file, i) => (i === 0 ? { ...file, gap: stamp } : file))),
  'bytes between two files': one(() => ({ gap: stamp })),
  'deflated files': all(({ data }) => ({
    ...{ method: 8, data: deflateRawSync(data), size: data.length, crc: crc32(data) },
  })),
  'a name twice': () => rawZip([...files, files[0]!]),
};

/** Each byte of the first file's header, of its place in the directory, and of the end, with one bit altered. */
function* alteredBits(zip: Buffer): Generator<Buffer> {
  const directory = zip.readUInt32LE(zip.length - 6);
  const name = files[0]!.name.length;
  for (const [from, length] of [
    [0, 30 + name],
    [directory, 46 + name],
    [zip.length - 22, 22],
  ] as const) {
    for (let at = from; at < from + length; at++) {
      const altered = Buffer.from(zip);
      altered[at]! ^= 1 << (at % 8);
      yield altered;
    }
  }
}

const refused = { verdict: 'unreadable', exit: 3, proven: [] };
const packed = { ...refused, checks: [{ check: 'ZIP' }] };

describe('the ZIP of a bundle, for verify.mjs,', () => {
  const verifier = new Verifier();
  afterAll(() => verifier.stop());

  it('is to the byte what yazl writes', async () => {
    const zip = await zipOf(made.files);
    expect(rawZip(files).equals(zip)).toBe(true);
    expect(await verifier.verify(zip, made.policy)).toMatchObject({ verdict: 'valid', checks: [] });
  });
  it.each(Object.keys(packings))('has not %s', async (name) => {
    expect(await verifier.verify(packings[name]!(), made.policy)).toMatchObject(packed);
  });
  it('has no bit that may be another one', async () => {
    for (const zip of alteredBits(rawZip(files)))
      expect(await verifier.verify(zip, made.policy)).toMatchObject(refused);
  });
  it('has a checksum that fits', async () => {
    const report = await verifier.verify(one(() => ({ crc: 1 }))(), made.policy);
    expect([1, 3]).toContain(report.exit);
  });
});

describeInBrowser('the ZIP of a bundle, for the page,', () => {
  let v: VerifierPage;
  beforeAll(async () => {
    v = await openVerifier();
  });
  afterAll(() => v.browser.close());
  const verify = async (zip: Buffer) => (await verifyInPage(v.page, [{ zip, policy: made.policy }]))[0]!;

  it('is to the byte what yazl writes', async () => {
    expect(await verify(rawZip(files))).toMatchObject({ verdict: 'valid', checks: [] });
  });
  it.each(Object.keys(packings))('has not %s', async (name) => {
    expect(await verify(packings[name]!())).toMatchObject(packed);
  });
  it('has no bit that may be another one', async () => {
    const bundles = [...alteredBits(rawZip(files))].map((zip) => ({ zip, policy: made.policy }));
    for (const report of await verifyInPage(v.page, bundles)) expect(report).toMatchObject(refused);
  });
  it('has a checksum that fits', async () => {
    expect([1, 3]).toContain((await verify(one(() => ({ crc: 1 }))())).exit);
  });
});
