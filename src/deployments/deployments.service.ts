import { Injectable } from '@nestjs/common';
import { Brackets, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { abilityFor, type Ability } from '../access/abilities.js';
import { languageOf, type Actor } from '../access/actor.js';
import { authorize, readableParts } from '../access/authorize.js';
import { CaseDatabase } from '../access/case-database.js';
import { deploymentFields } from '../access/policy.js';
import { whereAccessible } from '../access/where-accessible.js';
import type { Transaction } from '../audit/unit-of-work.js';
import { Clock } from '../common/clock.js';
import { notFound } from '../common/errors.js';
import { containing } from '../common/text.js';
import { checkVersion } from '../common/versions.js';
import { newestFirst } from '../database/newest-first.js';
import { testedByItsDay } from './check.js';
import { DeploymentAttachment, DeploymentReport } from './deployment-records.entity.js';
import { DeploymentDeedRecord } from './deployment-deed.entity.js';
import { Deployment } from './deployment.entity.js';
import type { DeploymentRequestDto } from './dto/deployment-request.dto.js';
import type { ListDeploymentsQuery } from './dto/deployment.dto.js';
import { DeploymentHeaderView, DeploymentView, type DeploymentPage } from './dto/deployment.view.js';
import type { CheckView, PrecedentsView } from './dto/precedent.view.js';
import { countedAs, OVERDUE, waitingFor } from './filters.js';
import { PrecedentsService } from './precedents.service.js';
import { refuseLongTexts } from './request-checks.js';
import { requestOf } from './request-columns.js';

/** Finds requests for police: for a list, to read one, to change one. */
@Injectable()
export class DeploymentsService {
  constructor(
    private readonly database: CaseDatabase,
    private readonly clock: Clock,
    private readonly precedents: PrecedentsService,
  ) {}

  /** A dry run: nothing is kept of it but that it was asked. */
  check(actor: Actor, request: DeploymentRequestDto): Promise<CheckView> {
    const nobodys = { id: '', organId: '', status: 'DRAFT', createdBy: '' };
    authorize(abilityFor(actor), 'check', 'Deployment', {
      ...nobodys,
      askers: [],
      steppedAside: [],
      officerIds: [],
    });
    refuseLongTexts(request);
    return this.precedents.forDryRun(actor, request, () => testedByItsDay(request));
  }

  /** What earlier requests say about this one. @throws 404 unless the actor may read all of it */
  async precedentsOf(actor: Actor, id: string): Promise<PrecedentsView> {
    const row = await this.wholly(actor, id);
    const request = requestOf(row);
    return this.precedents.of(actor, request, row.test ?? testedByItsDay(request), id);
  }

  list(actor: Actor, query: ListDeploymentsQuery): Promise<DeploymentPage> {
    return this.database.as(actor, (manager) =>
      newestFirst(this.matching(manager, actor, query), query, (row) => DeploymentHeaderView.of(row)),
    );
  }

  /** @throws 404 unless the actor may read it */
  async get(actor: Actor, id: string): Promise<DeploymentView> {
    const ability = abilityFor(actor);
    return this.database.as(actor, async (manager) => {
      const row = found(await one(manager, ability, id).getOne());
      const deeds = await manager.find(DeploymentDeedRecord, {
        where: { deploymentId: id },
        order: { id: 'ASC' },
      });
      const attachments = await manager.find(DeploymentAttachment, {
        where: { deploymentId: id },
        order: { id: 'ASC' },
      });
      const report = await manager.findOneBy(DeploymentReport, { deploymentId: id });
      const prior = await priorRequests(manager, id);
      const parts = readableParts(ability, row, deploymentFields);
      return DeploymentView.from(
        row,
        { deeds, attachments, report, prior, language: languageOf(actor) },
        parts,
        (deed) => ability.can(deed, row),
      );
    });
  }

  /** @throws 404 unless the actor may read it */
  async readable(actor: Actor, id: string): Promise<Deployment> {
    return found(await this.database.as(actor, (manager) => one(manager, abilityFor(actor), id).getOne()));
  }

  /** @throws 404 unless the actor may read all of it, and not only the order */
  async wholly(actor: Actor, id: string): Promise<Deployment> {
    return found(
      await this.database.as(actor, (manager) => one(manager, abilityFor(actor), id, 'file').getOne()),
    );
  }

  /**
   * Loads a request to change it: locked until the transaction ends.
   * @throws 404 unless the actor may read it, 412 when it is no longer the version that they read
   */
  async lock(tx: Transaction, id: string, version?: number): Promise<Deployment> {
    const locked = await one(tx.manager, tx.ability, id).setLock('pessimistic_write').getOne();
    // Whom the database lets change nothing of it is refused by the policy, which has the words for it.
    const row = found(locked ?? (await one(tx.manager, tx.ability, id).getOne()));
    if (version !== undefined) checkVersion(row, version);
    return row;
  }

  /** The requests that the actor may read and that match the filter. */
  private matching(
    manager: EntityManager,
    actor: Actor,
    filter: ListDeploymentsQuery,
  ): SelectQueryBuilder<Deployment> {
    const query = whereAccessible(
      manager.createQueryBuilder(Deployment, 'deployment'),
      abilityFor(actor),
      'read',
      'Deployment',
    );
    if (filter.status) query.andWhere('deployment.status = :status', { status: filter.status });
    if (filter.operation)
      query.andWhere('deployment.operation = :operation', { operation: filter.operation });
    if (filter.outcome) query.andWhere('deployment.outcome = :outcome', { outcome: filter.outcome });
    if (filter.npCode) query.andWhere('deployment.npCodes @> ARRAY[:npCode]', { npCode: filter.npCode });
    if (filter.emergency !== undefined) {
      query.andWhere('deployment.emergency = :emergency', { emergency: filter.emergency });
    }
    if (filter.organId) {
      query.andWhere(
        'deployment.organId IN (SELECT o.id FROM app.organ o WHERE o.path @> ARRAY[:under]::uuid[])',
        { under: filter.organId },
      );
    }
    if (filter.day) {
      const day = `:day::timestamp AT TIME ZONE 'Asia/Shanghai'`;
      query.andWhere(`deployment.startsAt < ${day} + interval '1 day' AND deployment.endsAt > ${day}`, {
        day: filter.day,
      });
    }
    if (filter.q) {
      query.andWhere(
        new Brackets((where) =>
          where
            .where('deployment.reference ILIKE :words')
            .orWhere('deployment.purpose ILIKE :words')
            .orWhere('deployment.taskTexts ILIKE :words')
            .orWhere('deployment.place ILIKE :words'),
        ),
        { words: containing(filter.q) },
      );
    }
    if (filter.overdue !== undefined) {
      query.andWhere(filter.overdue ? OVERDUE : `(${OVERDUE}) IS NOT TRUE`, { now: this.clock.now() });
    }
    if (filter.mine !== undefined) {
      const mine = 'deployment.createdBy = :me';
      query.andWhere(filter.mine ? mine : `NOT ${mine}`, { me: actor.userId });
    }
    countedAs(query, filter);
    if (filter.waiting !== undefined) waitingFor(query, actor, filter.waiting);
    return query;
  }
}

/** One request, for whoever may read it, or a part of it. */
const one = (
  manager: EntityManager,
  ability: Ability,
  id: string,
  part?: string,
): SelectQueryBuilder<Deployment> =>
  whereAccessible(
    manager.createQueryBuilder(Deployment, 'deployment').where('deployment.id = :id', { id }),
    ability,
    'read',
    'Deployment',
    part,
  );

function found(row: Deployment | null): Deployment {
  if (!row) throw notFound('deployment');
  return row;
}

/** How many others the same requester made in the year before, also those that the actor does not see. */
async function priorRequests(manager: EntityManager, id: string): Promise<number> {
  const [row] = await manager.query<[{ n: number }]>('SELECT app.prior_requests($1) AS n', [id]);
  return row.n;
}
