import { CommanderError, InvalidArgumentError, type Command } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { destination, pino } from 'pino';
import { SystemClock } from '../common/clock.js';
import { AlreadyRunningError } from '../common/directory-claim.js';
import { fileTrouble } from '../common/file-trouble.js';
import { NoteError, parseVerifierKey, type VerifierKey } from '../log/note.js';
import { parsePolicy, PolicyError } from '../log/policy.js';
import { WitnessError } from './identity.js';
import { startWitness } from './server.js';

interface Options {
  data: string;
  name?: string;
  host: string;
  port: number;
  log?: string[];
  policy?: string;
  withParent: boolean;
}

export function addWitnessCommand(program: Command): void {
  program
    .command('witness')
    .description('cosign the checkpoints of logs that never take anything back; to be run by an outsider')
    .option(
      '--data <dir>',
      'its key and its memory',
      join(process.env['PLUMBLINE_DATA_DIR'] ?? '.data', 'witness'),
    )
    .option('--name <name>', 'its name in policies, such as ombudsman.example/w1; cannot change later')
    .option('--host <address>', 'where it listens', '127.0.0.1')
    .option('--port <number>', 'where it listens; 0 takes any that is free', wholePort, 3100)
    .option('--log <vkey...>', 'verifier keys of the logs to watch')
    .option('--policy <file>', 'a policy whose logs to watch')
    .option('--with-parent', 'end when standard input closes, and leave Ctrl-C to the parent', false)
    .action(async (options: Options, command: Command) => {
      try {
        await run(options, command);
      } catch (error) {
        if (error instanceof CommanderError) throw error;
        const { code, message } = error as NodeJS.ErrnoException;
        const known = [WitnessError, NoteError, PolicyError, AlreadyRunningError].some(
          (kind) => error instanceof kind,
        );
        if (!known && code === undefined) throw error;
        process.stderr.write(`The witness did not start: ${fileTrouble(error) ?? message}\n`);
        process.exitCode = 1;
      }
    });
}

function wholePort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65535)
    throw new InvalidArgumentError('It must be 0 to 65535.');
  return Number(text);
}

/** Returns when it was told to end. */
async function run(options: Options, command: Command): Promise<void> {
  const logs = watchedLogs(options);
  if (logs.length === 0) command.error('error: name the logs to watch with --log or --policy');
  const logger = pino(destination({ fd: 2, sync: true }));
  const witness = await startWitness({
    directory: options.data,
    name: options.name,
    logs,
    host: options.host,
    port: options.port,
    clock: new SystemClock(),
    report: (message, facts) => logger.error(facts, message),
  });
  process.stdout.write(
    `Witness   ${witness.vkey.split('+')[0]}\nKey       ${witness.vkey}\nAddress   ${witness.address}\n` +
      logs.map(({ name }) => `Watches   ${name}\n`).join(''),
  );
  await toldToEnd(options.withParent);
  await witness.close();
}

function watchedLogs({ log = [], policy }: Options): VerifierKey[] {
  const logs = log.map(parseVerifierKey);
  if (policy !== undefined) logs.push(...parsePolicy(readFileSync(policy, 'utf8')).logs);
  const other = logs.find(({ type }) => type !== 1);
  if (other) throw new NoteError(`${other.vkey} is not the key of a log`);
  return logs;
}

async function toldToEnd(withParent: boolean): Promise<void> {
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', () => resolve());
    // A terminal sends it to all of a group, and the log may still want a last cosignature.
    process.on('SIGINT', () => (withParent ? undefined : resolve()));
    if (withParent) process.stdin.once('close', () => resolve()).resume();
  });
  process.stdin.destroy();
}
