import type { EntityManager } from 'typeorm';
import { invalidInput } from '../common/errors.js';

/** An id in a body, and where it stands. */
export interface Reference {
  readonly officerId?: string;
  readonly organId?: string;
  readonly userId?: string;
  readonly pointer: string;
}

/** Refuses with 400 and a pointer to each id that names no officer, organ or user. One query for all. */
export async function refuseUnknownReferences(
  manager: EntityManager,
  references: readonly Reference[],
): Promise<void> {
  if (references.length === 0) return;
  const ids = (of: 'officerId' | 'organId' | 'userId'): string[] =>
    references.flatMap((one) => one[of] ?? []);
  const rows = await manager.query<{ id: string }[]>(
    `SELECT id FROM app.officer WHERE id = ANY($1)
     UNION ALL SELECT id FROM app.organ WHERE id = ANY($2)
     UNION ALL SELECT id FROM app.user_account WHERE id = ANY($3) AND status = 'ACTIVE'`,
    [ids('officerId'), ids('organId'), ids('userId')],
  );
  const known = new Set(rows.map(({ id }) => id));
  const errors = references
    .filter((one) => !known.has((one.officerId ?? one.organId ?? one.userId ?? '').toLowerCase()))
    .map(({ officerId, organId, pointer }) => ({
      pointer,
      message: `there is no ${officerId ? 'officer' : organId ? 'organ' : 'active user'} with this id`,
    }));
  if (errors.length > 0) throw invalidInput(errors);
}
