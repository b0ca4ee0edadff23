import { ValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import { getMetadataStorage, type ValidationError } from 'class-validator';
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

const lower = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);

const idsOf = new WeakMap<object, ReadonlySet<string>>();

/** The fields of a class that hold ids. Its rules are searched once: class-validator looks through those of all. */
function idFields(type: object): ReadonlySet<string> {
  let ids = idsOf.get(type);
  if (!ids) {
    const rules = getMetadataStorage().getTargetValidationMetadatas(type as () => void, '', false, false);
    ids = new Set(rules.filter(({ name }) => name === 'isUuid').map(({ propertyName }) => propertyName));
    idsOf.set(type, ids);
  }
  return ids;
}

/** PostgreSQL does not mind capital letters in an id, but our code compares ids as text: they get one spelling. */
function lowerCaseIds(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  const ids = idFields(value.constructor);
  for (const [name, member] of Object.entries(value)) {
    if (!ids.has(name)) lowerCaseIds(member);
    else Object.assign(value, { [name]: Array.isArray(member) ? member.map(lower) : lower(member) });
  }
}

class InputPipe extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const input: unknown = await super.transform(value, metadata);
    if (metadata.type === 'body' || metadata.type === 'query') lowerCaseIds(input);
    return input;
  }
}

/** One DTO class a request; what it does not know is an error, not ignored. */
export const validationPipe = (): ValidationPipe =>
  new InputPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    stopAtFirstError: false,
    exceptionFactory: refusal,
  });
