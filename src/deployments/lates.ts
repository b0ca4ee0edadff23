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
  // Others' requests count, and whoever files this one sees neither them nor the notice.
  const lates = await tx.manager.query<{ submitted_at: Date }[]>(
    `SELECT submitted_at FROM app.lates_of($1, $2::timestamptz - interval '93 days')`,
    [row.organId, tx.now],
  );
  const count = lates.filter(({ submitted_at: at }) => quarterOf(at) === quarter).length;
  const organId = row.organId;
  if (count < LATES_IN_QUARTER) return;
  const [{ noticed }] = await tx.manager.query<[{ noticed: boolean }]>(
    `SELECT app.is_noticed($1, 'THREE_LATE', $2) AS noticed`,
    [organId, quarter],
  );
  if (noticed) return;
  await tx.insert(
    rowsOf(DeploymentNotice, [
      { id: newId(), deploymentId: row.id, organId, kind: 'THREE_LATE', quarter, count, createdAt: tx.now },
    ]),
  );
}
