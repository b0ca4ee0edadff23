import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { abilityFor } from '../access/abilities.js';
import { languageOf, type Actor } from '../access/actor.js';
import { CaseDatabase } from '../access/case-database.js';
import { whereAccessible } from '../access/where-accessible.js';
import { Clock } from '../common/clock.js';
import { inLanguage, said } from '../common/words.js';
import { deploymentRules } from '../rulebook/deployment-rules.js';
import { DeploymentDeedRecord } from './deployment-deed.entity.js';
import { Deployment } from './deployment.entity.js';
import type { CheckView, PrecedentsView, PrecedentView, RequesterRecordView } from './dto/precedent.view.js';
import type { DutyTestResult } from './duty-test.js';
import { likeness, searchFor, sharedBy, weightsOf, type AskedWord, type Search } from './precedent-words.js';
import type { WholeRequest } from './request-columns.js';
import { npCodesIn, type Warning } from './warnings.js';

/** The warning that a refusal of late is gone around. */
export const ASKED_AGAIN = 'ASKED_AGAIN';
const DAY = 86_400_000;
const SHOWN = 5;
/** So many are compared word by word: some may be hidden from whoever asks. */
const FOUND = 30;
const RECORD_DAYS = 365;

/** Whoever asks, as the database knows them. */
export interface Asker {
  /** Of the request itself, when it has one. */
  readonly id?: string;
  /** The accounts and officers that asked. */
  readonly askers: readonly string[];
}

interface Asked {
  readonly text: string;
  readonly words: readonly AskedWord[];
  readonly search: Search;
}

/** What earlier requests say about one: the most similar ones, the requester's record, and refusals gone around. */
@Injectable()
export class PrecedentsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly database: CaseDatabase,
    private readonly clock: Clock,
  ) {}

  /** All of it at once, for a request that is not kept. The test runs while the database looks up what needs no test. */
  async forDryRun(actor: Actor, request: WholeRequest, test: () => DutyTestResult): Promise<CheckView> {
    const { manager } = this.dataSource;
    const askers = [actor.userId, ...(actor.officerId ? [actor.officerId] : [])];
    const tested = Promise.all([
      wordsOf(manager, request, EVERY_NP_CODE),
      // By then the questions are on their way.
      setImmediate().then(test),
    ]).then(([words, result]) => ({
      result,
      asked: askedIn(request, words, npCodesIn(result.warnings)),
    }));
    const [warned, seen] = await Promise.all([
      tested.then(({ result, asked }) => this.warned(manager, request, result, { askers }, asked)),
      this.seen(
        actor,
        request,
        tested.then(({ asked }) => asked),
      ),
    ]);
    return { ...inLanguage(warned, languageOf(actor)), ...seen };
  }

  /** For a stored request, by its test. */
  async of(actor: Actor, request: WholeRequest, test: DutyTestResult, id: string): Promise<PrecedentsView> {
    return this.seen(actor, request, asked(this.dataSource.manager, request, test), id);
  }

  /**
   * Of what the actor may read. The requester's record, which needs no words, is looked up until they are known; the
   * search goes out behind it without waiting for the answer.
   */
  private async seen(
    actor: Actor,
    request: WholeRequest,
    words: Promise<Asked>,
    id?: string,
  ): Promise<PrecedentsView> {
    const view = this.database.as(actor, async (manager) => {
      const [requesterRecord, precedents] = await Promise.all([
        this.record(manager, actor, request, id),
        words.then((known) => this.like(manager, actor, known, id)),
      ]);
      return { precedents, requesterRecord };
    });
    // Both are listened to from here on: words that fail before they are waited for would end the process.
    const [seen] = await Promise.all([view, words]);
    return seen;
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
    const { days, alike, alikeOfSame, article, ...rule } = deploymentRules.askedAgain;
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
        message: said`${reference} ${rule}`,
        article,
      }));
    return warnings.length > 0 ? { ...test, warnings: [...test.warnings, ...warnings] } : test;
  }

  private async like(
    manager: EntityManager,
    actor: Actor,
    { text, words, search }: Asked,
    id?: string,
  ): Promise<PrecedentView[]> {
    const query = whereAccessible(
      manager
        .createQueryBuilder(Deployment, 'deployment')
        .select(COLUMNS)
        .addSelect('found.shared', 'shared')
        .addSelect(
          (deed) =>
            deed
              .select('deed.reason')
              .from(DeploymentDeedRecord, 'deed')
              .where(`deed.deploymentId = deployment.id AND deed.deed IN ('approve', 'stand-by', 'refuse')`)
              .orderBy('deed.id', 'DESC')
              .limit(1),
          'reason',
        )
        .innerJoin(
          '(SELECT * FROM app.requests_like(:rare::tsquery, :pairs::tsquery, :words, :weights, :organs, :most))',
          'found',
          'found.deployment_id = deployment.id',
        )
        .setParameters({
          ...search,
          words: words.map(({ word }) => word),
          weights: weightsOf(words),
          organs: actor.grants.flatMap(({ organIds }) => organIds),
          most: FOUND,
        })
        .orderBy('found.weight', 'DESC')
        .addOrderBy('deployment.id', 'DESC')
        .limit(SHOWN),
      abilityFor(actor),
      'read',
      'Deployment',
      'file',
    );
    if (id !== undefined) query.andWhere('deployment.id <> :id', { id });
    const { entities, raw } = await query.getRawAndEntities<{ shared: string[]; reason: string | null }>();
    return entities.map((row, i) => {
      const { shared, reason } = raw[i]!;
      return { ...precedentIn(row, reason), ...likenessOf(shared, words, text) };
    });
  }

  private async record(
    manager: EntityManager,
    actor: Actor,
    { requester }: WholeRequest,
    id?: string,
  ): Promise<RequesterRecordView> {
    const since = new Date(this.clock.now().getTime() - RECORD_DAYS * DAY);
    const query = whereAccessible(
      manager
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

const precedentIn = (row: Deployment, reason: string | null): Omit<PrecedentView, keyof Likeness> => ({
  id: row.id,
  reference: row.reference,
  organId: row.organId,
  status: row.status,
  outcome: row.outcome!,
  npCodes: row.npCodes,
  decidedAt: row.decidedAt?.toISOString() ?? null,
  reason,
});

type Likeness = Pick<PrecedentView, 'likeness' | 'sharedWords' | 'sharedCodes'>;

function likenessOf(shared: readonly string[], words: readonly AskedWord[], text: string): Likeness {
  const common = sharedBy(words, shared, text);
  return { likeness: likeness(words, shared), sharedWords: common.words, sharedCodes: common.codes };
}

const EVERY_NP_CODE = deploymentRules.nonPolice.map(({ id }) => id);

/** The words of what is asked and by its test, and the search that they make. */
const asked = async (manager: EntityManager, request: WholeRequest, test: DutyTestResult): Promise<Asked> => {
  const codes = npCodesIn(test.warnings);
  return askedIn(request, await wordsOf(manager, request, codes), codes);
};

/** Of the words for codes that are not police work, those for these codes; of the others all. */
function askedIn(request: WholeRequest, all: readonly AskedWord[], codes: readonly string[]): Asked {
  const words = all.filter(({ word }) => !word.startsWith('np:') || codes.includes(word.slice(3)));
  return { text: textOf(request), words, search: searchFor(words) };
}

const textOf = ({ purpose, tasks, place }: WholeRequest): string =>
  [purpose, ...tasks.flatMap(({ text }) => text ?? []), place].join('\n');

function wordsOf(
  manager: EntityManager,
  request: WholeRequest,
  npCodes: readonly string[],
): Promise<AskedWord[]> {
  const { tasks, requester, activityType } = request;
  return manager.query<AskedWord[]>('SELECT word, requests, at FROM app.asked_words($1, $2, $3, $4, $5)', [
    textOf(request),
    requester.type,
    activityType ?? null,
    tasks.map(({ code }) => code),
    npCodes,
  ]);
}
