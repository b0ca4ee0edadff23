import { readFileSync } from 'node:fs';

const text = readFileSync('docs/trail.md', 'utf8');
const section = (title: string): string => {
  const from = text.indexOf(`\n## ${title}\n`);
  return text.slice(from, text.indexOf('\n## ', from + 1));
};
const codesIn = (file: string, pattern: RegExp): string[] => [
  ...new Set([...readFileSync(file, 'utf8').matchAll(pattern)].map(([, code]) => code!)),
];

describe('the text for auditors', () => {
  it('explains each code of the verifier of bundles', () => {
    const codes = codesIn('src/verifier/verify.mts', /'([A-Z][A-Z_]{2,})'/g).filter(
      (code) => !code.startsWith('ERR_') && !['FULL', 'NO_IDENTITY', 'SYS'].includes(code),
    );
    expect(codes.length).toBeGreaterThanOrEqual(20);
    const explained = section('The messages');
    expect(codes.filter((code) => !explained.includes(`\`${code}\``))).toEqual([]);
  });

  it('explains each code of the checks inside the service', () => {
    const declared = codesIn('src/audit/entry-checks.ts', /^ {2}\| '([A-Z]+)'/gm);
    expect(declared.length).toBeGreaterThanOrEqual(13);
    const logs = ['src/log/entry-verifier.ts', 'src/log/log-parts.ts'].flatMap((file) =>
      codesIn(file, /(?:failure\([^,]*, |check: )'([A-Z]+)'/g),
    );
    expect(logs).toEqual(expect.arrayContaining(['INCLUSION', 'MISSING']));
    const explained = section('What the operator sees');
    expect([...declared, ...logs].filter((code) => !explained.includes(`\`${code}\``))).toEqual([]);
  });
});
