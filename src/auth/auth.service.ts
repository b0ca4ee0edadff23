import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { Clock } from '../common/clock.js';
import { notFound } from '../common/errors.js';
import { Session, UserAccount } from './account.entity.js';
import type { ChoosePasswordDto } from './dto/first-password.dto.js';
import type { CurrentUserView, MeView, SessionTimesView, SessionView } from './dto/login.dto.js';
import type { NoticeView } from './dto/factor-reset.view.js';
import type { SecondFactorDto } from './dto/second-factor.dto.js';
import { AwaitedFactorView } from './dto/second-factor.view.js';
import { FirstPasswordService } from './first-password.service.js';
import { noticesFor } from './notices.js';
import { SECOND_FACTOR, wantsSecondFactor, type SecondFactorDemand } from './second-factor.guard.js';
import { SecondFactorService } from './second-factor.service.js';
import { ABSOLUTE_MS, IDLE_MS, SessionsService, type Proven, type SignedIn } from './sessions.service.js';

@Injectable()
export class AuthService {
  constructor(
    private readonly sessions: SessionsService,
    private readonly secondFactors: SecondFactorService,
    private readonly firstPasswords: FirstPasswordService,
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    @Inject(SECOND_FACTOR) private readonly demand: SecondFactorDemand,
  ) {}

  async login(actor: Proven): Promise<SessionView | AwaitedFactorView> {
    const opened = await this.secondFactors.begin(actor);
    return opened instanceof AwaitedFactorView ? opened : this.session(actor, opened);
  }

  async choosePassword(actor: Proven, dto: ChoosePasswordDto): Promise<SessionView | AwaitedFactorView> {
    return this.login(await this.firstPasswords.choose(actor, dto));
  }

  async secondFactor(actor: SignedIn, dto: SecondFactorDto, address: string): Promise<SessionView> {
    return this.session(actor, await this.secondFactors.finish(actor, dto, address));
  }

  logout(actor: Actor): Promise<void> {
    return this.sessions.close(actor);
  }

  async me(actor: Actor): Promise<MeView> {
    // Denials name the cases from which one has to keep away: even that there are any is not for one to know.
    const rules = abilityFor(actor)
      .rules.filter((rule) => !rule.inverted)
      .map((rule) => ({ ...rule }));
    const [user, session, notices] = await Promise.all([
      this.user(actor),
      this.times(actor),
      this.notices(actor),
    ]);
    return { user, session, grants: user.grants, rules, notices };
  }

  private async session(actor: Actor, accessToken: string): Promise<SessionView> {
    const [user, notices] = await Promise.all([this.user(actor), this.notices(actor)]);
    const session = { accessToken, expiresIn: ABSOLUTE_MS / 1000, user };
    return notices.length > 0 ? { ...session, notices } : session;
  }

  private async times({ sessionId }: Actor): Promise<SessionTimesView> {
    const session = await this.dataSource.manager.findOneBy(Session, { id: sessionId! });
    if (!session) throw notFound('session');
    const { createdAt, lastSeenAt, expiresAt, steppedUpAt, steppedUpWith } = session;
    const idleEnd = Math.min(lastSeenAt.getTime() + IDLE_MS, expiresAt.getTime());
    return {
      createdAt: createdAt.toISOString(),
      lastSeenAt: lastSeenAt.toISOString(),
      idleEndsAt: new Date(idleEnd).toISOString(),
      expiresAt: expiresAt.toISOString(),
      steppedUpAt: steppedUpAt?.toISOString() ?? null,
      secondFactorWanted: wantsSecondFactor(this.demand, steppedUpWith),
    };
  }

  private notices({ userId }: Actor): Promise<NoticeView[]> {
    return noticesFor(this.dataSource.manager, userId, this.clock.now());
  }

  private async user(actor: Actor): Promise<CurrentUserView> {
    const account = await this.dataSource.manager.findOneBy(UserAccount, { id: actor.userId });
    if (!account) throw notFound('account');
    return {
      id: account.id,
      username: account.username,
      displayName: account.displayName,
      officerId: account.officerId,
      grants: actor.grants.map(({ role, organId }) => ({ role, organId })),
    };
  }
}
