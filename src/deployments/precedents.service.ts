import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { whereAccessible } from '../access/where-accessible.js';
import { Clock } from '../common/clock.js';
import { deploymentRules } from '../rulebook/deployment-rules.js';
import { DeploymentDeedRecord } from './deployment-deed.entity.js';
import { Deployment } from './deployment.entity.js';
import type { CheckView, PrecedentsView, PrecedentView, RequesterRecordView } from './dto/precedent.view.js';
import type { DutyTestResult } from './duty-test.js';
import { likeness, searchFor, sharedBy, type AskedWord, type Search } from './precedent-words.js';
import type { WholeRequest } from './request-columns.js';
import { npCodesIn, type Warning } from './warnings.js';

/** The warning that a refusal of late is gone around. */
export const ASKED_AGAIN = 'ASKED_AGAIN';
const DAY = 86_400_000;
const SHOWN = 5;
/** Some of those that are most alike may be hidden from whoever asks. */
const FOUND = 50;
/** So many of those that are not hidden are compared word by word. */
const COMPARED = 10;
const RECORD_DAYS = 365;

/** Whoever asks, as the database knows them. */
export interface Asker {
  /** Of the request itself, when it has one. */
  readonly id?: string;
  /** The accounts and officers that asked. */
  readonly askers: readonly string[];
}

interface Asked {
  readonly words: readonly AskedWord[];
  readonly search: Search;
}

/** What earlier requests say about one: the most similar ones, the requester's record, and refusals gone around. */
@Injectable()
export class PrecedentsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** All of it at once, for a request that is not kept. */
  async forDryRun(actor: Actor, request: WholeRequest, test: DutyTestResult): Promise<CheckView> {
    const { manager } = this.dataSource;
    const askers = [actor.userId, ...(actor.officerId ? [actor.officerId] : [])];
    const words = await asked(manager, request, test);
    const [warned, precedents, requesterRecord] = await Promise.all([
      this.warned(manager, request, test, { askers }, words),
      this.like(actor, words),
      this.record(actor, request),
    ]);
    return { ...warned, precedents, requesterRecord };
  }

  /** For a stored request, by its test. */
  async of(actor: Actor, request: WholeRequest, test: DutyTestResult, id: string): Promise<PrecedentsView> {
    const words = await asked(this.dataSource.manager, request, test);
    const [precedents, requesterRecord] = await Promise.all([
      this.like(actor, words, id),
      this.record(actor, request, id),
    ]);
    return { precedents, requesterRecord };
  }

  /**
   * The test with a warning for each refusal of late that this request gets around: it wants an answer in writing
   * like any other.
   */
  async withRefusals(
    manager: EntityManager,
    request: WholeRequest,
    test: DutyTestResult,
    asker: Asker,
  ): Promise<DutyTestResult> {
    return this.warned(manager, request, test, asker, await asked(manager, request, test));
  }

  private async warned(
    manager: EntityManager,
    request: WholeRequest,
    test: DutyTestResult,
    { id, askers }: Asker,
    { words, search }: Asked,
  ): Promise<DutyTestResult> {
    const { days, alike, alikeOfSame, article, en } = deploymentRules.askedAgain;
    const since = new Date(this.clock.now().getTime() - days * DAY);
    const refusals = await manager.query<{ reference: string; same: boolean; shared: string[] }[]>(
      `SELECT reference, same_requester AS same, shared FROM app.refusals_like($1, $2::tsquery || $7::tsquery, $3, $4, $5, $6)`,
      [
        since,
        search.rare,
        words.map(({ word }) => word),
        request.requester.name,
        askers,
        id ?? null,
        search.pairs,
      ],
    );
    const warnings = refusals
      .filter(({ same, shared }) => likeness(words, shared) >= (same ? alikeOfSame : alike))
      .map(({ reference }): Warning => ({
        code: ASKED_AGAIN,
        where: `refusal ${reference}`,
        text: reference,
        message: `${reference} ${en}`,
        article,
      }));
    return warnings.length > 0 ? { ...test, warnings: [...test.warnings, ...warnings] } : test;
  }

  private async like(actor: Actor, { words, search }: Asked, id?: string): Promise<PrecedentView[]> {
    const { manager } = this.dataSource;
    const found = await manager.query<{ id: string }[]>(
      'SELECT deployment_id AS id FROM app.requests_like($1::tsquery, $2::tsquery, $3, $4)',
      [search.rare, search.pairs, actor.grants.flatMap(({ organIds }) => organIds), FOUND],
    );
    const ids = found.map((one) => one.id).filter((one) => one !== id);
    if (ids.length === 0) return [];
    const rows = await whereAccessible(
      manager
        .createQueryBuilder(Deployment, 'deployment')
        .select(COLUMNS)
        .where('deployment.id = ANY(:ids)', { ids }),
      abilityFor(actor),
      'read',
      'Deployment',
      'file',
    )
      .orderBy('array_position(:ids::uuid[], deployment.id)')
      .limit(COMPARED)
      .getMany();
    const shared = await manager.query<{ id: string; shared: string[] }[]>(
      'SELECT deployment_id AS id, shared FROM app.shared_words($1, $2)',
      [rows.map((row) => row.id), words.map(({ word }) => word)],
    );
    const sharedOf = new Map(shared.map((one) => [one.id, one.shared]));
    const ranked = rows
      .map((row) => ({ row, likeness: likeness(words, sharedOf.get(row.id) ?? []) }))
      .sort((a, b) => b.likeness - a.likeness || (a.row.id < b.row.id ? 1 : -1))
      .slice(0, SHOWN);
    const reasons = await reasonsOf(
      manager,
      ranked.map(({ row }) => row.id),
    );
    return ranked.map(({ row, likeness }) => {
      const common = sharedBy(words, sharedOf.get(row.id) ?? []);
      return {
        id: row.id,
        reference: row.reference,
        organId: row.organId,
        status: row.status,
        outcome: row.outcome!,
        npCodes: row.npCodes,
        decidedAt: row.decidedAt?.toISOString() ?? null,
        reason: reasons.get(row.id) ?? null,
        likeness,
        sharedWords: common.words,
        sharedCodes: common.codes,
      };
    });
  }

  private async record(actor: Actor, { requester }: WholeRequest, id?: string): Promise<RequesterRecordView> {
    const since = new Date(this.clock.now().getTime() - RECORD_DAYS * DAY);
    const query = whereAccessible(
      this.dataSource.manager
        .createQueryBuilder(Deployment, 'deployment')
        .where('deployment.requesterName = :name AND deployment.requesterType = :type', {
          name: requester.name,
          type: requester.type,
        })
        .andWhere('deployment.submittedAt >= :since', { since }),
      abilityFor(actor),
      'read',
      'Deployment',
      'file',
    );
    if (id !== undefined) query.andWhere('deployment.id <> :id', { id });
    const count = (condition: string): string => `(count(*) FILTER (WHERE ${condition}))::int`;
    const row = await query
      .select('count(*)::int', 'asked')
      .addSelect(count(`deployment.status IN ('APPROVED', 'STAND_BY')`), 'approved')
      .addSelect(count(`deployment.status IN ('REFUSED', 'UNDER_REVIEW', 'REFUSED_FINALLY')`), 'refused')
      .addSelect(count(`deployment.status = 'WITHDRAWN'`), 'withdrawn')
      .addSelect(
        count(`EXISTS (SELECT FROM app.deployment_deed s WHERE s.deployment_id = deployment.id
          AND s.deed IN ('approve', 'stand-by') AND s.details ? 'override')`),
        'overridden',
      )
      .addSelect(count('deployment.hours_late IS NOT NULL'), 'late')
      .getRawOne<Omit<RequesterRecordView, 'since'>>();
    return { since: since.toISOString().slice(0, 10), ...row! };
  }
}

const COLUMNS = ['id', 'reference', 'organId', 'status', 'outcome', 'npCodes', 'decidedAt'].map(
  (column) => `deployment.${column}`,
);

/** The words of what is asked, and the search that they make. */
async function asked(manager: EntityManager, request: WholeRequest, test: DutyTestResult): Promise<Asked> {
  const { purpose, tasks, place, requester, activityType } = request;
  const words = await manager.query<AskedWord[]>(
    'SELECT word, requests FROM app.asked_words($1, $2, $3, $4, $5)',
    [
      [purpose, ...tasks.flatMap(({ text }) => text ?? []), place].join('\n'),
      requester.type,
      activityType ?? null,
      tasks.map(({ code }) => code),
      npCodesIn(test.warnings),
    ],
  );
  return { words, search: searchFor(words) };
}

/** What the last decision on each request said. */
async function reasonsOf(manager: EntityManager, ids: readonly string[]): Promise<Map<string, string>> {
  const deeds = await manager
    .createQueryBuilder(DeploymentDeedRecord, 'deed')
    .where('deed.deploymentId = ANY(:ids) AND deed.deed IN (:...deeds)', {
      ids,
      deeds: ['approve', 'stand-by', 'refuse'],
    })
    .orderBy('deed.id', 'ASC')
    .getMany();
  return new Map(deeds.map(({ deploymentId, reason }) => [deploymentId, reason]));
}
