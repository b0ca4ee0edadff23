import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { followedUp } from '../access/authority.js';
import { CaseDatabase } from '../access/case-database.js';
import { SYSTEM_USER } from '../audit/streams.js';
import { UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { systemActor } from '../audit/writer-registration.js';
import { newId } from '../common/ids.js';
import { rowsOf } from '../database/insert-rows.js';
import { AllegationsService } from '../intake/allegations.service.js';
import { Case } from '../intake/case.entity.js';
import { finalStatuses } from '../intake/case.states.js';
import { RegistrationService, type NewAllegation } from '../intake/registration.service.js';
import { Recusal } from '../recusals/recusal.entity.js';
import { Accountability, type AccountabilityGround } from './accountability.entity.js';
import { allegationOf, statementOf } from './accountability-facts.js';
import { concernedIn, type Concerned } from './concerned.js';
import type { Deployment } from './deployment.entity.js';

/**
 * Opens an allegation where force was sent as it must not be, in the transaction of the deed that made it so. Those
 * concerned learn nothing of it: not from the answer, its receipts, the request or a count.
 */
@Injectable()
export class AccountabilityService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly database: CaseDatabase,
    private readonly registration: RegistrationService,
    private readonly allegations: AllegationsService,
  ) {}

  /** A deed of somebody, with their rights, from which a case may follow that they must not see. */
  run<T>(actor: Actor, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.unitOfWork.run(actor, work, followedUp(actor));
  }

  /**
   * Holds to account for these grounds, each once. The first opens a case, a further one is added to it as long as it is
   * open.
   * @param row locked, so that two grounds at once make one case
   */
  async hold(tx: Transaction, row: Deployment, grounds: readonly AccountabilityGround[]): Promise<void> {
    if (grounds.length === 0) return;
    await this.database.followUp(tx.manager);
    const before = await tx.manager.findBy(Accountability, { deploymentId: row.id });
    const fresh = grounds.filter((ground) => !before.some((one) => one.ground === ground));
    if (fresh.length === 0) return;
    const people = await concernedIn(tx, row);
    const allegations = fresh.map((ground) => allegationOf(row, ground, people));
    const quiet = unseen(tx);
    const opened = await this.openCase(tx, before);
    const caseId = opened
      ? await this.addTo(quiet, opened, allegations)
      : await this.register(quiet, row, fresh, allegations);
    quiet.record({
      type: 'case.held-to-account',
      stream: caseId,
      target: { kind: 'case', id: caseId },
      values: { deployment: row.reference, grounds: fresh },
    });
    await this.keepAway(quiet, caseId, people);
    await tx.insert(
      rowsOf(
        Accountability,
        fresh.map((ground, i) => ({
          id: newId(),
          deploymentId: row.id,
          caseId,
          allegationId: allegations[i]!.id,
          ground,
          createdAt: tx.now,
        })),
      ),
    );
  }

  private openCase(tx: Transaction, before: readonly Accountability[]): Promise<Case | null> {
    if (before.length === 0) return Promise.resolve(null);
    return tx.manager
      .createQueryBuilder(Case, 'case')
      .where('case.id IN (:...ids) AND case.status <> ALL(:final)', {
        ids: before.map(({ caseId }) => caseId),
        final: [...finalStatuses],
      })
      .orderBy('case.id', 'DESC')
      .limit(1)
      .setLock('pessimistic_write')
      .getOne();
  }

  private async addTo(tx: Transaction, row: Case, allegations: readonly NewAllegation[]): Promise<string> {
    for (const allegation of allegations) await this.allegations.append(tx, row, allegation);
    return row.id;
  }

  private async register(
    tx: Transaction,
    row: Deployment,
    grounds: readonly AccountabilityGround[],
    allegations: readonly NewAllegation[],
  ): Promise<string> {
    const id = newId();
    await this.registration.register(tx, [
      {
        id,
        status: 'REGISTERED',
        channel: 'DEPLOYMENT_BREACH',
        receivedAt: tx.now,
        receivingOrganId: await organAbove(tx, row),
        reporter: { kind: 'ANONYMOUS', name: null, contact: null },
        statement: statementOf(row, grounds),
        allegations,
      },
    ]);
    return id;
  }

  /** Accounts without an officer too: what the records show of subjects does not reach them. */
  private async keepAway(tx: Transaction, caseId: string, people: readonly Concerned[]): Promise<void> {
    const known = await tx.manager.findBy(Recusal, {
      caseId,
      userId: In(people.map(({ userId }) => userId)),
    });
    const missing = people.filter(({ userId }) => !known.some((one) => one.userId === userId));
    if (missing.length === 0) return;
    await tx.insert(
      rowsOf(
        Recusal,
        missing.map(({ userId }) => ({
          id: newId(),
          caseId,
          userId,
          ground: 'INTEREST' as const,
          reason: 'took part in the request for police that the case is about 参与了本案所涉的用警请求',
          declaredBy: SYSTEM_USER,
          declaredAt: tx.now,
          liftedBy: null,
          liftedAt: null,
          liftedReason: null,
          version: 1,
        })),
      ),
    );
  }
}

/** As the system does it: without the permissions of whoever did the deed, and without their knowing. */
const unseen = (tx: Transaction): Transaction => ({
  ...tx,
  actor: systemActor,
  require: () => undefined,
  record: (event) => tx.record({ ...event, unseen: true }),
});

/** Above every organ that had a hand in it, as far as there is one (警察法 43). */
async function organAbove({ manager }: Transaction, row: Deployment): Promise<string> {
  const [organ] = await manager.query<{ id: string }[]>(
    `SELECT coalesce(o.parent_id, o.id) AS id FROM app.organ o
     WHERE o.id = $1 OR o.id IN (SELECT organ_id FROM app.deployment_deed WHERE deployment_id = $2)
     ORDER BY cardinality(o.path), o.id LIMIT 1`,
    [row.organId, row.id],
  );
  return organ!.id;
}
