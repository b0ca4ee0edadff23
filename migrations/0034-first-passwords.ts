import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Until when a password that the program made opens the way to one's own. Null: the owner chose it. */
export class FirstPasswords1764000000034 implements MigrationInterface {
  name = 'FirstPasswords1764000000034';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    await q.query(`
      ALTER TABLE app.user_account
        ADD COLUMN first_password_until timestamptz,
        ADD CHECK (first_password_until IS NULL OR password_hash IS NOT NULL)`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('A first password would become a lasting one; there is no way down');
  }
}
