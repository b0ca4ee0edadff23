import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, MoreThan, Not, type FindOptionsWhere } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { UnitOfWork } from '../audit/unit-of-work.js';
import { Clock } from '../common/clock.js';
import { notFound } from '../common/errors.js';
import { Session } from './account.entity.js';
import { OwnSessionView } from './dto/session.view.js';
import { IDLE_MS } from './sessions.service.js';

/** What somebody sees of their own sessions, and ends of them. */
@Injectable()
export class OwnSessionsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** The live ones, the newest first. */
  async list(actor: Actor): Promise<OwnSessionView[]> {
    const sessions = await this.dataSource.manager.find(Session, {
      where: live(actor, this.clock.now()),
      order: { createdAt: 'DESC', id: 'DESC' },
    });
    return sessions.map((session) => OwnSessionView.of(session, actor.sessionId));
  }

  /** @throws 404 for one that is over, and for somebody else's */
  end(actor: Actor, id: string): Promise<void> {
    return this.unitOfWork.run(actor, async (tx) => {
      const { affected } = await tx.manager.update(
        Session,
        { ...live(actor, tx.now), id },
        { revokedAt: tx.now },
      );
      if (affected !== 1) throw notFound('session');
      tx.record({ type: 'auth.session-ended', stream: actor.userId, target: { kind: 'session', id } });
    });
  }

  /** All but the one that asks. */
  endOthers(actor: Actor): Promise<void> {
    return this.unitOfWork.run(actor, async (tx) => {
      const { affected } = await tx.manager.update(
        Session,
        { ...live(actor, tx.now), id: Not(actor.sessionId!) },
        { revokedAt: tx.now },
      );
      tx.record({
        type: 'auth.sessions-ended',
        stream: actor.userId,
        target: { kind: 'user', id: actor.userId },
        values: { count: affected ?? 0 },
      });
    });
  }
}

const live = ({ userId }: Actor, now: Date): FindOptionsWhere<Session> => ({
  userId,
  revokedAt: IsNull(),
  expiresAt: MoreThan(now),
  lastSeenAt: MoreThan(new Date(now.getTime() - IDLE_MS)),
});
