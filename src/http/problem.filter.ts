import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { STATUS_CODES } from 'node:http';
import { DomainError, traceOf, type InputError } from '../common/errors.js';
import { refusalInChinese } from '../common/refusal-words.js';
import type { AppRequest } from './current-actor.js';
import { sayLanguage } from './language.js';

interface ParserError extends Error {
  type: string;
  status: number;
}

const isParserError = (error: unknown): error is ParserError =>
  error instanceof Error && 'type' in error && 'status' in error && typeof error.status === 'number';

/** The refusal that stands for an error: known ones as they are, everything else as a 500 that says nothing. */
export function asRefusal(error: unknown): DomainError | undefined {
  if (error instanceof DomainError) return error;
  if (error instanceof HttpException) {
    // Nest wraps what the parsers in front of it throw, and its wrapping says less.
    const told = error.cause === undefined ? undefined : asRefusal(error.cause);
    if (told) return told;
    const status = error.getStatus();
    if (status === 503)
      return new DomainError('not-ready', 503, 'The database does not answer. Try again later.');
    if (status >= 500) return undefined;
    // Nest's own text may quote the request; ours does not.
    const details: Record<number, string> = {
      401: 'Sign in first, and send the token as Authorization: Bearer <token>.',
      404: 'There is no such route.',
      413: 'The upload is too large.',
      429: 'Too many requests. Wait a moment.',
    };
    const code = (STATUS_CODES[status] ?? 'refused').toLowerCase().replaceAll(/[^a-z]+/g, '-');
    return new DomainError(code, status, details[status] ?? 'The request cannot be accepted as it is.');
  }
  if (error instanceof URIError) {
    return new DomainError(
      'malformed-address',
      400,
      'The address has a percent sign that begins no character.',
    );
  }
  if (isParserError(error) && error.status < 500) {
    const known: Record<string, [code: string, detail: string]> = {
      'entity.parse.failed': ['malformed-body', `The body is not JSON${positionIn(error.message)}.`],
      'entity.too.large': ['body-too-large', 'The body is larger than 1 MB.'],
      'encoding.unsupported': ['unsupported-media-type', 'The body has an encoding other than UTF-8.'],
      'charset.unsupported': ['unsupported-media-type', 'The body has a charset other than UTF-8.'],
    };
    const [code, detail] = known[error.type] ?? ['malformed-body', 'The body could not be read.'];
    return new DomainError(code, error.status, detail);
  }
  return undefined;
}

const positionIn = (message: string): string => {
  const [position] = /at position \d+/.exec(message) ?? [];
  return position ? `, ${position}` : '';
};

/** Writes every error as application/problem+json (RFC 9457). A 5xx tells nothing but the request id. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Problem');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<AppRequest>();
    const response = http.getResponse<Response>();
    const refusal = asRefusal(error);
    if (!refusal) {
      const thrown = error instanceof Error ? error : new Error('something that is no Error was thrown');
      // The logger adds the id of the request.
      this.logger.error({ error: thrown.name, stack: traceOf(thrown) });
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const status = refusal?.status ?? 500;
    const code = refusal?.code ?? 'internal-error';
    if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
    if (typeof refusal?.extra['retryAfter'] === 'number') {
      response.setHeader('Retry-After', String(refusal.extra['retryAfter']));
    }
    const language = sayLanguage(request, response);
    const inLanguage = (text: string): string =>
      language === 'zh' ? (refusalInChinese(text) ?? text) : text;
    const errors = refusal?.extra['errors'] as InputError[] | undefined;
    response
      .status(status)
      .type('application/problem+json')
      .send(
        JSON.stringify({
          ...refusal?.extra,
          ...(errors && {
            errors: errors.map((error) => ({ ...error, message: inLanguage(error.message) })),
          }),
          type: `/problems/${code}`,
          title: STATUS_CODES[status] ?? 'Error',
          status,
          detail: inLanguage(
            refusal?.message ?? 'Something went wrong here. Give this number to your administrator.',
          ),
          instance: request.id,
        }),
      );
  }
}
