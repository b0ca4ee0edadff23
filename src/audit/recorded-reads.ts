import {
  Injectable,
  Logger,
  SetMetadata,
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { mergeMap, type Observable } from 'rxjs';
import type { Actor } from '../access/actor.js';
import { glassOver } from '../access/broken-glass.js';
import { demandsOf, needOf, RECORDS } from '../access/demands.js';
import { DomainError, invalidInput, traceOf } from '../common/errors.js';
import type { AuditEvent, Purpose } from './events.js';
import { UnitOfWork } from './unit-of-work.js';

/** What a read tells the trail: from the request and from the answer that is about to leave. */
type ReadEvent<Answer> = (answer: Answer, request: Request, actor: Actor) => AuditEvent;

const PURPOSE = /^([A-Z][A-Z_]{1,31})(?: ([A-Za-z0-9][A-Za-z0-9._:/-]{0,63}))?$/;

/**
 * On a route that answers something sensitive: who read what, and for which purpose, is in the trail before a byte of
 * the answer leaves; when that fails, nothing leaves. Which routes these are says the policy (`purpose`); this says how
 * they tell it, and the application does not start when the two differ.
 */
export const RecordsRead = <Answer>(event: ReadEvent<Answer>): MethodDecorator =>
  applyDecorators(
    SetMetadata(RECORDS, event),
    ApiHeader({
      name: 'Purpose',
      required: false,
      description:
        'Why you read it: a code and, if there is one, the reference of the task. It goes into the trail.',
      example: 'ASSIGNED task-1234',
    }),
  );

/** On a list: one event in the reader's own stream, with the question and what it found, not one for each row. */
export const RecordsSearch = (list: string): MethodDecorator =>
  RecordsRead<{ items: readonly { id: string }[] }>(({ items }, request, actor) => ({
    type: 'search.run',
    stream: actor.userId,
    target: { kind: 'list', id: list },
    values: { list, question: { ...request.query }, found: items.map(({ id }) => id) },
    data: { count: items.length },
  }));

const logger = new Logger('Trail');

/** Waits for the event that says what is about to leave. @throws 503 when it cannot be written: then nothing leaves */
export async function recordedFirst<T>(event: Promise<T>): Promise<T> {
  try {
    return await event;
  } catch (error) {
    if (error instanceof DomainError) throw error;
    const thrown = error instanceof Error ? error : new Error();
    logger.error({ error: thrown.name, stack: traceOf(thrown) });
    throw new DomainError(
      'trail-unavailable',
      503,
      'The trail cannot be written at the moment, so nothing may leave. Try again later.',
    );
  }
}

@Injectable()
export class RecordedReads implements NestInterceptor {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const need = needOf(context.getHandler());
    if (!need || !demandsOf(need).purpose) return next.handle();
    const eventOf = Reflect.getMetadata(RECORDS, context.getHandler()) as ReadEvent<unknown>;
    const request = context.switchToHttp().getRequest<Request & { user: Actor }>();
    const response = context.switchToHttp().getResponse<Response>();
    const stated = purposeOf(request);
    return next.handle().pipe(
      mergeMap(async (answer: unknown) => {
        const event = eventOf(answer, request, request.user);
        const glass = glassOver(request.user, casesIn(event, answer));
        const purpose = glass ? { code: 'BREAK_GLASS', ref: glass.id } : stated;
        await recordedFirst(this.unitOfWork.record(request.user, { ...event, purpose }));
        if (glass === undefined) return answer;
        const access: Access = { basis: 'BREAK_GLASS', until: glass.until };
        response.setHeader('Access-Basis', `${access.basis}; until=${access.until}`);
        return Array.isArray(answer) ? answer : Object.assign(answer as object, { access });
      }),
    );
  }
}

/** On everything that is read through a broken glass, so that nobody forgets it or takes it for theirs. */
interface Access {
  readonly basis: 'BREAK_GLASS';
  readonly until: string;
}

/** The cases that an answer may tell of: the one in whose stream it is recorded, and those of a list. */
function casesIn({ stream }: AuditEvent, answer: unknown): (string | undefined)[] {
  const { items = [] } = answer as { items?: readonly { id?: string; caseId?: string }[] };
  return [stream, ...items.flatMap(({ id, caseId }) => [id, caseId])];
}

/** @throws 400 for a header that is none */
export const purposeOf = (request: Request): Purpose => purposeIn(request.get('purpose'));

function purposeIn(header: string | undefined): Purpose {
  if (header === undefined) return { code: 'UNSTATED' };
  const [, code, ref] = PURPOSE.exec(header.trim()) ?? [];
  if (code === undefined) {
    throw invalidInput([
      {
        pointer: 'Purpose',
        message:
          'Purpose must be a code in capitals and, if there is one, a reference, such as "ASSIGNED task-1234"',
      },
    ]);
  }
  return { code, ...(ref === undefined ? {} : { ref }) };
}
