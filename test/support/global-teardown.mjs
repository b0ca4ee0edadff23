import { rmSync } from 'node:fs';
import pg from 'pg';

export default async function globalTeardown() {
  const { server, admin, template, login, worker, auditor, sealer, dir } = globalThis.testCluster;
  if (server) {
    await server.stop('immediate');
  } else {
    const client = new pg.Client({ connectionString: admin });
    await client.connect();
    const { rows } = await client.query(`SELECT datname FROM pg_database WHERE datname LIKE $1`, [
      `${template}%`,
    ]);
    for (const { datname } of rows) await client.query(`DROP DATABASE ${datname} WITH (FORCE)`);
    await client.query(`DROP ROLE ${login.user}, ${worker.user}, ${auditor.user}, ${sealer.user}`);
    await client.end();
  }
  rmSync(dir, { recursive: true, force: true });
}
