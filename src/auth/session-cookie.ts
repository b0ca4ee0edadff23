import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { CookieOptions, Request, Response } from 'express';
import { mergeMap, type Observable } from 'rxjs';
import { DomainError } from '../common/errors.js';
import type { AppRequest } from '../http/current-actor.js';
import { SteppedUpView } from './dto/step-up.view.js';
import { SessionsService } from './sessions.service.js';

/** The prefix makes browsers refuse it without Secure, with a domain or for a part of the site (RFC 6265bis, 4.1.3.2). */
const COOKIE = '__Host-plumbline';
const OPTIONS: CookieOptions = { httpOnly: true, secure: true, sameSite: 'strict', path: '/' };
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What a browser sends with its sign-in, to have the session in a cookie that no script can read. */
const SESSION_IN = 'session-in';

/**
 * The token that a browser sends as X-CSRF-Token with every write. It follows from the session's, which another site
 * cannot read, and does not give it away.
 */
export const csrfTokenOf = (sessionToken: string): string =>
  createHash('sha256').update(`plumbline-csrf/v1 ${sessionToken}`).digest('base64url');

/** The session that the browser's cookie carries; undefined when there is none. */
export const tokenInCookie = (request: Request): string | undefined =>
  new RegExp(`(?:^|;\\s*)${COOKIE}=([A-Za-z0-9_-]{43})(?:;|$)`).exec(request.get('cookie') ?? '')?.[1];

/**
 * A browser sends the cookie with whatever leads to us; only our own page knows the token.
 * @throws 403 for a write without it
 */
export function refuseForgery(request: Request, sessionToken: string): void {
  if (SAFE.has(request.method)) return;
  const wanted = Buffer.from(csrfTokenOf(sessionToken));
  const given = Buffer.from(request.get('x-csrf-token') ?? '');
  if (given.length === wanted.length && timingSafeEqual(given, wanted)) return;
  throw new DomainError(
    'csrf-token',
    403,
    'A write with the session in a cookie wants the header X-CSRF-Token, with the token that the sign-in and GET /auth/me answer.',
  );
}

/** A browser sends `Session-In: cookie` with its sign-in: then the answer has a `csrfToken` instead of the `accessToken`. */
export const SessionInHeader = (): MethodDecorator =>
  ApiHeader({
    name: 'Session-In',
    required: false,
    description:
      '`cookie`: the session goes into an httpOnly cookie, and each write wants the `csrfToken` of the answer as X-CSRF-Token',
  });

type Answer = { accessToken?: string; csrfToken?: string } | undefined;

/**
 * On the routes of sign-in, step-up and sign-out: the session goes into a cookie where the browser asked for it, and
 * stays in the cookie that it came in. What the cookie held before a sign-in ends (ASVS 5.0, 7.2.4).
 */
@Injectable()
export class SessionCookie implements NestInterceptor {
  constructor(private readonly sessions: SessionsService) {}

  intercept(context: ExecutionContext, next: CallHandler<Answer>): Observable<Answer> {
    const request = context.switchToHttp().getRequest<AppRequest>();
    const response = context.switchToHttp().getResponse<Response>();
    const held = request.get('authorization') === undefined ? tokenInCookie(request) : undefined;
    return next.handle().pipe(
      mergeMap(async (answer) => {
        if (answer?.accessToken !== undefined) {
          const { accessToken, ...rest } = answer;
          const goesOn = answer instanceof SteppedUpView;
          if (goesOn ? held === undefined : request.get(SESSION_IN)?.toLowerCase() !== 'cookie')
            return answer;
          if (held !== undefined && !goesOn) await this.end(held, request);
          response.cookie(COOKIE, accessToken, OPTIONS);
          return { ...rest, csrfToken: csrfTokenOf(accessToken) };
        }
        if (held === undefined) return answer;
        // Signed out.
        if (answer === undefined) response.clearCookie(COOKIE, OPTIONS);
        return answer && 'rules' in answer ? { ...answer, csrfToken: csrfTokenOf(held) } : answer;
      }),
    );
  }

  /** Of a sign-in beside an open session: nobody could use the old one from this browser any more. */
  private async end(token: string, request: AppRequest): Promise<void> {
    const before = await this.sessions.actorOf(token, { id: request.id });
    if (before) await this.sessions.close(before);
  }
}
