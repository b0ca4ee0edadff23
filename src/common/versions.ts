import { DomainError } from './errors.js';

/**
 * Refuses with 412 when the row has changed since the caller read it (RFC 9110, 13.1.1). TypeORM's own version column
 * does not protect: a stale save writes the old version back.
 */
export function checkVersion(row: { readonly version: number }, expected: number): void {
  if (row.version !== expected) {
    throw new DomainError('stale', 412, 'It has changed since you read it. Read it again, then decide.', {
      currentVersion: row.version,
    });
  }
}
