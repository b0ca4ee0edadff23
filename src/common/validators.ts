import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  IsArray,
  IsObject,
  registerDecorator,
  ValidateIf,
  ValidateNested,
  type ValidationOptions,
} from 'class-validator';

const INSTANT =
  /^(\d{4}-\d{2}-\d{2})[Tt]([01]\d|2[0-3]):[0-5]\d:([0-5]\d)(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** True for a day of the Gregorian calendar written `YYYY-MM-DD`, between 1900 and 2199. */
export function isLegalDate(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const [, year, month, day] = DATE.exec(value)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  if (year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1) return false;
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** True for an instant of RFC 3339 with seconds and an offset, on a day that exists. */
export function isInstant(value: unknown): value is string {
  return typeof value === 'string' && isLegalDate(INSTANT.exec(value)?.[1]);
}

/** Which properties of a class hold days and which instants: the description of the interface says so. */
const formats = new Map<object, Map<string, 'date' | 'date-time'>>();

/** The days and instants among the properties of a class, its own and the inherited ones. */
export function formatsOf(type: new () => object): Map<string, 'date' | 'date-time'> {
  const found = new Map<string, 'date' | 'date-time'>();
  for (let at = type as object | null; at; at = Object.getPrototypeOf(at) as object | null) {
    for (const [name, format] of formats.get(at) ?? []) found.set(name, format);
  }
  return found;
}

/** Every class with a day or an instant of its own. */
export const datedClasses = (): (new () => object)[] => [...formats.keys()] as (new () => object)[];

const decorator =
  (name: string, validate: (value: unknown) => boolean, message: string, format?: 'date' | 'date-time') =>
  (options?: ValidationOptions): PropertyDecorator =>
  (target, propertyName) => {
    if (format) {
      const own = formats.get(target.constructor) ?? new Map<string, 'date' | 'date-time'>();
      formats.set(target.constructor, own.set(propertyName as string, format));
    }
    registerDecorator({
      name,
      target: target.constructor,
      propertyName: propertyName as string,
      ...(options ? { options } : {}),
      validator: { validate, defaultMessage: (args) => `${args?.property ?? 'it'} ${message}` },
    });
  };

/** A date of law: a day without a time, `YYYY-MM-DD`. */
export const IsLegalDate = decorator(
  'isLegalDate',
  isLegalDate,
  'must be an existing day between 1900 and 2199, written YYYY-MM-DD',
  'date',
);

/** An instant of RFC 3339 with its offset, such as `2026-03-02T09:15:00+08:00`. */
export const IsInstant = decorator(
  'isInstant',
  isInstant,
  'must be an existing instant with seconds and offset, written like 2026-03-02T09:15:00+08:00',
  'date-time',
);

/** Compares two instants or two days; a value that is neither, or one of each, is left to its own decorator. */
function isBefore(value: unknown, other: unknown): boolean {
  if (isLegalDate(value) && isLegalDate(other)) return value < other;
  if (!isInstant(value) || !isInstant(other)) return false;
  return Date.parse(value.toUpperCase()) < Date.parse(other.toUpperCase());
}

/** The end of a span: not before `start`, which names the field of the same object that holds its beginning. */
export const NotBefore =
  <K extends string>(start: K, options?: ValidationOptions) =>
  (target: { [P in K]?: unknown }, propertyName: string): void =>
    registerDecorator({
      name: 'notBefore',
      target: target.constructor,
      propertyName,
      constraints: [start],
      ...(options ? { options } : {}),
      validator: {
        validate: (value, args) => !isBefore(value, (args?.object as Record<string, unknown>)[start]),
        defaultMessage: (args) => `${args?.property ?? 'it'} must not be before ${start}`,
      },
    });

/** A text that says something: not only blanks, which MinLength would count. */
export const NotBlank = decorator(
  'notBlank',
  (value) => typeof value !== 'string' || value.trim() !== '',
  'must not be blank',
);

/** May be left out, but not be null. */
export const IfSent = (): PropertyDecorator => ValidateIf((_dto, value) => value !== undefined);

const together =
  (...decorators: readonly PropertyDecorator[]): PropertyDecorator =>
  (target, propertyName) =>
    decorators.forEach((decorate) => decorate(target, propertyName));

/** One object of that class. ValidateNested alone would also take a list of them. */
export const Nested = (type: () => new () => object): PropertyDecorator =>
  together(ValidateNested(), Type(type), IsObject());

/** A list of objects of that class. ValidateNested alone would also take one object, or lists in the list. */
export const NestedList = (type: () => new () => object): PropertyDecorator =>
  together(ValidateNested({ each: true }), Type(type), IsObject({ each: true }), IsArray());
