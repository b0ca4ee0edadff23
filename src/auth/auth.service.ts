import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { notFound } from '../common/errors.js';
import { UserAccount } from './account.entity.js';
import type { CurrentUserView, MeView, SessionView } from './dto/login.dto.js';
import { ABSOLUTE_MS, SessionsService, type SignedIn } from './sessions.service.js';

@Injectable()
export class AuthService {
  constructor(
    private readonly sessions: SessionsService,
    private readonly dataSource: DataSource,
  ) {}

  async login(actor: SignedIn): Promise<SessionView> {
    const accessToken = await this.sessions.open(actor, 'PASSWORD');
    return { accessToken, expiresIn: ABSOLUTE_MS / 1000, user: await this.user(actor) };
  }

  logout(actor: Actor): Promise<void> {
    return this.sessions.close(actor);
  }

  async me(actor: Actor): Promise<MeView> {
    const rules = abilityFor(actor).rules.map((rule) => ({ ...rule }));
    const user = await this.user(actor);
    return { user, grants: user.grants, rules };
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
