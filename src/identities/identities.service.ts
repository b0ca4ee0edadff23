import { Injectable } from '@nestjs/common';
import { In, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { CaseDatabase } from '../access/case-database.js';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import type { Actions } from '../access/shapes.js';
import { whereAccessible } from '../access/where-accessible.js';
import type { EventType } from '../audit/events.js';
import { sqlState, UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { Clock, legalDay } from '../common/clock.js';
import { conflict, forbidden, invalidInput, notFound } from '../common/errors.js';
import { isId, newId } from '../common/ids.js';
import { decodeCursor, toPage } from '../common/pages.js';
import { rowsOf } from '../database/insert-rows.js';
import { Case } from '../intake/case.entity.js';
import { CasesService } from '../intake/cases.service.js';
import type { ReasonDto } from '../intake/dto/deeds.dto.js';
import { rulebookOn } from '../rulebook/rulebook.js';
import { Vault } from '../vault/vault.js';
import type {
  AskIdentityDto,
  ListIdentityRequestsQuery,
  ReleaseIdentityDto,
} from './dto/identity-request.dto.js';
import { IdentityRequestPage, IdentityRequestView, IdentityView } from './dto/identity-request.view.js';
import { IdentityRequest } from './identity-request.entity.js';

const HOUR_MS = 3_600_000;

/**
 * Who reported in confidence is known to nobody who handles the case, until an investigator asks and the custodian
 * releases it: two persons, a reason from each, one case, a limited time. Every request and every answer stays.
 */
@Injectable()
export class IdentitiesService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly database: CaseDatabase,
    private readonly clock: Clock,
    private readonly cases: CasesService,
    private readonly vault: Vault,
  ) {}

  /** The requests in cases where the actor may see them, newest first. */
  async list(actor: Actor, query: ListIdentityRequestsQuery): Promise<IdentityRequestPage> {
    const now = this.clock.now();
    const after = decodeCursor(query.cursor, [isId]);
    return this.database.as(actor, async (manager) => {
      const visible = accessible(manager, actor, 'read-identity-requests')
        .select('case.id')
        .andWhere('case.id = request.caseId');
      const matching = manager
        .createQueryBuilder(IdentityRequest, 'request')
        .where(`EXISTS (${visible.getQuery()})`)
        .setParameters(visible.getParameters());
      if (query.caseId) matching.andWhere('request.caseId = :caseId', { caseId: query.caseId });
      if (query.status) {
        matching.andWhere(
          `CASE WHEN request.status = 'RELEASED' AND request.expiresAt <= :now
          THEN 'EXPIRED' ELSE request.status END = :status`,
          { now, status: query.status },
        );
      }
      const total = query.count ? await matching.getCount() : undefined;
      if (after) matching.andWhere('request.id < :after::uuid', { after: after[0] });
      const rows = await matching
        .orderBy('request.id', 'DESC')
        .limit(query.limit + 1)
        .getMany();
      const cases = await manager.findBy(Case, { id: In(rows.map(({ caseId }) => caseId)) });
      const caseOf = new Map(cases.map((row) => [row.id, row]));
      const view = (row: IdentityRequest): IdentityRequestView =>
        IdentityRequestView.of(row, caseOf.get(row.caseId)!, now);
      return toPage(rows, query.limit, ({ id }) => [id], view, total);
    });
  }

  /** @throws 409 when the reporter is named openly, or the same person's request waits already */
  ask(actor: Actor, caseId: string, { purpose, reason }: AskIdentityDto): Promise<IdentityRequestView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, caseId);
      tx.require('ask-identity', 'Case', row);
      if (row.reporterKind === 'NAMED') {
        throw conflict('identity-open', 'The reporter is named openly in the file of the case.');
      }
      const request = Object.assign(new IdentityRequest(), {
        id: newId(),
        caseId,
        askedBy: actor.userId,
        askedAt: tx.now,
        purpose,
        reason,
        status: 'REQUESTED',
        decidedBy: null,
        decidedAt: null,
        decisionReason: null,
        expiresAt: null,
        withdrawnBy: null,
        withdrawnAt: null,
        withdrawnReason: null,
      });
      await tx.insert(rowsOf(IdentityRequest, [request])).catch(refuseSecond);
      record(tx, 'identity.requested', request, { purpose, reason });
      return IdentityRequestView.of(request, row, tx.now);
    });
  }

  release(actor: Actor, id: string, { reason, hours }: ReleaseIdentityDto): Promise<IdentityRequestView> {
    return this.decide(actor, id, (tx, request) => {
      const limit = rulebookOn(legalDay(tx.now)).identityRelease.hours;
      if (hours !== undefined && hours > limit) {
        throw invalidInput([{ pointer: '/hours', message: `hours must be ${limit} at the most` }]);
      }
      const expiresAt = new Date(tx.now.getTime() + (hours ?? limit) * HOUR_MS);
      request.decide(actor.userId, tx.now, reason, expiresAt);
      record(tx, 'identity.released', request, { reason, expiresAt, to: request.askedBy });
    });
  }

  refuse(actor: Actor, id: string, { reason }: ReasonDto): Promise<IdentityRequestView> {
    return this.decide(actor, id, (tx, request) => {
      request.decide(actor.userId, tx.now, reason, null);
      record(tx, 'identity.refused', request, { reason });
    });
  }

  withdraw(actor: Actor, id: string, { reason }: ReasonDto): Promise<IdentityRequestView> {
    return this.decide(actor, id, (tx, request) => {
      request.withdraw(actor.userId, tx.now, reason);
      record(tx, 'identity.withdrawn', request, { reason });
    });
  }

  /**
   * Who reported, for whom it was released to.
   * @throws 404 for everybody else, 409 unless the release holds now
   */
  async read(actor: Actor, id: string): Promise<IdentityView> {
    const now = this.clock.now();
    return this.database.as(actor, async (manager) => {
      const request = await manager.findOneBy(IdentityRequest, { id, askedBy: actor.userId });
      const row =
        request &&
        (await accessible(manager, actor, 'read-identity')
          .andWhere('case.id = :id', { id: request.caseId })
          .getOne());
      if (!row) throw notFound('request');
      const status = request.statusAt(now);
      if (status !== 'RELEASED') throw conflict('not-released', `This request is ${status}.`);
      const [found] = await manager.query<{ o_sealed: Buffer | null; o_officer: string | null }[]>(
        'SELECT * FROM vault.released($1, $2)',
        [id, now],
      );
      const sealed = { sealed: found?.o_sealed ?? null, officerId: found?.o_officer ?? null };
      return Object.assign(new IdentityView(), {
        requestId: id,
        caseId: row.id,
        kind: row.reporterKind,
        given: sealed.sealed !== null,
        ...this.vault.openIdentity(row.id, sealed),
        expiresAt: request.expiresAt!.toISOString(),
      });
    });
  }

  /** @throws 403 for whoever asked and for those who investigate the case: the two keys are in two hands */
  private decide(
    actor: Actor,
    id: string,
    decision: (tx: Transaction, request: IdentityRequest) => void,
  ): Promise<IdentityRequestView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const found = await tx.manager.findOneBy(IdentityRequest, { id });
      const row =
        found &&
        (await accessible(tx.manager, actor, 'read-identity-requests')
          .andWhere('case.id = :id', { id: found.caseId })
          .setLock('pessimistic_write')
          .getOne());
      if (!row) throw notFound('request');
      tx.require('decide-identity', 'Case', row);
      // Read again: now that the case is locked, nobody else decides.
      const request = await tx.manager.findOneByOrFail(IdentityRequest, { id });
      if ([request.askedBy, ...row.investigatorIds].includes(actor.userId)) {
        throw forbidden('Who investigates the case does not decide who may know the reporter.');
      }
      decision(tx, request);
      await tx.save(request);
      return IdentityRequestView.of(request, row, tx.now);
    });
  }
}

const accessible = (
  manager: EntityManager,
  actor: Actor,
  action: Actions['Case'],
): SelectQueryBuilder<Case> =>
  whereAccessible(manager.createQueryBuilder(Case, 'case'), abilityFor(actor), action, 'Case');

function record(
  tx: Transaction,
  type: EventType,
  { id, caseId }: IdentityRequest,
  values: Readonly<Record<string, unknown>>,
): void {
  tx.record({ type, stream: caseId, target: { kind: 'identity-request', id }, values });
}

function refuseSecond(error: unknown): never {
  if (sqlState(error) !== '23505') throw error;
  throw conflict('already-asked', 'Your request in this case waits for the custodian already.');
}
