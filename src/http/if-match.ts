import { createParamDecorator, type ExecutionContext, type ParamDecoratorEnhancer } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { Request } from 'express';
import { DomainError, invalidInput } from '../common/errors.js';

/** The version in an If-Match header. Absent: 428 (RFC 6585, 3), since a blind change could undo another's. */
export function versionIn(header: string | undefined): number {
  if (header === undefined) {
    throw new DomainError(
      'precondition-required',
      428,
      'Send the version that you read, as the header If-Match: "<version>".',
    );
  }
  const [, version] = /^"(\d{1,9})"$/.exec(header.trim()) ?? [];
  if (version === undefined) {
    throw invalidInput([
      { pointer: 'If-Match', message: 'If-Match must be one version in quotes, such as "3"' },
    ]);
  }
  return Number(version);
}

const documented: ParamDecoratorEnhancer = (target, method) => {
  const descriptor = Object.getOwnPropertyDescriptor(target, method!)!;
  ApiHeader({
    name: 'If-Match',
    required: true,
    description: 'The version that you read, in quotes.',
    example: '"3"',
  })(target, method!, descriptor as TypedPropertyDescriptor<unknown>);
};

/** The version of the row that the caller means to change. */
export const IfMatch = createParamDecorator(
  (_: unknown, context: ExecutionContext): number =>
    versionIn(context.switchToHttp().getRequest<Request>().get('if-match')),
  [documented],
);
