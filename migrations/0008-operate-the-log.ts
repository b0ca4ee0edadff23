import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the sealer keeps of writers, how two persons restart a stream, and what an auditor may list of the trail. */
export class OperateTheLog1764000000008 implements MigrationInterface {
  name = 'OperateTheLog1764000000008';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_audit_owner');
    await q.query(`
      -- The numbers that each writer has used and declared void, so that none is used twice and a gap is seen.
      CREATE TABLE audit.sealed_writer (writer text PRIMARY KEY, used int8multirange NOT NULL, voided int8multirange NOT NULL);
      GRANT SELECT ON audit.sealed_writer TO plumbline_app, plumbline_auditor, plumbline_sealer;
      GRANT INSERT, UPDATE ON audit.sealed_writer TO plumbline_sealer`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('The log is never dropped');
  }
}
