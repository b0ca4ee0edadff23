import type { InputError } from '../common/errors.js';

/** A clock of a sender may run ahead by so much. */
const TOLERANCE_MS = 5 * 60_000;

/** Which of these fields say that something happened which lies ahead. @param pointer where they stand in the body */
export const futureIn = <Field extends string>(
  body: { readonly [F in Field]?: string | null },
  fields: readonly Field[],
  now: Date,
  pointer = '',
): InputError[] =>
  fields
    .filter((field) => Date.parse(body[field] ?? '') > now.getTime() + TOLERANCE_MS)
    .map((field) => ({ pointer: `${pointer}/${field}`, message: 'lies in the future' }));

/** When an act is said to have happened. */
export const occurrence = ['occurredFrom', 'occurredTo'] as const;
