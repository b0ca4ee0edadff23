import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a password was last changed and by whom, so that its owner is told. Null: it is still the first one. */
export class TellOfNewPasswords1764000000027 implements MigrationInterface {
  name = 'TellOfNewPasswords1764000000027';

  async up(q: QueryRunner): Promise<void> {
    await q.query('SET LOCAL ROLE plumbline_owner');
    await q.query(`
      ALTER TABLE app.user_account
        ADD COLUMN password_changed_at timestamptz,
        ADD COLUMN password_changed_by uuid REFERENCES app.user_account,
        ADD CHECK ((password_changed_at IS NULL) = (password_changed_by IS NULL))`);
    await q.query('RESET ROLE');
  }

  down(): Promise<void> {
    throw new Error('Whoever was told of a new password would no longer be; there is no way down');
  }
}
