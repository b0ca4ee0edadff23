import { SYSTEM_USER } from '../audit/streams.js';
import type { Transaction } from '../audit/unit-of-work.js';
import type { SubjectRole } from '../intake/allegation.entity.js';
import type { Deployment } from './deployment.entity.js';

/** An account that had a hand in sending police, and in what part. */
export interface Concerned {
  readonly userId: string;
  readonly officerId: string | null;
  readonly name: string;
  readonly role: SubjectRole;
}

/** Who asked, who approved and in whose name, who sent and who is doing it now. One line an account. */
export async function concernedIn({ manager, actor }: Transaction, row: Deployment): Promise<Concerned[]> {
  return manager.query<Concerned[]>(
    `WITH part AS (
       SELECT unnest($2::uuid[]) AS id, 'INSTIGATOR' AS role, 3 AS n
       UNION ALL
       SELECT unnest(ARRAY[done_by, on_behalf_of]), CASE WHEN deed IN ('approve', 'stand-by') THEN 'APPROVER' ELSE 'PRINCIPAL' END,
         CASE WHEN deed IN ('approve', 'stand-by') THEN 1 ELSE 2 END
       FROM app.deployment_deed WHERE deployment_id = $1 AND deed IN ('approve', 'stand-by', 'dispatch', 'complete', 'sign-off')
       UNION ALL
       -- Whoever sent police at once stands in the request.
       SELECT $3::uuid, CASE WHEN $4 THEN 'PRINCIPAL' ELSE 'INSTIGATOR' END, 2
       UNION ALL
       SELECT $5::uuid, 'PRINCIPAL', 4
     )
     SELECT DISTINCT ON (u.id) u.id AS "userId", u.officer_id AS "officerId", u.display_name AS name, part.role
     FROM part JOIN app.user_account u ON u.id = part.id OR u.officer_id = part.id
     WHERE u.id <> $6 ORDER BY u.id, part.n`,
    [row.id, row.askers, row.createdBy, row.emergency, actor.userId, SYSTEM_USER],
  );
}
