import { IsNull, MoreThan, type EntityManager } from 'typeorm';
import { UserAccount } from './account.entity.js';
import { NoticeView } from './dto/factor-reset.view.js';
import { FactorReset } from './factor.entity.js';

/**
 * How long somebody is told of what was done to their account. They cannot take a notice away, since whoever took over
 * the account could do so as well.
 */
const TOLD_MS = 30 * 24 * 60 * 60_000;

export async function noticesFor(manager: EntityManager, userId: string, now: Date): Promise<NoticeView[]> {
  const since = new Date(now.getTime() - TOLD_MS);
  const [resets, account] = await Promise.all([
    manager.find(FactorReset, {
      where: [
        { userId, endedAt: IsNull() },
        { userId, endedAt: MoreThan(since) },
      ],
      order: { id: 'DESC' },
    }),
    manager.findOneBy(UserAccount, { id: userId, passwordChangedAt: MoreThan(since) }),
  ]);
  const told = resets.map((reset) => NoticeView.of(reset));
  if (!account?.passwordChangedAt) return told;
  return [...told, NoticeView.ofPassword(account.passwordChangedAt, account.passwordChangedBy === userId)];
}
