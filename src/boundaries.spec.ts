import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/**
 * Which module may import which: only what comes before it in the procedure, so that the arrows point one way. Files
 * directly in src/ compose the whole and may import everything.
 */
const mayImport: Record<string, readonly string[]> = {
  common: [],
  database: ['common'],
  access: ['common'],
  audit: ['common', 'database', 'access'],
  http: ['common', 'database', 'access'],
  log: ['common', 'database', 'access', 'audit', 'http'],
  // Programs of their own: the witness trusts the log in nothing, the verifier shares no line with what it verifies.
  witness: ['common', 'log'],
  verifier: [],
  auth: ['common', 'database', 'access', 'audit', 'http'],
  organs: ['common', 'database', 'access', 'audit', 'http'],
  officers: ['common', 'database', 'access', 'audit', 'http', 'organs'],
  rulebook: ['common'],
  intake: ['common', 'database', 'access', 'audit', 'http', 'rulebook'],
  investigations: ['common', 'database', 'access', 'audit', 'http', 'rulebook', 'intake'],
  deployments: ['common', 'database', 'access', 'audit', 'http', 'rulebook'],
  sanctions: ['common', 'database', 'access', 'audit', 'http', 'rulebook', 'intake', 'investigations'],
  imports: [
    'common',
    'database',
    'access',
    'audit',
    'http',
    'auth',
    'organs',
    'officers',
    'rulebook',
    'intake',
    'investigations',
    'sanctions',
  ],
  erasures: ['common', 'database', 'access', 'audit', 'http', 'intake'],
  casefiles: ['common', 'database', 'access', 'audit', 'http', 'intake', 'investigations', 'sanctions'],
  exports: [
    'common',
    'database',
    'access',
    'audit',
    'http',
    'log',
    'auth',
    'rulebook',
    'intake',
    'investigations',
    'sanctions',
    'casefiles',
  ],
};

const sources = readdirSync('src', { withFileTypes: true, recursive: true })
  .filter((entry) => entry.isFile() && /\.m?ts$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name));

const inModules = sources.filter((file) => file.split('/').length > 2);

const importsOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, path]) =>
    posix.join(posix.dirname(file), path!),
  );

describe('modules', () => {
  it('are all listed here', () => {
    expect([...new Set(inModules.map((file) => file.split('/')[1]))].sort()).toEqual(
      Object.keys(mayImport).sort(),
    );
  });

  it('import only what comes before them in the procedure', () => {
    const offences = inModules.flatMap((file) => {
      const own = file.split('/')[1]!;
      return importsOf(file)
        .map((target) => target.split('/'))
        .filter(([root, other]) => root !== 'src' || (other !== own && !mayImport[own]?.includes(other!)))
        .map((target) => `${file} imports ${target.join('/')}`);
    });
    expect(offences).toEqual([]);
  });

  it('have one way to depend on another: no circle', () => {
    const order = Object.keys(mayImport);
    const backwards = Object.entries(mayImport).flatMap(([own, others]) =>
      others.filter((other) => mayImport[other]?.includes(own)).map((other) => `${own} and ${other}`),
    );
    expect(backwards).toEqual([]);
    expect(order).toHaveLength(20);
  });

  it('are no deeper than src/<module>/dto/<file>', () => {
    expect(inModules.filter((file) => !/^src\/[a-z]+\/(dto\/)?[^/]+$/.test(file))).toEqual([]);
  });
});

describe('what a module of the domain may not do', () => {
  const domain = inModules.filter(
    (file) => !/^src\/(audit|database|common)\//.test(file) && !file.endsWith('.spec.ts'),
  );

  it('does not open a transaction of its own: the unit of work is the only way to write', () => {
    const offences = domain.filter((file) =>
      /\.transaction\(|createQueryRunner\(|startTransaction/.test(readFileSync(file, 'utf8')),
    );
    expect(offences).toEqual([]);
  });

  it('reads the time from the clock only', () => {
    const offences = domain.filter((file) => /new Date\(\)|Date\.now\(\)/.test(readFileSync(file, 'utf8')));
    expect(offences).toEqual([]);
  });

  it('writes through the transaction of a unit of work, save for what is no record', () => {
    // A session's last use, counters, work in progress: nothing of it is a record of the service.
    const exempt = [
      'src/auth/sessions.service.ts',
      'src/auth/sign-in.service.ts',
      'src/http/housekeeping.ts',
      'src/log/log-verification.job.ts',
      ...domain.filter((file) => /^src\/(imports|exports)\//.test(file)),
    ];
    const writes =
      /dataSource\s*\.(manager\s*\.)?(save|insert|update|delete|upsert|remove)\(|dataSource\s*\.(manager\s*\.)?query\(\s*[`'"]\s*(INSERT|UPDATE|DELETE|WITH)/i;
    const offences = domain.filter(
      (file) => !exempt.includes(file) && writes.test(readFileSync(file, 'utf8')),
    );
    expect(offences).toEqual([]);
  });
});
