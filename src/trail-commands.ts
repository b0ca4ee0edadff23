import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { fileTrouble } from './common/file-trouble.js';
import { ConfigError, readConfig, type Config } from './config.js';
import { OriginError, policyLines } from './log/keys.js';
import { NoteError } from './log/note.js';
import { PolicyError } from './log/policy.js';
import { runSealerProcess, SealerError } from './log/sealer-process.js';

interface SealerOptions {
  witness: [name: string, url: string][];
  withParent: boolean;
}

const expected = [SealerError, OriginError, PolicyError, NoteError, ConfigError];

/** The programs beside the application. Loads nothing of the application, so that they start at once. */
export function addTrailCommands(program: Command): void {
  program
    .command('sealer')
    .description('seal the trail; DATABASE_URL names a login that is a member of plumbline_sealer')
    .option('--witness <name=url>', 'where a witness of the policy is reached; may be repeated', address, [])
    .option('--with-parent', 'end when standard input closes, and leave Ctrl-C to the parent', false)
    .action((options: SealerOptions) => startSealer(options));

  program
    .command('policy')
    .description('print the lines of a policy for the keys of this machine; makes the keys that are missing')
    .option('--for <what>', 'app, sealer or both', 'both')
    .action((options: { for: string }) => {
      const { dataDir, logOrigin } = readConfig();
      if (options.for !== 'app' && options.for !== 'sealer' && options.for !== 'both')
        throw new ConfigError('--for must be app, sealer or both');
      process.stdout.write(`${policyLines(dataDir, logOrigin, options.for).join('\n')}\n`);
    });
}

function address(text: string, before: [string, string][]): [string, string][] {
  const at = text.indexOf('=');
  const [name, url] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 1 || !/^https?:\/\/\S+$/.test(url))
    throw new InvalidArgumentError('It must be <name>=http://… or https://…');
  return [...before, [name, url]];
}

async function startSealer({ witness, withParent }: SealerOptions): Promise<void> {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  process.once('SIGTERM', end);
  // A terminal sends it to all of a group; the parent ends this process when the application has ended.
  process.on('SIGINT', () => (withParent ? undefined : end()));
  if (withParent) process.stdin.once('close', end).resume();
  try {
    const config = readConfig();
    const database = await databaseOf(config);
    try {
      const settings = { ...config, databaseUrl: database.url, addresses: new Map(witness) };
      await runSealerProcess(settings, ending.signal);
    } finally {
      await database.close();
    }
  } catch (error) {
    const file = fileTrouble(error);
    if (file === undefined && !expected.some((kind) => error instanceof kind)) throw error;
    process.stderr.write(`The sealer did not start: ${file ?? (error as Error).message}\n`);
    process.exitCode = error instanceof ConfigError ? 2 : 1;
  } finally {
    process.stdin.destroy();
  }
}

/** The login in DATABASE_URL, or one of ours on the embedded database. */
async function databaseOf(config: Config): Promise<{ url: string; close(): Promise<void> }> {
  if (config.databaseUrl !== undefined) return { url: config.databaseUrl, close: () => Promise.resolve() };
  const [{ openDatabase }, { dataSourceOptions }] = await Promise.all([
    import('./database/open-database.js'),
    import('./data-source.js'),
  ]);
  const database = await openDatabase(config, dataSourceOptions, true);
  return { url: database.sealerUrl!, close: () => database.close() };
}
