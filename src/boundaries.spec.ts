import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/**
 * Which module may import which: only what comes before it in the procedure, so that the arrows point one way. Files
 * directly in src/ compose the whole and may import everything.
 */
const mayImport: Record<string, readonly string[]> = {
  common: [],
  database: ['common'],
  access: ['common', 'database'],
  audit: ['common', 'database', 'access'],
  http: ['common', 'database', 'access'],
  log: ['common', 'database', 'access', 'audit', 'http'],
  // Programs of their own: the witness trusts the log in nothing, the verifier shares no line with what it verifies.
  witness: ['common', 'log'],
  verifier: [],
  auth: ['common', 'database', 'access', 'audit', 'http'],
  organs: ['common', 'database', 'access', 'audit', 'http'],
  officers: ['common', 'database', 'access', 'audit', 'http', 'organs'],
  // Jobs and health: nothing of a case.
  operations: ['common', 'database', 'access', 'audit', 'http', 'log'],
  rulebook: ['common', 'access', 'http'],
  vault: ['common', 'audit'],
  intake: ['common', 'database', 'access', 'audit', 'http', 'rulebook', 'vault'],
  investigations: ['common', 'database', 'access', 'audit', 'http', 'rulebook', 'intake'],
  recusals: ['common', 'database', 'access', 'audit', 'http', 'auth', 'officers', 'intake', 'investigations'],
  notices: ['common', 'database', 'access', 'audit', 'http'],
  glass: ['common', 'database', 'access', 'audit', 'http', 'auth', 'intake', 'investigations', 'notices'],
  deployments: [
    'common',
    'database',
    'access',
    'audit',
    'http',
    'auth',
    'organs',
    'rulebook',
    'intake',
    'recusals',
  ],
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
  identities: ['common', 'database', 'access', 'audit', 'http', 'rulebook', 'vault', 'intake'],
  reports: ['common', 'database', 'access', 'audit', 'http', 'vault', 'intake'],
  erasures: ['common', 'database', 'access', 'audit', 'http', 'intake'],
  casefiles: [
    'common',
    'database',
    'access',
    'audit',
    'http',
    'log',
    'vault',
    'intake',
    'investigations',
    'deployments',
    'sanctions',
  ],
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
  accessreviews: ['common', 'database', 'access', 'audit', 'http', 'rulebook', 'intake'],
  statistics: ['common', 'database', 'access', 'audit', 'http', 'intake', 'investigations', 'sanctions'],
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
    expect(order).toHaveLength(29);
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
    // The one in which the database knows who asks.
    const others = domain.filter((file) => file !== 'src/access/case-database.ts');
    const offences = others.filter((file) =>
      /\.transaction\(|createQueryRunner\(|startTransaction/.test(readFileSync(file, 'utf8')),
    );
    expect(offences).toEqual([]);
  });

  it('reads cases and requests for police for somebody through the case database only, never past row-level security', () => {
    const modules =
      'intake|investigations|deployments|recusals|notices|glass|sanctions|erasures|casefiles|exports|imports|identities|reports|statistics';
    const exempt = [
      // It reads what the sealer made of the trail, which is no part of a case.
      'src/exports/bundle-log.ts',
      // Accounts that could be deputies.
      'src/deployments/delegation-candidates.service.ts',
      // The index of words, which tells numbers of requests and no more; what is behind them it reads as everybody does.
      'src/deployments/precedents.service.ts',
      // Counters of attempts.
      'src/reports/source-limits.ts',
    ];
    const offences = domain.filter(
      (file) =>
        new RegExp(`^src/(${modules})/`).test(file) &&
        !exempt.includes(file) &&
        /\bDataSource\b/.test(readFileSync(file, 'utf8')),
    );
    expect(offences).toEqual([]);
  });

  it('takes the worker’s connection, which sees every case, for what nobody asked for', () => {
    const users = domain.filter((file) => /\bWorkerDatabase\b/.test(readFileSync(file, 'utf8')));
    expect(users.sort()).toEqual([
      'src/access/case-database.ts',
      // What everybody read, for the alerts and the weekly sample.
      'src/accessreviews/alerts.job.ts',
      'src/accessreviews/read-week.job.ts',
      // Who left a pass for a job.
      'src/auth/sessions.service.ts',
      // What time going by makes of requests.
      'src/deployments/accountability.job.ts',
      // What uploads left that never came to an end.
      'src/deployments/attachment-files.ts',
      // Into whose index nobody looks.
      'src/deployments/precedent-words.job.ts',
      'src/exports/bundle-command.ts',
      'src/exports/export-work.ts',
      'src/http/housekeeping.ts',
      'src/imports/import-command.ts',
      'src/imports/import-engine.ts',
      'src/imports/import-runs.ts',
      'src/imports/imported-references.ts',
      // Into which nobody looks but the job.
      'src/imports/uploaded-files.ts',
      // Whose assignments end by the records.
      'src/investigations/investigators.service.ts',
      'src/recusals/recusal-sweep.job.ts',
    ]);
  });

  it('reads the time from the clock only', () => {
    const offences = domain.filter((file) => /new Date\(\)|Date\.now\(\)/.test(readFileSync(file, 'utf8')));
    expect(offences).toEqual([]);
  });

  it('writes through the transaction of a unit of work, save for what is no record', () => {
    // A session's last use, counters, work in progress: nothing of it is a record of the service.
    const exempt = [
      'src/auth/sessions.service.ts',
      'src/auth/attempts.ts',
      'src/http/housekeeping.ts',
      'src/log/log-verification.job.ts',
      'src/log/trail-check.job.ts',
      'src/accessreviews/alerts.job.ts',
      'src/deployments/attachment-files.ts',
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

/**
 * A write past the unit of work's `insert`, `save` and `remove` leaves no row change in the trail (ADR 12), and nobody
 * could tell it from a change behind the application. What may be written so is no record, for the reason given.
 */
describe('rows of records', () => {
  const notRecords: Readonly<Record<string, string>> = {
    session: 'who is signed in; signing in and out are events of their own',
    deployment_file: 'the bytes of an attachment, whose record has their hash; never changed',
    auth_ticket: 'what a sign-in or a proof still waits for, forgotten after minutes',
    rate_limit: 'counters of attempts, forgotten within the hour',
    idempotency_key: 'answers that are repeated for some days',
    import_run: 'the books of a job; that it was asked for is an event',
    import_file: 'what was uploaded, until it is read',
    import_reject: 'rows that were not taken',
    import_staging: 'rows between their file and their case',
    import_provenance: 'only ever inserted, with the case whose event names source and row',
    export_run: 'the books of a job; that it was asked for is an event',
    export_piece: 'a file that is deleted after some days',
    notice: 'what somebody is told; whom, is in the event of the deed',
    restart_proposal: 'its events in the trail hold all of it, in clear',
    read_log:
      'an index of events of reading; the application itself only notes that the alerts looked at a row',
    trail_verification: 'what a job found when it looked at the trail',
    trail_check: 'the books of a job; that it was asked for is an event',
  };
  /** The sealer's tables: it has a login of its own, and the application's may not write them. */
  const isLogs = (file: string, schema: string): boolean => schema === 'audit' && file.startsWith('src/log/');

  const text = (file: string): string =>
    readFileSync(file, 'utf8').replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
  const outside = sources.filter(
    (file) => !/^src\/(audit|database|verifier)\//.test(file) && !file.endsWith('.spec.ts'),
  );
  const tables = new Map(
    sources
      .flatMap((file) => [...text(file).matchAll(/@Entity\('(\w+)'\)[^]*?class (\w+)/g)])
      .map(([, table, entity]) => [entity!, table!]),
  );

  /** Each write of a text, with what it writes: an entity or a table. */
  function* writesOf(file: string): Generator<{ words: string; schema: string; table: string | undefined }> {
    const source = text(file);
    const writers = 'save|insert|update|delete|upsert|remove|softDelete|softRemove|restore|recover|clear';
    const calls = [
      `\\b(?:manager|dataSource)\\s*\\.\\s*(?:${writers}|increment|decrement)(?:<[^(]*>)?\\(\\s*(\\w*)`,
      `\\.(?:insert|delete|softDelete|restore)\\(\\s*\\)\\s*\\.(?:into|from)\\(\\s*(\\w*)`,
      `createQueryBuilder\\([^)]*\\)\\s*\\.(?:update|insert|delete|softDelete)\\(\\s*(\\w+)`,
      // The table stands elsewhere: nobody needs that.
      `\\.(?:insert|update|delete|softDelete|restore)\\(\\s*\\)(?!\\s*\\.(?:into|from)\\()`,
      `(?:getRepository|withRepository)\\(\\s*(\\w*)`,
    ];
    for (const [words, entity] of calls.flatMap((call) => [...source.matchAll(new RegExp(call, 'g'))])) {
      yield { words, schema: 'app', table: tables.get(entity!) };
    }
    const sql =
      /\b(?:INSERT\s+INTO|DELETE\s+FROM|MERGE\s+INTO|TRUNCATE(?:\s+TABLE)?|UPDATE(?=\s+\S+(?:\s+(?:AS\s+)?\w+)?\s+SET\b))\s+(?:ONLY\s+)?(?:"?(\w+)"?\.)?"?(\w*)/gi;
    for (const [words, schema, table] of source.matchAll(sql)) yield { words, schema: schema ?? '', table };
  }

  it('are written by the unit of work alone', () => {
    const offences = outside.flatMap((file) =>
      [...writesOf(file)]
        .filter(({ schema, table }) => !isLogs(file, schema) && !(schema === 'app' && table! in notRecords))
        .map(({ words }) => `${file}: ${words.replaceAll(/\s+/g, ' ')}`),
    );
    expect(offences).toEqual([]);
  });

  it('are none of those that may be written otherwise, and each of these is still written so', () => {
    const kept = text('src/audit/row-changes.ts');
    const known = [
      ...kept.slice(kept.indexOf('streamColumns'), kept.indexOf('};')).matchAll(/^ {2}(\w+):/gm),
    ];
    expect(known.length).toBeGreaterThan(10);
    expect(known.filter(([, table]) => table! in notRecords)).toEqual([]);
    const written = outside.flatMap((file) => [...writesOf(file)].map(({ table }) => table));
    expect(Object.keys(notRecords).filter((table) => !written.includes(table))).toEqual([]);
  });

  it('cannot be reached by an entity manager of another name', () => {
    const renamed =
      /\b(?!manager\b)\w+\??: EntityManager\b|\b(?:const|let) (?!manager\b)\w+ = [\w.()]*\.manager;|\bmanager: (?!EntityManager\b)\w+[ ,}]/g;
    expect(
      outside.flatMap((file) => [...text(file).matchAll(renamed)].map(([words]) => [file, words])),
    ).toEqual([]);
  });
});
