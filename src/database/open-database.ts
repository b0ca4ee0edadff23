import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { AlreadyRunningError } from '../common/directory-claim.js';
import { runningPostgres, startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';
import { UnsafeDatabaseError } from './boot-checks.js';
import { migrate, type OptionsFor } from './migrate.js';
import { databaseRoles, ensureLogin } from './roles.js';

/** The two logins of the application. */
export interface Logins {
  /** A member of plumbline_app: sees of the cases what the session of a request may see. */
  readonly appUrl: string;
  /** A member of plumbline_worker, for jobs and the command line: sees every case. */
  readonly workerUrl: string;
}

export interface OpenDatabase extends Pick<Logins, 'appUrl'> {
  /** Undefined when DATABASE_URL names the application's own login and nothing names the worker's. */
  readonly workerUrl: string | undefined;
  /** Logs in as a member of plumbline_auditor; undefined when only the application's own login is known. */
  readonly auditorUrl: string | undefined;
  /** Logs in as a member of plumbline_sealer; undefined likewise. */
  readonly sealerUrl: string | undefined;
  readonly embedded: boolean;
  /** Settles when the embedded database ends without having been closed. */
  readonly failed: Promise<void>;
  close(): Promise<void>;
}

interface Place {
  readonly databaseUrl: string | undefined;
  readonly workerDatabaseUrl?: string | undefined;
  readonly dataDir: string;
}

const DATABASE = 'plumbline';
/** Somebody else looks after that server. */
const NEVER = new Promise<void>(() => undefined);

/**
 * Opens the database that the settings name, or the embedded one, and brings it to the present schema.
 *
 * `DATABASE_URL` may name an administrator: then roles, schema and a login of the application are made with it. Or it
 * names a login that is a member of plumbline_app: then nothing is changed, and the boot check says what is missing.
 * @param share a command line may use the embedded server of an application that runs; a second application may not
 */
export async function openDatabase(
  place: Place,
  optionsFor: OptionsFor,
  share = false,
): Promise<OpenDatabase> {
  if (place.databaseUrl !== undefined) {
    const admin = await isAdministrator(place.databaseUrl);
    const urls = admin
      ? await prepare(place.databaseUrl, place.dataDir, optionsFor)
      : {
          appUrl: place.databaseUrl,
          workerUrl: place.workerDatabaseUrl,
          auditorUrl: undefined,
          sealerUrl: undefined,
        };
    return { ...urls, embedded: false, failed: NEVER, close: () => Promise.resolve() };
  }
  const server = await embedded(join(place.dataDir, 'postgres'), share);
  try {
    await ensureDatabase(server.url());
    const urls = await prepare(server.url(DATABASE), place.dataDir, optionsFor);
    return { ...urls, embedded: true, failed: server.failed, close: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function embedded(
  directory: string,
  share: boolean,
): Promise<Pick<EmbeddedPostgres, 'url' | 'failed' | 'stop'>> {
  try {
    return await startEmbeddedPostgres({ directory });
  } catch (error) {
    const running = share && error instanceof AlreadyRunningError ? runningPostgres(directory) : undefined;
    if (!running) throw error;
    return { url: (database) => running.url(database), failed: NEVER, stop: () => Promise.resolve() };
  }
}

/** @throws UnsafeDatabaseError when the worker's login is not known */
export function loginsOf({ appUrl, workerUrl }: OpenDatabase): Logins {
  if (workerUrl !== undefined) return { appUrl, workerUrl };
  throw new UnsafeDatabaseError(
    'Set PLUMBLINE_WORKER_DATABASE_URL to a login that is a member of plumbline_worker, for jobs and the command ' +
      'line; `plumbline migrate --worker-login` makes one.',
  );
}

/** The message names the server, never the password. */
export class UnreachableDatabaseError extends Error {
  readonly code: string | undefined;

  constructor({ host, pathname, username }: URL, cause: Error & { code?: string }) {
    const why = cause.message || cause.code || 'no answer';
    super(
      `The database ${host}${pathname} could not be opened as ${username || 'this user'}: ${why}. Does it run, and is DATABASE_URL right?`,
    );
    this.code = cause.code;
  }
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'plumbline-open' });
  await client.connect().catch((error: Error) => {
    throw new UnreachableDatabaseError(new URL(url), error);
  });
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const isAdministrator = (url: string): Promise<boolean> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ power: boolean }>(
      'SELECT rolsuper OR rolcreaterole AS power FROM pg_roles WHERE rolname = current_user',
    );
    return rows[0]?.power ?? false;
  });

/** Makes a login with the privileges of one role, or gives it this password. */
export const makeLogin = (
  adminUrl: string,
  login: { user: string; password: string; role: 'app' | 'worker' | 'sealer' },
): Promise<void> =>
  withClient(adminUrl, (client) => ensureLogin(client, { ...login, role: databaseRoles[login.role] }));

const ensureDatabase = (adminUrl: string): Promise<void> =>
  withClient(adminUrl, async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (!rowCount) await client.query(`CREATE DATABASE ${DATABASE}`);
  });

async function prepare(
  adminUrl: string,
  dataDir: string,
  optionsFor: OptionsFor,
): Promise<Logins & { auditorUrl: string; sealerUrl: string }> {
  await migrate(adminUrl, optionsFor);
  return withClient(adminUrl, async (client) => {
    const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
    const login = async (role: string): Promise<string> => {
      // A login a database: another deployment on the same server keeps its own password.
      const user = `${role}__${rows[0]!.name}`.slice(0, 63);
      const url = new URL(adminUrl);
      url.username = encodeURIComponent(user);
      url.password = keptPassword(dataDir, user);
      if (!(await canLogIn(url.href))) await ensureLogin(client, { user, password: url.password, role });
      return url.href;
    };
    return {
      appUrl: await login(databaseRoles.app),
      workerUrl: await login(databaseRoles.worker),
      auditorUrl: await login(databaseRoles.auditor),
      sealerUrl: await login(databaseRoles.sealer),
    };
  });
}

const canLogIn = (url: string): Promise<boolean> =>
  withClient(url, () => Promise.resolve(true)).catch((error: { code?: string }) => {
    const refused = error.code === '28P01' || error.code === '28000';
    if (!refused) throw error;
    return false;
  });

/** The password of a database login of ours: made once, readable by the owner of the data directory only. */
function keptPassword(dataDir: string, user: string): string {
  const directory = join(dataDir, 'secrets');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, `${user.replaceAll(/[^A-Za-z0-9_-]/g, '_')}.password`);
  try {
    writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8');
}
