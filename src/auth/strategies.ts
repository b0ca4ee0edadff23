import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { Request } from 'express';
import { Strategy as CustomStrategy } from 'passport-custom';
import { Strategy as LocalStrategy } from 'passport-local';
import type { Actor } from '../access/actor.js';
import { DomainError, invalidInput } from '../common/errors.js';
import { PUBLIC, type AppRequest } from '../http/current-actor.js';
import { inputErrors } from '../http/validation.js';
import { LoginDto } from './dto/login.dto.js';
import { SessionsService, type SignedIn } from './sessions.service.js';
import { SignInService } from './sign-in.service.js';

/** A name and a password, on the sign-in route only. */
@Injectable()
export class PasswordStrategy extends PassportStrategy(LocalStrategy, 'password') {
  constructor(private readonly signIn: SignInService) {
    super({ passReqToCallback: true });
  }

  validate(request: Request & { id: string }, username: string, password: string): Promise<SignedIn> {
    return this.signIn.check(username, password, request.ip ?? 'unknown', request.id);
  }
}

/** The opaque token of a session in the Authorization header (RFC 6750), on every other route. */
@Injectable()
export class SessionStrategy extends PassportStrategy(CustomStrategy, 'session') {
  constructor(private readonly sessions: SessionsService) {
    super();
  }

  async validate(request: AppRequest): Promise<Actor | null> {
    const [, token] = /^Bearer ([A-Za-z0-9_-]{43})$/i.exec(request.get('authorization') ?? '') ?? [];
    return (token && (await this.sessions.actorOf(token, request.id))) || null;
  }
}

const refuse = <T>(error: unknown, actor: T | false | null, code: string, detail: string): T => {
  if (error) throw error instanceof Error ? error : new Error('authentication failed');
  if (!actor) throw new DomainError(code, 401, detail);
  return actor;
};

@Injectable()
export class PasswordGuard extends AuthGuard('password') {
  override canActivate(
    context: ExecutionContext,
  ): ReturnType<InstanceType<ReturnType<typeof AuthGuard>>['canActivate']> {
    // A guard runs before the pipes, and the strategy would answer 401 to a body that lacks a field.
    const body: unknown = context.switchToHttp().getRequest<Request>().body;
    const dto = plainToInstance(LoginDto, Array.isArray(body) ? {} : (body ?? {}));
    const errors = validateSync(dto, { whitelist: true, forbidNonWhitelisted: true });
    if (errors.length > 0) throw invalidInput(inputErrors(errors));
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

  override canActivate(
    context: ExecutionContext,
  ): ReturnType<InstanceType<ReturnType<typeof AuthGuard>>['canActivate']> {
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
