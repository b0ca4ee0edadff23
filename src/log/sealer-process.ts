import { existsSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { destination, pino, type Logger } from 'pino';
import { Writer } from '../audit/writer.js';
import { SystemClock } from '../common/clock.js';
import { loadLogKey, loadSealerKey, type LogKey } from './keys.js';
import { verifierKey } from './note.js';
import { parsePolicy, type Policy } from './policy.js';
import { runSealer } from './sealer-loop.js';
import { Sealer, type SealedCheckpoint } from './sealer.js';
import { TimeStamps } from './time-stamps.js';
import { WitnessClient } from './witness-client.js';

const AGAIN_EVERY_MS = 60_000;
const POOL_SIZE = 4;

export interface SealerSettings {
  readonly databaseUrl: string;
  readonly dataDir: string;
  readonly logLevel: string;
  readonly policyFile: string;
  readonly logOrigin: string | undefined;
  /** An RFC 3161 time-stamp authority, if any. */
  readonly tsaUrl: string | undefined;
  /** Where witnesses of the policy are reached, by their name, when not where the policy says. */
  readonly addresses: ReadonlyMap<string, string>;
}

/** The sealer cannot work with what it was given. */
export class SealerError extends Error {}

/** Seals until the signal. @throws SealerError when policy, keys or login do not fit */
export async function runSealerProcess(settings: SealerSettings, signal: AbortSignal): Promise<void> {
  const logger = pino({ level: settings.logLevel, name: 'sealer' }, destination({ fd: 2, sync: false }));
  const clock = new SystemClock();
  const key = loadLogKey(settings.dataDir, settings.logOrigin);
  const writer = new Writer(loadSealerKey(settings.dataDir), 'sealer', clock.now());
  const policy = loadPolicy(settings, key);
  const pool = new pg.Pool({
    connectionString: settings.databaseUrl,
    max: POOL_SIZE,
    application_name: 'plumbline-sealer',
    connectionTimeoutMillis: 10_000,
    statement_timeout: 60_000,
    idle_in_transaction_session_timeout: 60_000,
  });
  // A connection that breaks while idle is replaced; without a listener it would end the process.
  pool.on('error', () => undefined);
  try {
    await checkLogin(pool);
    const sealer = new Sealer({ pool, key, writer, policy, clock });
    const witnesses = witnessClients(policy, settings.addresses, pool, logger);
    logger.info({ origin: key.verifier.name, witnesses: witnesses.length }, 'the sealer works');
    const stamps =
      settings.tsaUrl === undefined ? undefined : new TimeStamps(settings.tsaUrl, pool, clock, logger);
    const onCheckpoint = (checkpoint: SealedCheckpoint): void => void stamps?.consider(checkpoint);
    await runSealer({ databaseUrl: settings.databaseUrl, sealer, witnesses, logger, onCheckpoint }, signal);
  } finally {
    await pool.end();
  }
}

function loadPolicy({ policyFile, dataDir }: SealerSettings, key: LogKey): Policy {
  if (!existsSync(policyFile)) {
    throw new SealerError(
      `There is no policy at ${policyFile}. \`npx plumbline policy\` prints the lines for the keys of this machine.`,
    );
  }
  const policy = parsePolicy(readFileSync(policyFile, 'utf8'));
  const own = verifierKey('sealer', 1, loadSealerKey(dataDir));
  if (!policy.logs.some(({ vkey }) => vkey === key.verifier.vkey)) {
    throw new SealerError(`The policy has no line "log ${key.verifier.vkey}".`);
  }
  if (!policy.writers.some((writer) => writer.key.equals(own.key))) {
    throw new SealerError(`The policy has no line "writer ${own.vkey}".`);
  }
  return policy;
}

function witnessClients(
  policy: Policy,
  addresses: ReadonlyMap<string, string>,
  pool: pg.Pool,
  logger: Logger,
): WitnessClient[] {
  return policy.witnesses.flatMap((witness) => {
    const url = addresses.get(witness.name) ?? witness.url;
    if (url === undefined) {
      logger.warn({ witness: witness.name }, 'nobody says where this witness is reached');
      return [];
    }
    return [new WitnessClient({ ...witness, url }, { pool, logger, againEveryMs: AGAIN_EVERY_MS })];
  });
}

/** With more rights than it needs, whoever takes over the sealer could rewrite the trail that it seals. */
async function checkLogin(pool: pg.Pool): Promise<void> {
  const client = await pool.connect().catch((error: Error & { code?: string }) => {
    const why = error.message || error.code || 'no answer';
    throw new SealerError(
      `The database could not be opened: ${why}. Does it run, and is DATABASE_URL right?`,
    );
  });
  client.release();
  const { rows } = await pool.query<{ name: string; sealer: boolean; excess: boolean }>(`
    SELECT current_user AS name, pg_has_role('plumbline_sealer', 'USAGE') AS sealer,
           rolsuper OR rolbypassrls OR rolcreaterole OR pg_has_role('plumbline_audit_owner', 'USAGE') AS excess
    FROM pg_roles WHERE rolname = current_user`);
  const { name, sealer, excess } = rows[0]!;
  if (!sealer || excess) {
    throw new SealerError(
      `The database login ${name} must be a member of plumbline_sealer and of nothing else. ` +
        '`npx plumbline migrate --sealer-login <name>` makes one.',
    );
  }
}
