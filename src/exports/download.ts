import { Logger, StreamableFile } from '@nestjs/common';
import { Readable } from 'node:stream';
import { DomainError } from '../common/errors.js';

/** A file on its way to somebody. */
export interface Download {
  readonly name: string;
  readonly type: string;
  readonly length?: number;
  readonly content: AsyncIterable<Buffer | string> | Iterable<string>;
}

const logger = new Logger('Download');

/** The answer that streams a file, and stops reading it when the client is gone. */
export function asFile({ name, type, length, content }: Download): StreamableFile {
  const stream = Readable.from(content, { objectMode: false });
  return new StreamableFile(stream, {
    type,
    disposition: `attachment; filename="${name}"`,
    ...(length === undefined ? {} : { length }),
  }).setErrorLogger(({ name: error, stack }) => {
    // The message may quote what was exported.
    logger.error({ error, stack: stack?.split('\n').slice(1).join('\n') });
  });
}

/** Waits for the event that says what is about to leave. @throws 503 when it cannot be written: then nothing leaves */
export async function recordedFirst<T>(event: Promise<T>): Promise<T> {
  try {
    return await event;
  } catch (error) {
    if (error instanceof DomainError) throw error;
    const { name, stack } = error instanceof Error ? error : new Error();
    logger.error({ error: name, stack: stack?.split('\n').slice(1).join('\n') });
    throw new DomainError(
      'trail-unavailable',
      503,
      'The trail cannot be written at the moment, so nothing may leave. Try again later.',
    );
  }
}
