import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { Logger, type Params } from 'nestjs-pino';
import { destination } from 'pino';
import { traceOf } from '../common/errors.js';
import type { AppRequest } from './current-actor.js';

const REQUEST_ID = /^[A-Za-z0-9._-]{8,100}$/;

/**
 * Where anybody reports. Nothing of them is kept that could be compared with the logs of a network: no address and no
 * agent in any line or table, and no name of the request that a proxy gave.
 */
const SOURCE_CHANNEL = /^\/api\/v1\/public\//i;

/** Names the request before anything can refuse it: the id stands in its answer and in each of its log lines. */
export function identify(request: Request, response: Response, next: NextFunction): void {
  const sent = SOURCE_CHANNEL.test(request.path) ? undefined : request.get('x-request-id');
  const id = sent !== undefined && REQUEST_ID.test(sent) ? sent : randomUUID();
  (request as AppRequest).id = id;
  response.setHeader('X-Request-Id', id);
  next();
}

/** Routes outside the API's prefix pass the logger twice, once for the prefix and once as its exception. */
function secondTime(): (request: IncomingMessage) => boolean {
  const seen = new WeakSet<IncomingMessage>();
  return (request) => seen.has(request) || !seen.add(request);
}

/**
 * JSON lines on standard error: request id, user id, method, path and status. Never a body, a header, a query, a name
 * or a token. Standard output is for what a person reads.
 */
export const loggerOptions = (config: { logLevel: string }): Params => ({
  pinoHttp: [
    {
      level: config.logLevel,
      quietReqLogger: true,
      autoLogging: { ignore: secondTime() },
      customProps: (request: IncomingMessage) => ({ userId: (request as AppRequest).user?.userId }),
      customAttributeKeys: { reqId: 'requestId' },
      customLogLevel: (_request: IncomingMessage, response: ServerResponse, error?: Error) =>
        error || response.statusCode >= 500 ? 'error' : 'info',
      serializers: {
        req: (request: { method: string; url: string }) => ({
          method: request.method,
          path: request.url.split('?')[0],
        }),
        res: (response: { statusCode: number }) => ({ status: response.statusCode }),
        // The logger describes an error before it hands it over, and calls its name a type.
        err: (error: Error & { type: string }) => ({ type: error.type, stack: traceOf(error) }),
      },
    },
    destination({ fd: 2, sync: false }),
  ],
});

const chatter = new Set([
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestFactory',
  'NestApplication',
]);

/** The log without the two lines that the framework writes for each module and route at start. */
@Injectable()
export class QuietLogger extends Logger {
  override log(message: unknown, ...rest: unknown[]): void {
    if (!chatter.has(String(rest.at(-1)))) super.log(message, ...rest);
  }
}
