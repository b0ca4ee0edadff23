import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { SYSTEM_STREAM } from '../audit/streams.js';
import { UnitOfWork } from '../audit/unit-of-work.js';
import { conflict, notFound } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { JobsService } from '../database/jobs.service.js';
import { newestFirst } from '../database/newest-first.js';
import type { ListTrailChecksQuery } from './dto/trail.dto.js';
import { TrailCheckPage, TrailCheckView } from './dto/trail.view.js';
import { mayRead } from './entries.service.js';
import { LogService } from './log.service.js';
import { PolicyFile } from './policy-file.js';
import { VERIFY_TRAIL } from './trail-check.job.js';
import { TrailCheck } from './trail-check.entity.js';

/** Verifications of the whole log: asked for here, done by a job, looked at here. */
@Injectable()
export class TrailChecksService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly log: LogService,
    private readonly policy: PolicyFile,
    private readonly jobs: JobsService,
  ) {}

  /** @throws 409 when there is nothing to verify against, or one runs already */
  request(actor: Actor): Promise<TrailCheckView> {
    return this.unitOfWork.run(actor, async (tx) => {
      tx.require('verify', 'Trail', { id: 'trail' });
      const { size } = await this.log.state();
      if (size === 0 || !(await this.policy.read())) {
        throw conflict(
          'nothing-to-compare',
          'There is no policy or no checkpoint to verify the trail against.',
        );
      }
      const id = newId();
      const inserted = await tx.manager
        .createQueryBuilder()
        .insert()
        .into(TrailCheck)
        .values({
          id,
          requestedBy: actor.userId,
          requestedAt: tx.now,
          status: 'QUEUED',
          size: String(size),
          checked: '0',
          wrong: '0',
          failures: [],
          finishedAt: null,
        })
        .orIgnore()
        .returning('id')
        .execute();
      if ((inserted.raw as unknown[]).length === 0) {
        throw conflict(
          'verification-runs',
          'The trail is being verified already. Wait until that has ended.',
        );
      }
      await this.jobs.enqueue(tx.manager, VERIFY_TRAIL, { id });
      tx.record({
        type: 'trail.verification-requested',
        stream: SYSTEM_STREAM,
        target: { kind: 'verification', id },
        values: { size },
      });
      return TrailCheckView.of(await tx.manager.findOneByOrFail(TrailCheck, { id }));
    });
  }

  /** The newest first. */
  list(actor: Actor, query: ListTrailChecksQuery): Promise<TrailCheckPage> {
    mayRead(actor);
    return newestFirst(this.dataSource.manager.createQueryBuilder(TrailCheck, 'check'), query, (row) =>
      TrailCheckView.of(row),
    );
  }

  async get(actor: Actor, id: string): Promise<TrailCheckView> {
    mayRead(actor);
    const row = await this.dataSource.manager.findOneBy(TrailCheck, { id });
    if (!row) throw notFound('verification');
    return TrailCheckView.of(row);
  }
}
