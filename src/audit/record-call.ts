import { byteaArray } from '../database/binary-arrays.js';
import type { NewValues, WrappedKey } from './key-ring.js';
import type { SealedEvent } from './writer.js';

/** Appends events. Answers with a receipt for each, in their order: its stream, its number there, and its leaf. */
export const RECORD = 'SELECT audit.record($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) AS receipts';
export const RECORD_PARAMETERS = 12;

/**
 * The parameters of `RECORD`.
 * @param events sorted by stream, so that two transactions lock their streams in the same order
 * @param values what the events disclose
 * @param keys of subjects that had none
 */
export const recordParameters = (
  writer: string,
  events: readonly SealedEvent[],
  values: readonly NewValues[],
  keys: readonly WrappedKey[],
): unknown[] => [
  events.map(({ stream }) => stream),
  events.map(({ event }) => event),
  byteaArray(events.map(({ body }) => body)),
  writer,
  byteaArray(events.map(({ signature }) => signature)),
  values.map(({ event }) => event),
  values.map(({ n }) => n),
  values.map(({ subject }) => subject),
  byteaArray(values.map(({ digests }) => digests)),
  byteaArray(values.map(({ content }) => content)),
  keys.map(({ subject }) => subject),
  byteaArray(keys.map(({ wrapped }) => wrapped)),
];
