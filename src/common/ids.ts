import { v7 } from 'uuid';

/** A new UUIDv7 (RFC 9562): rises with time, so that keyset pages and B-trees stay in order. */
export const newId = (): string => v7();

/**
 * As newId, but its time is that of the instant given: where the moment itself must not be known, the beginning of a
 * day.
 */
export const newIdAt = (instant: Date): string => v7({ msecs: instant.getTime() });

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

export const isId = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);
