import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import { catchError, from, mergeMap, type Observable } from 'rxjs';
import type { Actor } from '../access/actor.js';
import { DomainError } from '../common/errors.js';
import { isId } from '../common/ids.js';
import { purposeOf, recordedFirst } from './recorded-reads.js';
import { UnitOfWork } from './unit-of-work.js';

/** Everybody's own sessions and factors: nothing of anybody else can be tried there. */
const OWN = /\/auth\//;

/**
 * A try at something that one may not see is an event, before the refusal leaves. What is not there at all is treated
 * alike to the last step, so that neither the answer nor its time tells which of the two it was.
 */
@Injectable()
export class DeniedTries implements NestInterceptor {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request & { user?: Actor }>();
    const { user, params } = request;
    const id = params['id'];
    if (!user || !isId(id) || OWN.test(request.path)) return next.handle();
    const deed = `${context.getClass().name}.${context.getHandler().name}`;
    return next.handle().pipe(
      catchError((error: unknown) => {
        if (!(error instanceof DomainError && error.code === 'not-found')) throw error;
        const event = {
          type: 'read.denied',
          stream: user.userId,
          target: { kind: 'unknown', id: id.toLowerCase() },
          values: { deed },
          purpose: purposeOf(request),
        } as const;
        return from(recordedFirst(this.unitOfWork.record(user, event))).pipe(
          mergeMap(() => {
            throw error;
          }),
        );
      }),
    );
  }
}
