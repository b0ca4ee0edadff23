import { readFileSync } from 'node:fs';

/** How many requirements of level 1 and 2 each section of ASVS 5.0.0 has; they are the first of their section. */
const sections: Readonly<Record<string, number>> = {
  'V3.3': 4,
  'V3.5': 5,
  'V6.1': 3,
  'V6.2': 12,
  'V6.3': 4,
  'V6.4': 4,
  'V6.5': 5,
  'V6.6': 3,
  'V6.8': 4,
  'V7.1': 3,
  'V7.2': 4,
  'V7.3': 2,
  'V7.4': 5,
  'V7.5': 2,
  'V7.6': 2,
  'V8.1': 2,
  'V8.2': 3,
  'V8.3': 1,
  'V8.4': 1,
  'V16.1': 1,
  'V16.2': 5,
  'V16.3': 4,
  'V16.4': 3,
  'V16.5': 3,
};

const wanted = Object.entries(sections).flatMap(([section, count]) =>
  Array.from({ length: count }, (_, i) => `${section}.${i + 1}`),
);

interface Row {
  id: string;
  what: string;
  shown: string;
}

const rows = readFileSync('docs/asvs.md', 'utf8')
  .split('\n')
  .filter((line) => /^\| V\d/.test(line))
  .map((line): Row => {
    const [id, what, shown] = line
      .split('|')
      .slice(1)
      .map((cell) => cell.trim());
    return { id: id!, what: what!, shown: shown! };
  });

const NAMED = /^`([\w./-]+\.spec\.ts|[\w./-]+-spec\.ts)`: "(.+)"$/;
const REASON = /^(open|not applicable|reason): .{10,}$/;

/** What is wrong with a row; undefined when nothing is. */
function faultOf({ shown }: Row, source: (file: string) => string): string | undefined {
  const [, file, title] = NAMED.exec(shown) ?? [];
  if (file === undefined || title === undefined) {
    return REASON.test(shown) ? undefined : 'has neither a test nor a reason';
  }
  const quoted = [`'${title}'`, `"${title}"`];
  return quoted.some((words) => new RegExp(`\\b(it|test)\\(\\s*${escaped(words)}`).test(source(file)))
    ? undefined
    : `names a test that ${file} does not have`;
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

describe('the table of ASVS', () => {
  it('has every requirement of level 1 and 2 of its chapters once, in order', () => {
    expect(rows.map(({ id }) => id)).toEqual(wanted);
  });

  it('says of each what it asks', () => {
    expect(rows.filter(({ what }) => what.length < 10)).toEqual([]);
  });

  it('names tests that are there, or says why there is none', () => {
    const faults = rows.flatMap((row) => {
      const fault = faultOf(row, (file) => readFileSync(file, 'utf8'));
      return fault === undefined ? [] : [`${row.id} ${fault}`];
    });
    expect(faults).toEqual([]);
  });

  it.each([
    ['`test/a.spec.ts`: "holds"', undefined],
    ['`test/a.spec.ts`: "hold"', 'names a test that test/a.spec.ts does not have'],
    ['`test/a.spec.ts`: "a skipped one"', 'names a test that test/a.spec.ts does not have'],
    ['', 'has neither a test nor a reason'],
    ['open: no', 'has neither a test nor a reason'],
    ['open: nothing does that yet', undefined],
  ])('would find fault with %p: %p', (shown, fault) => {
    const source = "it('holds', () => {}); it.skip('a skipped one', () => {});";
    expect(faultOf({ id: 'V0', what: 'x', shown }, () => source)).toBe(fault);
  });
});
