import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { CookieOptions, Request, Response } from 'express';
import { map, type Observable } from 'rxjs';
import { DomainError } from '../common/errors.js';

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

type Answer = { accessToken?: string; csrfToken?: string } | undefined;

/** On the routes of sign-in and sign-out: the session goes into a cookie where the browser asked for it. */
@Injectable()
export class SessionCookie implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<Answer>): Observable<Answer> {
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    const held = request.get('authorization') === undefined ? tokenInCookie(request) : undefined;
    return next.handle().pipe(
      map((answer) => {
        if (answer?.accessToken !== undefined) {
          if (request.get(SESSION_IN)?.toLowerCase() !== 'cookie') return answer;
          const { accessToken, ...rest } = answer;
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
}
