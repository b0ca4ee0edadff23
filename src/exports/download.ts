import { Logger, StreamableFile } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import { traceOf } from '../common/errors.js';

/** A file on its way to somebody. */
export interface Download {
  readonly name: string;
  readonly type: string;
  readonly length?: number;
  readonly content: AsyncIterable<Buffer | string> | Iterable<Buffer | string>;
}

const logger = new Logger('Download');

/** For the documentation: an answer that is a file of one of these types. */
export const AnswersFile = (...types: readonly string[]): MethodDecorator =>
  ApiOkResponse({
    description: 'The file',
    content: Object.fromEntries(
      types.map((type) => [type, { schema: { type: 'string', format: 'binary' } }]),
    ),
  });

/** The answer that streams a file, and stops reading it when the client is gone. */
export function asFile({ name, type, length, content }: Download): StreamableFile {
  const stream = Readable.from(content, { objectMode: false });
  return new StreamableFile(stream, {
    type,
    disposition: `attachment; filename="${name}"`,
    ...(length === undefined ? {} : { length }),
  }).setErrorLogger((error) => logger.error({ error: error.name, stack: traceOf(error) }));
}
