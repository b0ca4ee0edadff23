import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

interface Login {
  user: string;
  password: string;
}

const cluster = (): Record<'login' | 'worker' | 'auditor' | 'sealer', Login> &
  Record<'admin' | 'template', string> => JSON.parse(process.env.TEST_PG ?? '{}');

const at = (database: string, login?: Login): string => {
  const url = new URL(cluster().admin);
  url.pathname = `/${database}`;
  if (login) [url.username, url.password] = [login.user, login.password];
  return url.href;
};

export interface TestDatabase {
  readonly name: string;
  readonly adminUrl: string;
  readonly appUrl: string;
  readonly workerUrl: string;
  readonly auditorUrl: string;
  readonly sealerUrl: string;
  /** As superuser. */
  readonly sql: <T = any>(text: string, params?: unknown[]) => Promise<T[]>;
  /** Lets go of it, so that it can be the template of copies. */
  freeze(): Promise<void>;
  drop(): Promise<void>;
}

/** A database of its own, cloned from the migrated template, or from another one that nobody uses at the moment. */
export async function aDatabase(source?: TestDatabase): Promise<TestDatabase> {
  const { admin, template, login, worker, auditor, sealer } = cluster();
  const server = new Client(admin);
  await server.connect();
  const name = `${template}_${randomBytes(4).toString('hex')}`;
  for (let attempt = 0; ; attempt++) {
    try {
      await server.query(`CREATE DATABASE ${name} TEMPLATE ${source?.name ?? template} STRATEGY file_copy`);
      break;
    } catch (error) {
      // Another worker clones the template at this moment.
      if ((error as { code?: string }).code !== '55006' || attempt > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  const root = new Client(at(name));
  await root.connect();
  let open = true;
  const freeze = async (): Promise<void> => {
    if (open) await root.end();
    open = false;
  };
  return {
    name,
    adminUrl: at(name),
    appUrl: at(name, login),
    workerUrl: at(name, worker),
    auditorUrl: at(name, auditor),
    sealerUrl: at(name, sealer),
    sql: async (text, params) => (await root.query(text, params)).rows,
    freeze,
    drop: async () => {
      await freeze();
      await server.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await server.end();
    },
  };
}
