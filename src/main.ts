import 'reflect-metadata';
import type { Server } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { startCompanions, type Companions } from './companions.js';
import { ConfigError, readConfig } from './config.js';
import { createApplication } from './application.js';
import { dataSourceOptions } from './data-source.js';
import { UnsafeDatabaseError } from './database/boot-checks.js';
import { AlreadyRunningError } from './common/directory-claim.js';
import { loginsOf, openDatabase, UnreachableDatabaseError } from './database/open-database.js';
import { addDemonstrationRequests } from './demo-deployments.js';
import { setUpDemonstration, type Demonstration } from './demo.js';

/** What a person reads; the logs go to standard error. */
const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function start(): Promise<void> {
  const config = readConfig();
  // An early Ctrl-C must not leave the embedded database behind.
  let stopping: Promise<void> | undefined;
  let close: () => Promise<void> = () => Promise.resolve();
  const stop = (code: number): void => {
    stopping ??= close().then(
      () => process.exit(code),
      () => process.exit(1),
    );
  };
  process.on('SIGINT', () => stop(0));
  process.on('SIGTERM', () => stop(0));

  if (config.databaseUrl === undefined) say('Starting the embedded PostgreSQL ...');
  const database = await openDatabase(config, dataSourceOptions);
  close = () => database.close();
  // It could only fail request after request. Whoever looks after this process starts both again.
  void database.failed.then(() => {
    process.stderr.write(
      'Plumbline ends: the embedded PostgreSQL has ended. Start it again; nothing is lost.\n',
    );
    stop(1);
  });
  try {
    const app = await createApplication(config, loginsOf(database));
    let companions: Companions | undefined;
    close = async () => {
      // A download that nobody finishes must not keep the process.
      const server = app.getHttpServer() as Server;
      setTimeout(() => server.closeAllConnections(), 3000).unref();
      await app.close();
      await companions?.stop();
      await database.close();
    };
    await app.init();
    const demo = database.embedded ? await setUpDemonstration(app, config.demoPassword) : undefined;
    if (demo) await addDemonstrationRequests(app);
    await app.listen(config.port, config.host);
    collectLessOften();
    if (database.embedded && database.sealerUrl !== undefined) {
      companions = await startCompanions(config, database.sealerUrl);
    }
    say(welcome(await app.getUrl(), demo, companions));
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * V8 lets its old generation grow by a few megabytes only as long as collecting it is cheap on the whole. Under load that
 * is every quarter of a minute, and one request in a hundred waits for it: so it may grow to three times what is in use.
 */
const collectLessOften = (): void => setFlagsFromString('--heap-growing-percent=200');

function welcome(
  listening: string,
  demo: Demonstration | undefined,
  companions: Companions | undefined,
): string {
  const address = listening.replace('[::1]', '127.0.0.1');
  const lines = [
    '',
    `Plumbline is ready:     ${address}/api/v1`,
    // A security key signs for a name only, and the default of PLUMBLINE_ORIGIN is this one.
    `Console:                ${address.replace('127.0.0.1', 'localhost')}/`,
    `Interactive reference:  ${address}/api/docs`,
  ];
  if (demo) {
    lines.push(
      '',
      'Demonstration accounts, all with one password, which is not shown again:',
      `  password   ${demo.password}`,
      ...wrap(demo.accounts, 90).map((line, i) => `  ${i === 0 ? 'accounts' : '        '}   ${line}`),
    );
  } else if (companions) {
    lines.push('', 'The demonstration accounts keep the password of the first start.');
  }
  if (companions) {
    lines.push(
      '',
      'A sealer and a witness run beside it. A witness on the same machine only detects; docs/trail.md says how',
      'others run one.',
      `  policy     ${companions.policyFile}`,
      `  SHA-256    ${companions.policySha256}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

const wrap = (words: readonly string[], width: number): string[] =>
  words.reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > width) return [...lines, word];
    return [...lines.slice(0, -1), `${last} ${word}`];
  }, []);

start().catch((error: unknown) => {
  const known =
    error instanceof ConfigError ||
    error instanceof UnsafeDatabaseError ||
    error instanceof UnreachableDatabaseError ||
    error instanceof AlreadyRunningError;
  const { message, stack, code } = error as Error & { code?: string };
  // A known failure tells what to do; of an unknown one the stack is needed.
  process.stderr.write(`Plumbline did not start: ${known ? message : (stack ?? message)}\n`);
  if (code === 'EADDRINUSE')
    process.stderr.write('The port is taken. Set PORT to another one, or to 0 for any.\n');
  process.exit(1);
});
