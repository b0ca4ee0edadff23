import { Injectable, type OnModuleInit } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { SYSTEM_STREAM, SYSTEM_USER } from '../audit/streams.js';
import { sqlState, UnitOfWork } from '../audit/unit-of-work.js';
import { systemActor } from '../audit/writer-registration.js';
import { addLegalDays, Clock, legalDay, startOfLegalDay } from '../common/clock.js';
import { newId } from '../common/ids.js';
import { rowsOf } from '../database/insert-rows.js';
import { JobsService } from '../database/jobs.service.js';
import { WorkerDatabase } from '../database/worker-database.js';
import { isFarAbove } from './alert-rules.js';
import { isRaised, raise } from './alerts.job.js';
import { ReadQuestion, ReadSample } from './read-question.entity.js';

/** One of a hundred is asked about, but so many at the least: a small organ is looked at too. */
const SHARE = 0.01;
const AT_LEAST = 20;

export const sampleSize = (reads: number): number =>
  Math.min(reads, Math.max(AT_LEAST, Math.ceil(reads * SHARE)));

/** The reads that can be asked about, of a span of time ($1, $2): a denied try showed nothing. */
const READS = `app.read_log r WHERE r.at >= $1 AND r.at < $2 AND r.type <> 'read.denied' AND r.user_id <> '${SYSTEM_USER}'`;

type Asked = Pick<
  ReadQuestion,
  'userId' | 'organId' | 'caseId' | 'readId' | 'readAt' | 'readType' | 'purposeCode' | 'purposeRef'
>;

/**
 * Once a week is over: draws a sample of its reads and asks each reader why, and compares how much each read with the
 * others of the role. Begun again after a crash, it goes on where it stopped: the seed is in the trail first.
 */
@Injectable()
export class ReadWeekJob implements OnModuleInit {
  constructor(
    private readonly jobs: JobsService,
    private readonly worker: WorkerDatabase,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.hourly('review-reads-of-week', () => this.run());
  }

  /** Looks at the last week that is over, Monday to Sunday. */
  async run(): Promise<void> {
    const week = addLegalDays(mondayOf(legalDay(this.clock.now())), -7);
    const span = [startOfLegalDay(week), startOfLegalDay(addLegalDays(week, 7))] as const;
    const { manager } = this.worker;
    const sample = (await manager.findOneBy(ReadSample, { week })) ?? (await this.draw(week, span));
    if ((await manager.countBy(ReadQuestion, { sampleId: sample.id })) === sample.drawn) return;
    for (const read of await this.sampled(sample, span)) await this.ask(sample, read);
  }

  /** Draws the seed and says so in the trail; what is read by then is what is drawn from. */
  private async draw(week: string, span: readonly [Date, Date]): Promise<ReadSample> {
    await this.comparePeers(span);
    const [{ reads }] = await this.worker.query<[{ reads: number }]>(
      `SELECT count(*)::int AS reads FROM ${READS}`,
      [...span],
    );
    return this.unitOfWork.run(systemActor, async (tx) => {
      const seed = randomBytes(32).toString('hex');
      const sample = Object.assign(new ReadSample(), {
        id: newId(),
        week,
        seed,
        reads,
        drawn: sampleSize(reads),
        drawnAt: tx.now,
      });
      await tx.insert(rowsOf(ReadSample, [sample]));
      tx.record({
        type: 'read-sample.drawn',
        stream: SYSTEM_STREAM,
        target: { kind: 'read-sample', id: sample.id },
        data: { week, seed, reads, drawn: sample.drawn },
      });
      return sample;
    });
  }

  private sampled({ seed, drawn }: ReadSample, span: readonly [Date, Date]): Promise<Asked[]> {
    return this.worker.query<Asked[]>(
      `SELECT r.id AS "readId", r.user_id AS "userId", coalesce(r.organ_id, app.organ_of_look(r.case_id)) AS "organId",
              r.case_id AS "caseId", r.at AS "readAt", r.type AS "readType", r.purpose_code AS "purposeCode",
              r.purpose_ref AS "purposeRef"
       FROM ${READS} ORDER BY sha256(convert_to($3 || r.id, 'UTF8')) LIMIT $4`,
      [...span, seed, drawn],
    );
  }

  private async ask({ id: sampleId }: ReadSample, read: Asked): Promise<void> {
    if (await this.worker.manager.existsBy(ReadQuestion, { readId: read.readId })) return;
    await this.unitOfWork
      .run(systemActor, async (tx) => {
        const question = Object.assign(new ReadQuestion(), {
          ...read,
          id: newId(),
          sampleId,
          askedAt: tx.now,
          answer: null,
          answeredAt: null,
          verdict: null,
          judgedBy: null,
          judgedAt: null,
          judgeReason: null,
          version: 1,
        });
        await tx.insert(rowsOf(ReadQuestion, [question]));
        tx.record({
          type: 'read-question.asked',
          stream: read.userId,
          target: { kind: 'read-question', id: question.id },
          values: { readId: read.readId, caseId: read.caseId },
        });
      })
      .catch((error: unknown) => {
        // Another process asked it a moment ago.
        if (sqlState(error) !== '23505') throw error;
      });
  }

  /** Raises an alert about who read far more than the others who held the same role in that week. */
  private async comparePeers([from, until]: readonly [Date, Date]): Promise<void> {
    const rows = await this.worker.query<{ role: string; userId: string; organId: string; reads: number }[]>(
      `SELECT g.role, g.user_id AS "userId", (array_agg(g.organ_id ORDER BY g.created_at, g.id))[1] AS "organId",
              (SELECT count(*)::int FROM app.read_log r
               WHERE r.user_id = g.user_id AND r.role = g.role AND r.at >= $1 AND r.at < $2) AS reads
       FROM app.user_grant g
       WHERE g.created_at < $2 AND (g.revoked_at IS NULL OR g.revoked_at > $1)
         AND g.valid_from < ($2::timestamptz AT TIME ZONE 'Asia/Shanghai')::date
         AND (g.valid_to IS NULL OR g.valid_to >= ($1::timestamptz AT TIME ZONE 'Asia/Shanghai')::date)
       GROUP BY g.role, g.user_id`,
      [from, until],
    );
    for (const { role, userId, organId, reads } of rows) {
      const others = rows.filter((other) => other.role === role && other.userId !== userId);
      if (
        !isFarAbove(
          reads,
          others.map((other) => other.reads),
        )
      )
        continue;
      const cause = {
        userId,
        organId,
        kind: 'PEERS',
        caseId: null,
        readId: null,
        readAt: until,
        asked: true,
      } as const;
      if (await isRaised(this.worker.manager, cause)) continue;
      await this.unitOfWork.run(systemActor, (tx) => raise(tx, cause));
    }
  }
}

/** The Monday of the week in which a day lies. */
export function mondayOf(day: string): string {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return addLegalDays(day, -((weekday + 6) % 7));
}
