import type { MigrationInterface, QueryRunner } from 'typeorm';

export class FindAssignmentsByCase1764000000010 implements MigrationInterface {
  name = 'FindAssignmentsByCase1764000000010';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    // A case's file shows those who were withdrawn too, whom the unique indexes leave out: it scanned the whole table.
    await q.query('CREATE INDEX investigator_assignment_case ON app.investigator_assignment (case_id)');
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('Records are never dropped');
  }
}
