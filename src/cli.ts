import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { validateSync } from 'class-validator';
import { Command, CommanderError } from 'commander';
import { createInterface } from 'node:readline/promises';
import { writeFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { DataSource } from 'typeorm';
import { permissionsDocument } from './access/permissions-document.js';
import { roles, type Role } from './access/roles.js';
import { AppModule } from './app.module.js';
import { configure } from './application.js';
import { inWords, keyRingAt, trustedKeys, verifyDatabase } from './audit/verify-command.js';
import { HistoryService } from './audit/history.service.js';
import { reconcile, reconciliationInWords } from './audit/reconcile.js';
import { systemActor } from './audit/writer-registration.js';
import { UserAccount } from './auth/account.entity.js';
import { CreateUserDto } from './auth/dto/user.dto.js';
import { UsersService } from './auth/users.service.js';
import { DomainError, invalidInput, type InputError } from './common/errors.js';
import { isId } from './common/ids.js';
import { ConfigError, readConfig, type Config } from './config.js';
import { dataSourceOptions } from './data-source.js';
import { checkDatabase } from './database/boot-checks.js';
import { makeLogin, openDatabase, type OpenDatabase } from './database/open-database.js';
import { runImport } from './imports/import-command.js';
import { inputErrors } from './http/validation.js';
import { addCheckCommand } from './deployments/check-command.js';
import { openApiDocument } from './openapi.js';
import { Organ } from './organs/organ.entity.js';
import { addTrailCommands } from './trail-commands.js';
import { addWitnessCommand } from './witness/witness-command.js';
import type { INestApplicationContext } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';

/** What was asked for was not done, or the answer is no. */
const NO = 1;
const WRONG_USE = 2;
/** As the verifier of bundles says it. */
const UNREADABLE = 3;

/** A use that cannot work; the message says what to do. */
class UsageError extends Error {}

const out = (text: string): void => void process.stdout.write(`${text}\n`);

async function withDatabase<T>(work: (database: OpenDatabase, config: Config) => Promise<T>): Promise<T> {
  const config = readConfig();
  const database = await openDatabase(config, dataSourceOptions, true);
  try {
    return await work(database, config);
  } finally {
    await database.close();
  }
}

/** The application's services without its HTTP interface, as a writer of its own. */
const withApplication = <T>(work: (app: INestApplicationContext) => Promise<T>): Promise<T> =>
  withDatabase(async (database, config) => {
    const module = AppModule.with({ ...config, logLevel: 'error' }, database.appUrl, 'cli');
    const app = await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
    try {
      await checkDatabase(app.get(DataSource));
      return await work(app);
    } finally {
      await app.close();
    }
  });

const program = new Command('plumbline')
  .description('Tracks misconduct and discipline inside a police service.')
  .showHelpAfterError()
  .configureHelp({ showGlobalOptions: true });

program
  .command('migrate')
  .description('bring the database to the present schema; DATABASE_URL names an administrator')
  .option(
    '--login <name>',
    'also make a login for the application, with the password in PLUMBLINE_LOGIN_PASSWORD',
  )
  .option('--sealer-login <name>', 'also make one for the sealer; PLUMBLINE_SEALER_LOGIN_PASSWORD likewise')
  .action((options: { login?: string; sealerLogin?: string }) =>
    withDatabase(async (_database, { databaseUrl }) => {
      await makeLoginFor(databaseUrl, 'app', options.login, 'PLUMBLINE_LOGIN_PASSWORD');
      await makeLoginFor(databaseUrl, 'sealer', options.sealerLogin, 'PLUMBLINE_SEALER_LOGIN_PASSWORD');
      out('The database has the present schema.');
    }),
  );

async function makeLoginFor(
  databaseUrl: string | undefined,
  role: 'app' | 'sealer',
  user: string | undefined,
  passwordIn: string,
): Promise<void> {
  if (user === undefined) return;
  const password = process.env[passwordIn];
  if (databaseUrl === undefined || !password) {
    throw new UsageError(`To make a login, set DATABASE_URL and ${passwordIn}.`);
  }
  await makeLogin(databaseUrl, { user, password, role });
}

program
  .command('user')
  .description('accounts')
  .command('create')
  .description('make an account with a role, such as the first administrator; asks for the password')
  .argument('<username>')
  .requiredOption('--name <name>', 'name to show')
  .option('--role <role>', 'role to grant', 'ADMINISTRATOR')
  .option('--organ <code>', 'organ in which the role holds; made when there is none yet', 'TOP')
  .action(async (username: string, options: { name: string; role: string; organ: string }) => {
    if (!(roles as readonly string[]).includes(options.role)) {
      throw new UsageError(`--role must be one of ${roles.join(', ')}`);
    }
    const account = Object.assign(new CreateUserDto(), {
      username,
      displayName: options.name,
      password: await readPassword(),
    });
    const errors = inputErrors(validateSync(account));
    if (errors.length > 0) throw invalidInput(errors);
    await withApplication(async (app) => {
      const users = app.get(UsersService, { strict: false });
      const organId = await organWithCode(app, options.organ);
      // As the system, with an administrator's rights over that organ.
      const actor = {
        ...systemActor,
        grants: [{ role: 'ADMINISTRATOR' as const, organId, organIds: [organId] }],
      };
      const user = await users.create(actor, account);
      await users.grant(actor, user.id, {
        role: options.role as Role,
        organId,
        reason: 'Made on the command line',
      });
      out(`Made ${user.username} with the role ${options.role}.`);
    });
  });

program
  .command('import')
  .description('import a folder of complaint records through a mapping')
  .requiredOption('--mapping <file>', 'mapping file, such as mappings/philadelphia.yaml')
  .argument('<folder>', 'folder with the source files')
  .option('--organ <code>', 'organ that receives the cases; the mapping names one otherwise')
  .option('--dry-run', 'judge everything, store nothing', false)
  .option('--rejects <file>', 'where to write the rows that were not accepted')
  .option('--json', 'print the summary as JSON', false)
  .action(async (folder: string, options: ImportOptions) => {
    process.exitCode = await withApplication((app) =>
      runImport(
        {
          mapping: options.mapping,
          folder,
          dryRun: options.dryRun,
          json: options.json,
          ...(options.organ ? { organCode: options.organ } : {}),
          ...(options.rejects ? { rejects: options.rejects } : {}),
        },
        app,
      ),
    );
  });

interface ImportOptions {
  mapping: string;
  organ?: string;
  dryRun: boolean;
  rejects?: string;
  json: boolean;
}

program
  .command('verify')
  .description('derive every chain of the trail anew and name the first wrong entry')
  .option('--writer-key <file...>', 'public keys to trust; this installation has its own')
  .option('--json', 'print the report as JSON', false)
  .action((options: { writerKey?: string[]; json: boolean }) =>
    withDatabase(async (database, config) => {
      // A database named by a login that may read the trail needs no other.
      const url = database.auditorUrl ?? config.databaseUrl;
      if (url === undefined) throw new UsageError('Set DATABASE_URL to a login that may read the trail.');
      const report = await verifyDatabase(
        url,
        trustedKeys(options.writerKey ?? [], config.dataDir),
        keyRingAt(config.dataDir),
      );
      out(options.json ? JSON.stringify(report, null, 2) : inWords(report));
      if (!report.valid) process.exitCode = NO;
    }),
  );

program
  .command('reconcile')
  .description('rebuild the present state from the trail and name every row that was changed behind it')
  .option('--stream <id>', 'look at one case or user only')
  .option('--json', 'print the report as JSON', false)
  .action(async ({ stream, json }: { stream?: string; json: boolean }) => {
    if (stream !== undefined && !isId(stream))
      throw new UsageError('--stream must be the id of a case or user.');
    const report = await withApplication((app) =>
      reconcile(
        app.get(DataSource),
        app.get(HistoryService, { strict: false }),
        stream,
        (streams) => void (process.stderr.isTTY && process.stderr.write(`\r${streams} streams compared`)),
      ),
    );
    if (process.stderr.isTTY) process.stderr.write('\n');
    out(json ? JSON.stringify(report, null, 2) : reconciliationInWords(report));
    if (report.differenceCount > 0) process.exitCode = NO;
  });

program
  .command('export')
  .description(
    'write the bundle by which an outsider can verify the history of a case; as the system, without names of reporters',
  )
  .argument('<case>', 'reference or id')
  .requiredOption('--bundle', 'the only kind that is offered here')
  .requiredOption('--out <file>', 'file to write; it must not exist')
  .option('--purpose <text>', 'who gets it and what for', 'Made on the command line')
  .option('--recipient <age1…>', 'encrypt it to this age recipient')
  .action(async (name: string, options: { out: string; purpose: string; recipient?: string }) => {
    const { exportBundle } = await import('./exports/bundle-command.js');
    await withApplication((app) => exportBundle(app, name, options));
    out(`Wrote ${options.out}. Check it: plumbline verify-bundle ${options.out} --policy <policy file>`);
  });

program
  .command('verify-bundle')
  .description(
    'verify a case bundle against a policy; exits 0 valid, 1 not valid, 2 valid with limits, 3 unreadable',
  )
  .argument('<file>', 'bundle (.zip, or .zip.age with --identity)')
  .requiredOption('--policy <file>', 'the policy that you were given by another way')
  .option('--identity <file>', 'age identity to decrypt it with')
  .option('--json', 'print the report as JSON', false)
  .action(async (file: string, options: { policy: string; identity?: string; json: boolean }) => {
    const { inWords: words, verifyBundle } = await import('./verifier/verify.mjs');
    const { readBundle } = await import('./exports/bundle-command.js');
    const read = await readBundle(file, options.policy, options.identity);
    if (typeof read === 'string') {
      process.stderr.write(`${read}\n`);
      process.exitCode = UNREADABLE;
      return;
    }
    const report = verifyBundle(read.bundle, read.policy);
    out(options.json ? JSON.stringify(report, null, 2) : words(report));
    process.exitCode = report.exit;
  });

program
  .command('openapi')
  .description('write the interface as OpenAPI; needs no database')
  .option('--out <file>', 'file to write; standard output otherwise')
  .action(async ({ out: file }: { out?: string }) => {
    const app = await NestFactory.create<NestExpressApplication>(
      AppModule.with(readConfig({}), 'postgres://nobody@localhost/none'),
      {
        preview: true,
        logger: false,
        abortOnError: false,
      },
    );
    configure(app, { trustProxy: undefined });
    write(file, `${JSON.stringify(openApiDocument(app), null, 2)}\n`);
  });

program
  .command('permissions')
  .description('write the permissions of every role as Markdown')
  .option('--out <file>', 'file to write; standard output otherwise')
  .action(({ out: file }: { out?: string }) => write(file, permissionsDocument()));

addWitnessCommand(program);
addTrailCommands(program);
addCheckCommand(program);

function write(file: string | undefined, text: string): void {
  if (file === undefined) process.stdout.write(text);
  else writeFileSync(file, text);
}

/** From the environment, or typed; never from an argument, which other users of the machine can see. */
async function readPassword(): Promise<string> {
  const given = process.env['PLUMBLINE_NEW_PASSWORD'];
  if (given) return given;
  if (!process.stdin.isTTY) throw new UsageError('Set PLUMBLINE_NEW_PASSWORD, or run it on a terminal.');
  // What is typed is not shown: a password must not stay on the screen.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  process.stdout.write('Password (at least 12 characters): ');
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stdout.write('\n');
  }
}

async function organWithCode(app: INestApplicationContext, code: string): Promise<string> {
  const manager = app.get(DataSource).manager;
  const found = await manager.findOneBy(Organ, { code });
  if (found) return found.id;
  if (await manager.existsBy(UserAccount, { status: 'ACTIVE' })) {
    throw new UsageError(`There is no organ with the code ${code}.`);
  }
  const { OrgansService } = await import('./organs/organs.service.js');
  const top = await app.get(OrgansService, { strict: false }).createTop(systemActor, code);
  return top.id;
}

program.exitOverride();
program.commands.forEach((command) => command.exitOverride());

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    // Elsewhere 2 is wrong use; of a bundle it says that it is valid.
    return process.argv[2] === 'verify-bundle' ? UNREADABLE : WRONG_USE;
  }
  if (error instanceof UsageError || error instanceof ConfigError) {
    process.stderr.write(`${error.message}\n`);
    return WRONG_USE;
  }
  const { message, stack } = error as Error;
  const known =
    error instanceof DomainError ||
    !stack ||
    /^(AlreadyRunning|UnsafeDatabase|UnreachableDatabase)/.test((error as Error).constructor.name);
  process.stderr.write(`${known ? message : stack}\n`);
  if (error instanceof DomainError) {
    const errors = (error.extra['errors'] ?? []) as InputError[];
    errors.forEach(({ pointer, message: why }) => process.stderr.write(`  ${pointer}: ${why}\n`));
  }
  return NO;
}
