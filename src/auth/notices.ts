import { IsNull, MoreThan, type EntityManager } from 'typeorm';
import { NoticeView } from './dto/factor-reset.view.js';
import { FactorReset } from './factor.entity.js';

/**
 * How long somebody is told of what was done to their account. They cannot take a notice away, since whoever took over
 * the account could do so as well.
 */
const TOLD_MS = 30 * 24 * 60 * 60_000;

export async function noticesFor(manager: EntityManager, userId: string, now: Date): Promise<NoticeView[]> {
  const resets = await manager.find(FactorReset, {
    where: [
      { userId, endedAt: IsNull() },
      { userId, endedAt: MoreThan(new Date(now.getTime() - TOLD_MS)) },
    ],
    order: { id: 'DESC' },
  });
  return resets.map((reset) => NoticeView.of(reset));
}
