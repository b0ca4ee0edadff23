import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { validateSync } from 'class-validator';
import { Command } from 'commander';
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
import { systemWith } from './audit/writer-registration.js';
import { UserAccount } from './auth/account.entity.js';
import { CreateUserDto, PASSWORD_MIN } from './auth/dto/user.dto.js';
import { UsersService } from './auth/users.service.js';
import { addBundleCommands } from './bundle-commands.js';
import { explain, NO, UsageError } from './cli-failure.js';
import { invalidInput } from './common/errors.js';
import { isId } from './common/ids.js';
import { readConfig } from './config.js';
import { makeLogin } from './database/open-database.js';
import { WorkerDatabase } from './database/worker-database.js';
import { filesIn, runImport } from './imports/import-command.js';
import { mappingAt } from './imports/mapping-files.js';
import { inputErrors } from './http/validation.js';
import { addCheckCommand } from './deployments/check-command.js';
import { openApiDocument } from './openapi.js';
import { Organ } from './organs/organ.entity.js';
import { addTrailCommands } from './trail-commands.js';
import { withApplication, withDatabase } from './with-application.js';
import { addWitnessCommand } from './witness/witness-command.js';
import type { INestApplicationContext } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';

const out = (text: string): void => void process.stdout.write(`${text}\n`);

const program = new Command('plumbline')
  .description('Tracks misconduct and discipline inside a police service.')
  .showHelpAfterError()
  .addHelpText(
    'after',
    '\nExit codes: 0 done; 1 not done, or the answer is no; 2 wrong use or wrong settings.\n' +
      'verify-bundle: 0 valid, 1 not valid, 2 valid with limits, 3 unreadable or wrong use.',
  )
  .configureHelp({ showGlobalOptions: true });

program
  .command('migrate')
  .description('bring the database to the present schema; DATABASE_URL names an administrator')
  .option(
    '--login <name>',
    'also make a login for the application, with the password in PLUMBLINE_LOGIN_PASSWORD',
  )
  .option('--worker-login <name>', 'also make one for its jobs; PLUMBLINE_WORKER_LOGIN_PASSWORD likewise')
  .option('--sealer-login <name>', 'also make one for the sealer; PLUMBLINE_SEALER_LOGIN_PASSWORD likewise')
  .action((options: { login?: string; workerLogin?: string; sealerLogin?: string }) =>
    withDatabase(async (_database, { databaseUrl }) => {
      await makeLoginFor(databaseUrl, 'app', options.login, 'PLUMBLINE_LOGIN_PASSWORD');
      await makeLoginFor(databaseUrl, 'worker', options.workerLogin, 'PLUMBLINE_WORKER_LOGIN_PASSWORD');
      await makeLoginFor(databaseUrl, 'sealer', options.sealerLogin, 'PLUMBLINE_SEALER_LOGIN_PASSWORD');
      out('The database has the present schema.');
    }),
  );

async function makeLoginFor(
  databaseUrl: string | undefined,
  role: 'app' | 'worker' | 'sealer',
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
    const account = Object.assign(new CreateUserDto(), { username, displayName: options.name });
    const password = await readPassword();
    // Before the database is opened, which takes its time.
    if (password.length < PASSWORD_MIN) {
      throw invalidInput([
        { pointer: '/password', message: `must have at least ${PASSWORD_MIN} characters` },
      ]);
    }
    const errors = inputErrors(validateSync(account));
    if (errors.length > 0) throw invalidInput(errors);
    await withApplication(async (app) => {
      const users = app.get(UsersService, { strict: false });
      const organId = await organWithCode(app, options.organ);
      // As the system, with an administrator's rights over that organ.
      const actor = systemWith([{ role: 'ADMINISTRATOR', organId, organIds: [organId] }]);
      const user = await users.createWithPassword(actor, account, password);
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
    // A name that is wrong is heard of before the database is opened.
    await Promise.all([mappingAt(options.mapping), filesIn(folder)]);
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
        keyRingAt(config.dataDir, config.vaultKeyFile),
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
        app.get(WorkerDatabase),
        app.get(HistoryService, { strict: false }),
        stream,
        (streams) => void (process.stderr.isTTY && process.stderr.write(`\r${streams} streams compared`)),
      ),
    );
    if (process.stderr.isTTY) process.stderr.write('\n');
    out(json ? JSON.stringify(report, null, 2) : reconciliationInWords(report));
    if (report.differenceCount > 0) process.exitCode = NO;
  });

addBundleCommands(program);

program
  .command('openapi')
  .description('write the interface as OpenAPI; needs no database')
  .option('--out <file>', 'file to write; standard output otherwise')
  .action(async ({ out: file }: { out?: string }) => {
    const nowhere = 'postgres://nobody@localhost/none';
    const app = await NestFactory.create<NestExpressApplication>(
      AppModule.with(readConfig({}), { appUrl: nowhere, workerUrl: nowhere }),
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
  const top = await app.get(OrgansService, { strict: false }).createTop(code);
  return top.id;
}

/** Of every command, however deep: it inherits this only when it was made after. */
function throwInsteadOfExit(command: Command): void {
  command.exitOverride();
  command.commands.forEach(throwInsteadOfExit);
}
throwInsteadOfExit(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}
