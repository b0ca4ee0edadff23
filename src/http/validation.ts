import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { invalidInput, type DomainError, type InputError } from '../common/errors.js';

const escapePointer = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1');

/** The failures of class-validator as RFC 6901 pointers, nested ones included. */
export function inputErrors(errors: readonly ValidationError[], base = ''): InputError[] {
  return errors.flatMap((error) => {
    const pointer = `${base}/${escapePointer(error.property)}`;
    const own = Object.values(error.constraints ?? {}).map((message) => ({ pointer, message }));
    return [...own, ...inputErrors(error.children ?? [], pointer)];
  });
}

const refusal = (errors: ValidationError[]): DomainError => invalidInput(inputErrors(errors));

/** One DTO class a request; what it does not know is an error, not ignored. */
export const validationPipe = (): ValidationPipe =>
  new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    stopAtFirstError: false,
    exceptionFactory: refusal,
  });
