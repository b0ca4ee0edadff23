/** One wrong place in the input: an RFC 6901 pointer into the body (or the name of a parameter) and what to do. */
export interface InputError {
  pointer: string;
  message: string;
}

/**
 * A refusal that the caller can understand and act on. The problem filter writes it as
 * `application/problem+json` (RFC 9457) with `type: /problems/<code>`; `extra` becomes further members.
 */
export class DomainError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
    readonly extra: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

/** 400 with a pointer to each wrong field. */
export const invalidInput = (errors: readonly InputError[]): DomainError =>
  new DomainError('invalid-input', 400, 'The request has fields that cannot be accepted.', { errors });

/** 404, the same for a row that does not exist and for one that the caller may not see. */
export const notFound = (what: string): DomainError =>
  new DomainError('not-found', 404, `There is no such ${what}, or you may not see it.`);

/** 403: the caller sees the row but may not do this to it. */
export const forbidden = (detail: string, extra: Record<string, unknown> = {}): DomainError =>
  new DomainError('forbidden', 403, detail, extra);

/** 409: the present state forbids it. */
export const conflict = (code: string, detail: string, extra: Record<string, unknown> = {}): DomainError =>
  new DomainError(code, 409, detail, extra);

/** Where an error happened, without its message: that may quote a row, on several lines. */
export const traceOf = ({ message, stack = '' }: Error): string =>
  stack
    .replace(message, '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
