import { isUtf8 } from 'node:buffer';
import { json, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { DomainError, invalidInput } from '../common/errors.js';
import { unstorable } from '../common/text.js';

const MAX_BODY = '1mb';
const MAX_DEPTH = 20;
/** Names of no field; class-transformer would drop most of them silently. */
const isForbiddenKey = (key: string): boolean => key === 'prototype' || key in Object.prototype;

/** Reads JSON bodies of at most 1 MB, and only bytes that are UTF-8: the parser would replace others silently. */
export const jsonBody = (): RequestHandler =>
  json({
    limit: MAX_BODY,
    strict: true,
    verify: (_request, _response, bytes) => {
      if (!isUtf8(bytes)) {
        throw new DomainError('malformed-body', 400, 'The body is not UTF-8. Send JSON encoded as UTF-8.');
      }
    },
  });

/** Refuses bodies of another kind, and texts that no store of ours can keep, with a pointer to each. */
export function guardInput(request: Request, _response: Response, next: NextFunction): void {
  const hasBody =
    Number(request.get('content-length') ?? 0) > 0 || request.get('transfer-encoding') !== undefined;
  if (hasBody && !request.is(['application/json', 'multipart/form-data'])) {
    throw new DomainError('unsupported-media-type', 415, 'Send the body as application/json.');
  }
  const errors = [...walk(request.body, '', 0), ...walk(request.query, '', 0)];
  if (errors.length > 0) throw invalidInput(errors);
  next();
}

function* walk(
  value: unknown,
  pointer: string,
  depth: number,
): Generator<{ pointer: string; message: string }> {
  if (typeof value === 'string') {
    const wrong = unstorable(value);
    if (wrong) yield { pointer, message: `holds ${wrong}` };
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (depth >= MAX_DEPTH) {
    yield { pointer, message: `is nested deeper than ${MAX_DEPTH}` };
    return;
  }
  for (const [key, member] of Object.entries(value)) {
    const at = `${pointer}/${key.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (isForbiddenKey(key) || unstorable(key)) yield { pointer: at, message: 'is not a name of a field' };
    else yield* walk(member, at, depth + 1);
  }
}
