import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { Request } from 'express';
import { Strategy as CustomStrategy } from 'passport-custom';
import { Strategy as LocalStrategy } from 'passport-local';
import { DataSource } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { DomainError, invalidInput } from '../common/errors.js';
import { PUBLIC, type AppRequest } from '../http/current-actor.js';
import { languageAsked } from '../http/language.js';
import { inputErrors } from '../http/validation.js';
import { ChoosePasswordDto } from './dto/first-password.dto.js';
import { LoginDto } from './dto/login.dto.js';
import { SecondFactorDto } from './dto/second-factor.dto.js';
import { SessionsService, type Proven, type SignedIn } from './sessions.service.js';
import { OidcService } from './oidc.service.js';
import { refuseForgery, tokenInCookie } from './session-cookie.js';
import { SignInService } from './sign-in.service.js';
import { ticketNamed, ticketOver } from './tickets.js';

/** A name and a password, on the sign-in route only. */
@Injectable()
export class PasswordStrategy extends PassportStrategy(LocalStrategy, 'password') {
  constructor(private readonly signIn: SignInService) {
    super({ passReqToCallback: true });
  }

  validate(request: Request & { id: string }, username: string, password: string): Promise<Proven> {
    return this.signIn.check(username, password, request.ip ?? 'unknown', request.id);
  }
}

/** A name and a one-time password, on the route by which its owner chooses their own. */
@Injectable()
export class FirstPasswordStrategy extends PassportStrategy(CustomStrategy, 'first-password') {
  constructor(private readonly signIn: SignInService) {
    super();
  }

  validate(request: AppRequest): Promise<Proven> {
    const { username, password } = request.body as ChoosePasswordDto;
    return this.signIn.checkFirst(username, password, request.ip ?? 'unknown', request.id);
  }
}

/** Who comes back from the provider of OpenID Connect. */
@Injectable()
export class OidcStrategy extends PassportStrategy(CustomStrategy, 'oidc') {
  constructor(private readonly oidc: OidcService) {
    super();
  }

  validate(request: AppRequest): Promise<Proven> {
    return this.oidc.comeBack(request);
  }
}

/** A ticket: whose password was right a moment ago. What they prove next is judged with the ticket, not here. */
@Injectable()
export class TicketStrategy extends PassportStrategy(CustomStrategy, 'ticket') {
  constructor(
    private readonly sessions: SessionsService,
    private readonly dataSource: DataSource,
  ) {
    super();
  }

  async validate(request: AppRequest): Promise<SignedIn | null> {
    const { ticket } = request.body as SecondFactorDto;
    const found = await ticketNamed(this.dataSource.manager, ticket);
    if (!found || found.accountVersion === null) return null;
    const { userId, accountVersion } = found;
    return (await this.sessions.signingIn(userId, request.id, { accountVersion })) ?? null;
  }
}

/**
 * The opaque token of a session in the Authorization header (RFC 6750) or, of a browser, in its cookie; on every other
 * route. The header comes first: whoever sends one means it.
 */
@Injectable()
export class SessionStrategy extends PassportStrategy(CustomStrategy, 'session') {
  constructor(private readonly sessions: SessionsService) {
    super();
  }

  async validate(request: AppRequest): Promise<Actor | null> {
    const header = request.get('authorization');
    const inCookie = header === undefined ? tokenInCookie(request) : undefined;
    if (inCookie !== undefined) refuseForgery(request, inCookie);
    const token = inCookie ?? /^Bearer ([A-Za-z0-9_-]{43})$/i.exec(header ?? '')?.[1];
    const { id } = request;
    const language = languageAsked(request);
    const asked = { id, language, purpose: request.get('purpose') ?? '' };
    return (token && (await this.sessions.actorOf(token, asked))) || null;
  }
}

const refuse = <T>(error: unknown, actor: T | false | null, code: string, detail: string): T => {
  if (error) throw error instanceof Error ? error : new Error('authentication failed');
  if (!actor) throw new DomainError(code, 401, detail);
  return actor;
};

/** A guard runs before the pipes, and a strategy would answer 401 to a body that lacks a field. */
function checkBody(context: ExecutionContext, type: new () => object): void {
  const body: unknown = context.switchToHttp().getRequest<Request>().body;
  const dto = plainToInstance(type, Array.isArray(body) ? {} : (body ?? {}));
  const errors = validateSync(dto, { whitelist: true, forbidNonWhitelisted: true });
  if (errors.length > 0) throw invalidInput(inputErrors(errors));
}

type Verdict = ReturnType<InstanceType<ReturnType<typeof AuthGuard>>['canActivate']>;

@Injectable()
export class TicketGuard extends AuthGuard('ticket') {
  override canActivate(context: ExecutionContext): Verdict {
    checkBody(context, SecondFactorDto);
    return super.canActivate(context);
  }

  override handleRequest<T>(error: unknown, actor: T | false): T {
    if (!error && !actor) throw ticketOver();
    return refuse(error, actor, 'ticket-over', '');
  }
}

@Injectable()
export class OidcGuard extends AuthGuard('oidc') {
  override handleRequest<T>(error: unknown, actor: T | false): T {
    return refuse(error, actor, 'wrong-credentials', 'The user name or the password is wrong.');
  }
}

@Injectable()
export class PasswordGuard extends AuthGuard('password') {
  override canActivate(context: ExecutionContext): Verdict {
    checkBody(context, LoginDto);
    return super.canActivate(context);
  }

  override handleRequest<T>(error: unknown, actor: T | false): T {
    return refuse(error, actor, 'wrong-credentials', 'The user name or the password is wrong.');
  }
}

@Injectable()
export class FirstPasswordGuard extends AuthGuard('first-password') {
  override canActivate(context: ExecutionContext): Verdict {
    checkBody(context, ChoosePasswordDto);
    return super.canActivate(context);
  }

  override handleRequest<T>(error: unknown, actor: T | false): T {
    return refuse(error, actor, 'wrong-credentials', 'The user name or the password is wrong.');
  }
}

/** The global guard: every route wants a session unless it is marked public. */
@Injectable()
export class SessionGuard extends AuthGuard('session') {
  constructor(private readonly reflector: Reflector) {
    super();
  }

  override canActivate(context: ExecutionContext): Verdict {
    const isPublic = this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, [
      context.getHandler(),
      context.getClass(),
    ]);
    return isPublic === true ? true : super.canActivate(context);
  }

  override handleRequest<T>(error: unknown, actor: T | false): T {
    return refuse(
      error,
      actor,
      'not-signed-in',
      'Sign in first, and send the token as Authorization: Bearer <token>.',
    );
  }
}
