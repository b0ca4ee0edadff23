import { Body, Controller, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { RecordsRead, RecordsSearch } from '../audit/recorded-reads.js';
import { Needs } from '../http/needs.js';
import { CurrentActor } from '../http/current-actor.js';
import { IdParam } from '../http/id-param.js';
import { IfMatch } from '../http/if-match.js';
import {
  CreateUserDto,
  EndSessionsDto,
  GrantDto,
  ListUsersQuery,
  ResetPasswordDto,
  RevokeGrantDto,
  UpdateUserDto,
} from './dto/user.dto.js';
import {
  ChangedGrantView,
  FirstPasswordView,
  UserPage,
  UserView,
  UserWithGrantsView,
} from './dto/user.view.js';
import { UsersService } from './users.service.js';

@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  /** The accounts, newest first. */
  @Get()
  @Needs('read', 'User')
  @RecordsSearch('users')
  list(@CurrentActor() actor: Actor, @Query() query: ListUsersQuery): Promise<UserPage> {
    return this.users.list(actor, query);
  }

  /** One account with its grants, past and present. */
  @Get(':id')
  @Needs('read', 'User')
  @RecordsRead(({ id, version }: UserWithGrantsView, _request, actor) => ({
    type: 'user.read',
    stream: actor.userId,
    target: { kind: 'user', id, rev: version },
  }))
  get(@CurrentActor() actor: Actor, @IdParam() id: string): Promise<UserWithGrantsView> {
    return this.users.get(actor, id);
  }

  /** Makes an account, with a one-time password for its owner. It can do nothing until it is granted a role. */
  @Post()
  @Needs('create', 'User')
  create(@CurrentActor() actor: Actor, @Body() dto: CreateUserDto): Promise<FirstPasswordView> {
    return this.users.create(actor, dto);
  }

  /** Changes an account, disables it or enables it again. */
  @Patch(':id')
  @Needs('update', 'User')
  update(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: UpdateUserDto,
  ): Promise<UserView> {
    return this.users.update(actor, id, version, dto);
  }

  /** Puts a one-time password in the place of the password, and ends every session of the account. */
  @Post(':id/password')
  @Needs('update', 'User')
  @HttpCode(200)
  resetPassword(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body() dto: ResetPasswordDto,
  ): Promise<FirstPasswordView> {
    return this.users.resetPassword(actor, id, dto);
  }

  /** Ends every session of an account, which stays as it is. */
  @Post(':id/end-sessions')
  @Needs('update', 'User')
  @HttpCode(204)
  endSessions(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body() dto: EndSessionsDto,
  ): Promise<void> {
    return this.users.endSessions(actor, id, dto);
  }

  /** Grants a role in an organ and in those under it. */
  @Post(':id/grants')
  @Needs('create', 'Grant')
  grant(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body() dto: GrantDto,
  ): Promise<ChangedGrantView> {
    return this.users.grant(actor, id, dto);
  }

  /** Revokes a grant at once. */
  @Post(':id/grants/:grantId/revoke')
  @Needs('revoke', 'Grant')
  @HttpCode(200)
  revoke(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IdParam('grantId') grantId: string,
    @Body() dto: RevokeGrantDto,
  ): Promise<ChangedGrantView> {
    return this.users.revoke(actor, id, grantId, dto);
  }
}
