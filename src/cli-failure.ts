import { CommanderError } from 'commander';
import { DomainError, type InputError } from './common/errors.js';
import { fileTrouble } from './common/file-trouble.js';
import { ConfigError } from './config.js';

/** What was asked for was not done, or the answer is no. */
export const NO = 1;
export const WRONG_USE = 2;
/** As the verifier of bundles says it. */
export const UNREADABLE = 3;

/** A use that cannot work; the message says what to do. */
export class UsageError extends Error {}

/** Tells on standard error why a command was not done. @returns the exit code */
export function explain(error: unknown): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? 0 : failure(WRONG_USE);
  }
  if (error instanceof UsageError || error instanceof ConfigError) {
    process.stderr.write(`${error.message}\n`);
    return failure(WRONG_USE);
  }
  const file = fileTrouble(error);
  if (file !== undefined) {
    process.stderr.write(`${file}\n`);
    return failure(NO);
  }
  const { message, stack } = error as Error;
  const known =
    error instanceof DomainError ||
    !stack ||
    /^(AlreadyRunning|UnsafeDatabase|UnreachableDatabase)/.test((error as Error).constructor.name);
  process.stderr.write(`${known ? message : stack}\n`);
  if (error instanceof DomainError) {
    const errors = (error.extra['errors'] ?? []) as InputError[];
    errors.forEach(({ pointer, message: why }) => process.stderr.write(`  ${pointer}: ${why}\n`));
    if (error.status === 400) return failure(WRONG_USE);
  }
  return failure(NO);
}

/** Of a bundle 1 and 2 are answers: whatever kept it from being verified says neither. */
function failure(code: number): number {
  return process.argv[2] === 'verify-bundle' ? UNREADABLE : code;
}
