import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a request for police says is changed by its author while they ask for police or decide on it, and not by an
 * author who has lost that grant and sees the request only because they were sent.
 */
export class AskAsWhoAsks1764000000036 implements MigrationInterface {
  name = 'AskAsWhoAsks1764000000036';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    await q.query(`
      CREATE OR REPLACE FUNCTION app.refuse_others_request() RETURNS trigger
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      BEGIN
        IF app.me() IS NOT NULL
          AND NOT EXISTS (SELECT FROM app.my_context m WHERE m.deployer = OLD.created_by) THEN
          RAISE EXCEPTION 'what others ask for is not changed' USING ERRCODE = '42501';
        END IF;
        RETURN NEW;
      END $$`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('Records are never dropped');
  }
}
