import type { TestDatabase } from './database.js';

/** Everything that the tables of a database hold, as whoever has the superuser's rights reads it; bytes as text, too. */
export async function textOfAllTables({ sql }: Pick<TestDatabase, 'sql'>): Promise<string> {
  const tables = await sql<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const rows = await sql<{ row: Record<string, unknown> }>(`SELECT to_jsonb(x) AS row FROM ${name} x`);
    for (const { row } of rows) {
      for (const value of Object.values(row)) {
        const text = typeof value === 'string' ? value : JSON.stringify(value);
        texts.push(text);
        if (text?.startsWith('\\x')) texts.push(Buffer.from(text.slice(2), 'hex').toString('utf8'));
      }
    }
  }
  return texts.join('\n');
}
