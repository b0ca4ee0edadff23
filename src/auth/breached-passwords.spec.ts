import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BreachedPasswords, faultOfBreachedPasswords } from './breached-passwords.js';

const directory = mkdtempSync(join(tmpdir(), 'plumbline-breached-'));
afterAll(() => rmSync(directory, { recursive: true }));

const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex').toUpperCase();
let files = 0;
const fileOf = (text: string): string => {
  const path = join(directory, `${++files}.txt`);
  writeFileSync(path, text);
  return path;
};
/** A list of these passwords as Pwned Passwords has them. */
const listOf = (passwords: readonly string[], end = '\r\n'): string =>
  fileOf(
    passwords
      .map(sha1)
      .sort()
      .map((hash, i) => `${hash}:${i ** 3 + 1}${end}`)
      .join(''),
  );
const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `password no. ${from + i}`);

describe('a list of breached passwords', () => {
  it.each([1, 2, 3, 10, 200])('of %d is found in whole, and nothing else in it', async (count) => {
    const list = new BreachedPasswords({ path: listOf(numbered(0, count)) });
    const [inside, outside] = await Promise.all(
      [numbered(0, count), numbered(count, count + 100)].map((all) =>
        Promise.all(all.map((password) => list.has(password))),
      ),
    );
    expect(inside!.filter((found) => !found)).toEqual([]);
    expect(outside!.filter(Boolean)).toEqual([]);
  });

  it.each([
    ['with bare line ends', (lines: string) => lines.replaceAll('\r', '')],
    ['without an end of its last line', (lines: string) => lines.trimEnd()],
    ['without counts', (lines: string) => lines.replaceAll(/:\d+/g, '')],
    ['in small letters', (lines: string) => lines.toLowerCase()],
  ])('may be written %s', async (_how, written) => {
    const lines = numbered(0, 50)
      .map(sha1)
      .sort()
      .map((hash) => `${hash}:12\r\n`)
      .join('');
    const path = fileOf(written(lines));
    expect(faultOfBreachedPasswords(path)).toBeUndefined();
    const list = new BreachedPasswords({ path });
    const found = await Promise.all(numbered(0, 60).map((password) => list.has(password)));
    expect(found).toEqual(numbered(0, 60).map((_, i) => i < 50));
  });

  it('that is not there is asked nothing', async () => {
    expect(await new BreachedPasswords({ path: undefined }).has('password no. 1')).toBe(false);
  });

  it('that was taken away lets no password through', async () => {
    const list = new BreachedPasswords({ path: join(directory, 'gone') });
    await expect(list.has('password no. 1')).rejects.toMatchObject({
      code: 'breached-passwords-unreadable',
      status: 503,
    });
  });

  it('is found fit at the start, of any length', () => {
    for (const count of [1, 2, 63, 64, 65, 5000]) {
      expect(faultOfBreachedPasswords(listOf(numbered(0, count)))).toBeUndefined();
    }
  });

  it('is found unfit at the start, with what is wrong', () => {
    expect(faultOfBreachedPasswords(join(directory, 'nowhere'))).toBe('names no file that can be read');
    expect(faultOfBreachedPasswords(directory)).toBe('names no file, or an empty one');
    expect(faultOfBreachedPasswords(fileOf(''))).toBe('names no file, or an empty one');
    const words = faultOfBreachedPasswords(fileOf(numbered(0, 900).join('\n')));
    expect(words).toMatch(/no line such as .* at byte 0$/);
    const hashes = numbered(0, 900).map(sha1);
    expect(faultOfBreachedPasswords(fileOf(hashes.map((hash) => `${hash}:1\n`).join('')))).toMatch(
      /not in the order of its hashes at byte \d+$/,
    );
    // By how often they were seen, as the same source offers it too.
    const sorted = [...hashes].sort();
    const turned = [...sorted.slice(450), ...sorted.slice(0, 450)].map((hash) => `${hash}:1\n`).join('');
    expect(faultOfBreachedPasswords(fileOf(turned))).toMatch(/not in the order/);
    const ntlm = hashes.map((hash) => `${hash.slice(0, 32)}:1\n`).sort();
    expect(faultOfBreachedPasswords(fileOf(ntlm.join('')))).toMatch(/no line such as/);
  });
});
