import type { Transaction } from '../audit/unit-of-work.js';
import { newId } from '../common/ids.js';
import { rowsOf } from '../database/insert-rows.js';
import { DeploymentNotice } from './deployment-records.entity.js';
import type { Deployment } from './deployment.entity.js';
import { LATES_IN_QUARTER, quarterOf } from './time-limits.js';

/** The third late request of an organ in a quarter leaves a notice for its heads and auditors: one a quarter. */
export async function noticeThreeLates(tx: Transaction, row: Deployment): Promise<void> {
  const quarter = quarterOf(tx.now);
  // One at a time for each organ, so that two lates at once are counted as two.
  await tx.manager.query('SELECT 1 FROM app.organ WHERE id = $1 FOR NO KEY UPDATE', [row.organId]);
  const lates = await tx.manager.query<{ submitted_at: Date }[]>(
    `SELECT min(done_at) AS submitted_at FROM app.deployment_deed s JOIN app.deployment d ON d.id = s.deployment_id
     WHERE d.organ_id = $1 AND d.hours_late IS NOT NULL AND s.deed = 'submit'
       AND s.done_at > $2::timestamptz - interval '93 days' GROUP BY d.id`,
    [row.organId, tx.now],
  );
  const count = lates.filter(({ submitted_at: at }) => quarterOf(at) === quarter).length;
  const organId = row.organId;
  if (count < LATES_IN_QUARTER) return;
  if (await tx.manager.existsBy(DeploymentNotice, { organId, kind: 'THREE_LATE', quarter })) return;
  await tx.insert(
    rowsOf(DeploymentNotice, [
      { id: newId(), deploymentId: row.id, organId, kind: 'THREE_LATE', quarter, count, createdAt: tx.now },
    ]),
  );
}
