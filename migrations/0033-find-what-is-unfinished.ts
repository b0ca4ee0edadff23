import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What waits for somebody, and what is late, is found among the requests that are not finished: the home page asks for
 * both each time, and nearly all requests are finished. `UNFINISHED` of src/deployments/filters.ts has the same words.
 */
export class FindWhatIsUnfinished1764000000033 implements MigrationInterface {
  name = 'FindWhatIsUnfinished1764000000033';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    await q.query(`
      CREATE INDEX deployment_unfinished ON app.deployment (organ_id)
        WHERE status IN ('EMERGENCY', 'SUBMITTED', 'LATE', 'RETURNED', 'UNDER_REVIEW')
          OR operation IN ('DISPATCHED', 'COMPLETED') OR (oral_order IS NOT NULL AND paper_received_at IS NULL);
      -- The figures of a period, and the list behind each of their numbers.
      CREATE INDEX deployment_submitted ON app.deployment (submitted_at)`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('Records are never dropped');
  }
}
