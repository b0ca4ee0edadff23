import {
  Injectable,
  StreamableFile,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { Response } from 'express';
import { createHash } from 'node:crypto';
import { from, of, type Observable } from 'rxjs';
import { map, switchMap } from 'rxjs/operators';
import type { Actor } from '../access/actor.js';
import { CaseDatabase } from '../access/case-database.js';
import { DomainError, invalidInput } from '../common/errors.js';
import type { AppRequest } from './current-actor.js';
import { sayLanguage } from './language.js';

const KEY = /^[\x21-\x7e]{1,200}$/;

/** What is answered here is a secret, or a proof that holds for a time: it is never kept. */
const WITH_SECRETS = /\/auth\/|\/receipt\/?$/i;

interface KeptAnswer {
  fingerprint: string;
  answer: unknown;
  receipts: string[];
}

/**
 * What every answer needs and no service should know: the receipts of its writes, the version as ETag, and for a POST
 * with an Idempotency-Key the first answer again instead of a second write.
 */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  constructor(private readonly database: CaseDatabase) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<AppRequest>();
    const response = context.switchToHttp().getResponse<Response>();
    return from(this.repeated(request)).pipe(
      switchMap((kept) => {
        if (!kept) return next.handle();
        request.user?.request?.receipts.push(...kept.receipts);
        response.setHeader('Idempotency-Replayed', 'true');
        return of(kept.answer);
      }),
      map((body: unknown) => {
        const receipts = request.user?.request?.receipts ?? [];
        if (receipts.length > 0) response.setHeader('Audit-Receipt', receipts.join(', '));
        if (hasVersion(body)) response.setHeader('ETag', `"${body.version}"`);
        // A file has a language of its own.
        if (!(body instanceof StreamableFile)) sayLanguage(request, response);
        return body;
      }),
    );
  }

  private async repeated(request: AppRequest): Promise<KeptAnswer | undefined> {
    const key = request.get('idempotency-key');
    if (request.method !== 'POST' || key === undefined || !request.user?.sessionId) return undefined;
    if (WITH_SECRETS.test(request.path)) return undefined;
    if (!KEY.test(key)) {
      throw invalidInput([
        {
          pointer: 'Idempotency-Key',
          message: 'Idempotency-Key must have 1 to 200 printable ASCII characters',
        },
      ]);
    }
    const fingerprint = fingerprintOf(request);
    if (request.user.request) request.user.request.idempotency = { key, fingerprint };
    const kept = await this.kept(request.user, key);
    if (kept && kept.fingerprint !== fingerprint) {
      throw new DomainError(
        'key-reused',
        409,
        'This Idempotency-Key was used for another request. Take a new key.',
      );
    }
    return kept;
  }

  private async kept(actor: Actor, key: string): Promise<KeptAnswer | undefined> {
    const [row] = await this.database.as(actor, (manager) =>
      manager.query<KeptAnswer[]>(
        'SELECT fingerprint, answer, receipts FROM app.idempotency_key WHERE user_id = $1 AND key = $2',
        [actor.userId, key],
      ),
    );
    return row;
  }
}

const fingerprintOf = (request: AppRequest): string => {
  // A form has not been read yet; by its length, another one is told apart nearly always.
  const body = request.is('multipart/form-data') ? request.get('content-length') : (request.body as unknown);
  return createHash('sha256')
    .update(JSON.stringify([request.originalUrl, request.get('if-match') ?? null, body], withoutPasswords))
    .digest('base64');
};

/** A quick hash of a password must not lie in the database, not even within the hash of a request. */
const withoutPasswords = (name: string, value: unknown): unknown => (name === 'password' ? null : value);

const hasVersion = (body: unknown): body is { version: number } =>
  typeof body === 'object' && body !== null && 'version' in body && typeof body.version === 'number';
