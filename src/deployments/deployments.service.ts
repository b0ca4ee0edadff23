import { Injectable } from '@nestjs/common';
import { Brackets, DataSource, type SelectQueryBuilder } from 'typeorm';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { authorize, readableParts } from '../access/authorize.js';
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
import { OVERDUE, waitingFor } from './filters.js';
import { PrecedentsService } from './precedents.service.js';
import { refuseLongTexts } from './request-checks.js';
import { requestOf } from './request-columns.js';

/** Finds requests for police: for a list, to read one, to change one. */
@Injectable()
export class DeploymentsService {
  constructor(
    private readonly dataSource: DataSource,
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
    return this.precedents.forDryRun(actor, request, testedByItsDay(request));
  }

  /** What earlier requests say about this one. @throws 404 unless the actor may read all of it */
  async precedentsOf(actor: Actor, id: string): Promise<PrecedentsView> {
    const row = await this.wholly(actor, id);
    const request = requestOf(row);
    return this.precedents.of(actor, request, row.test ?? testedByItsDay(request), id);
  }

  list(actor: Actor, query: ListDeploymentsQuery): Promise<DeploymentPage> {
    return newestFirst(this.matching(actor, query), query, (row) => DeploymentHeaderView.of(row));
  }

  /** @throws 404 unless the actor may read it */
  async get(actor: Actor, id: string): Promise<DeploymentView> {
    const { manager } = this.dataSource;
    const row = await this.readable(actor, id);
    const [deeds, attachments, report, prior] = await Promise.all([
      manager.find(DeploymentDeedRecord, { where: { deploymentId: id }, order: { id: 'ASC' } }),
      manager.find(DeploymentAttachment, { where: { deploymentId: id }, order: { id: 'ASC' } }),
      manager.findOneBy(DeploymentReport, { deploymentId: id }),
      this.priorRequests(row),
    ]);
    const ability = abilityFor(actor);
    const parts = readableParts(ability, row, deploymentFields);
    return DeploymentView.from(row, { deeds, attachments, report, prior }, parts, (deed) =>
      ability.can(deed, row),
    );
  }

  /** How many others the same requester made in the year before. */
  private async priorRequests(row: Deployment): Promise<number> {
    const [found] = await this.dataSource.query<{ n: string }[]>(
      `SELECT count(*) AS n FROM app.deployment WHERE requester_name = $1 AND requester_type = $2 AND id <> $3
         AND submitted_at IS NOT NULL AND created_at <= $4 AND created_at > $4::timestamptz - interval '1 year'`,
      [row.requesterName, row.requesterType, row.id, row.createdAt],
    );
    return Number(found!.n);
  }

  /** @throws 404 unless the actor may read it */
  readable(actor: Actor, id: string): Promise<Deployment> {
    return this.find(actor, id);
  }

  /** @throws 404 unless the actor may read all of it, and not only the order */
  wholly(actor: Actor, id: string): Promise<Deployment> {
    return this.find(actor, id, 'file');
  }

  private async find(actor: Actor, id: string, part?: string): Promise<Deployment> {
    const row = await whereAccessible(
      this.dataSource.manager
        .createQueryBuilder(Deployment, 'deployment')
        .where('deployment.id = :id', { id }),
      abilityFor(actor),
      'read',
      'Deployment',
      part,
    ).getOne();
    if (!row) throw notFound('deployment');
    return row;
  }

  /**
   * Loads a request to change it: locked until the transaction ends.
   * @throws 404 unless the actor may read it, 412 when it is no longer the version that they read
   */
  async lock(tx: Transaction, id: string, version?: number): Promise<Deployment> {
    const row = await whereAccessible(
      tx.manager.createQueryBuilder(Deployment, 'deployment').where('deployment.id = :id', { id }),
      tx.ability,
      'read',
      'Deployment',
    )
      .setLock('pessimistic_write')
      .getOne();
    if (!row) throw notFound('deployment');
    if (version !== undefined) checkVersion(row, version);
    return row;
  }

  /** The requests that the actor may read and that match the filter. */
  private matching(actor: Actor, filter: ListDeploymentsQuery): SelectQueryBuilder<Deployment> {
    const { manager } = this.dataSource;
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
    if (filter.waiting !== undefined) waitingFor(query, actor, filter.waiting);
    return query;
  }
}
