import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { invalidInput } from './errors.js';
import { unstorable } from './text.js';

/** A query parameter that holds a number. What is no number stays as it is, for the validator to refuse. */
export const ToNumber = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value,
  );

/** A query parameter that holds `true` or `false`. */
export const ToBoolean = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value));

/** The parameters that every list takes. This file is none of a DTO, so the decorators say what the plugin would. */
export class ListQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 200,
    default: 50,
    description: 'How many items at the most.',
  })
  @IsOptional()
  @ToNumber()
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;

  @ApiPropertyOptional({
    type: 'string',
    maxLength: 400,
    description: 'Where the page before ended: `nextCursor` of its answer, unread.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(400)
  cursor?: string;

  @ApiPropertyOptional({
    type: 'boolean',
    description: '`true` adds `total`, the number of all items that match.',
  })
  @IsOptional()
  @ToBoolean()
  @IsBoolean()
  count?: boolean;
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  total?: number;
}

/** An opaque cursor that holds the sort key of the last item of a page. */
export const encodeCursor = (key: readonly string[]): string =>
  Buffer.from(JSON.stringify(key), 'utf8').toString('base64url');

/** The sort key in a cursor; refuses with 400 what `encodeCursor` did not make for a key of so many parts. */
export function decodeCursor(
  cursor: string | undefined,
  checks: readonly ((part: string) => boolean)[],
): string[] | undefined {
  if (cursor === undefined) return undefined;
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (
      Array.isArray(key) &&
      key.length === checks.length &&
      checks.every((check, i) => typeof key[i] === 'string' && !unstorable(key[i]) && check(key[i]))
    ) {
      return key as string[];
    }
  } catch {
    // falls through to the refusal
  }
  throw invalidInput([
    { pointer: 'cursor', message: 'cursor must be the nextCursor of the page before; leave it out to start' },
  ]);
}

/** Cuts rows that were read with `limit + 1` into a page. */
export function toPage<Row, T>(
  rows: readonly Row[],
  limit: number,
  key: (row: Row) => readonly string[],
  view: (row: Row) => T,
  total?: number,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(view),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(key(last)) : null,
    ...(total === undefined ? {} : { total }),
  };
}
