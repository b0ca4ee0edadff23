import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The organs in which somebody sees cases, and those in which they have to do with requests for police. */
const LISTS_OF_OFFICES = [
  'whole',
  'intake',
  'legal',
  'decision',
  'custody',
  'registry',
  'oversight',
  'higher',
];
const LISTS_OF_REQUESTS = ['asks', 'approves', 'overlooks', 'audits'];

/**
 * A list of more than some hundred ids lies outside its row (TOAST), and a policy that was handed it as it lies there fetched
 * it again for each row that it judged: most of what the second wall cost whoever sees many organs. The view now hands out
 * a copy in memory, once a statement. It holds the same ids, and null where there was null.
 */
export class ReadTheContextOnce1764000000039 implements MigrationInterface {
  name = 'ReadTheContextOnce1764000000039';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    // trim_array copies what it leaves, here all of it, and is strict.
    const copied = (...lists: readonly string[]): string =>
      lists.map((list) => `trim_array(${list}, 0) AS ${list}`).join(', ');
    await q.query(`
      CREATE OR REPLACE VIEW app.my_context AS
        SELECT ${copied(...LISTS_OF_OFFICES)}, user_id, officer_id, registrant,
          ${copied('conflicts', 'person')}, objector, ${copied(...LISTS_OF_REQUESTS)},
          CASE WHEN asks IS NOT NULL THEN user_id END AS requester,
          CASE WHEN asks IS NOT NULL OR approves IS NOT NULL THEN user_id END AS deployer
        FROM app.context WHERE pid = pg_backend_pid() AND xid = pg_current_xact_id_if_assigned()`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('Records are never dropped');
  }
}
