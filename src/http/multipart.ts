import type { Request, Response } from 'express';
import multer, { MulterError, type Options, type StorageEngine } from 'multer';
import { Transform } from 'node:stream';
import { DomainError, invalidInput } from '../common/errors.js';
import { unstorable } from '../common/text.js';

/** A part of a form that holds a file. */
export type FilePart = Express.Multer.File;

/**
 * Takes the parts of a multipart request as they arrive; none is kept in memory here.
 * @param keep what becomes of a part that holds a file
 * @throws 415 for another content type, 400 for a form that is cut off or malformed, and whatever `keep` throws
 */
export async function takeParts(
  request: Request,
  response: Response,
  limits: Options['limits'],
  keep: (part: FilePart) => Promise<void>,
): Promise<void> {
  if (!request.is('multipart/form-data')) {
    throw new DomainError('unsupported-media-type', 415, 'Send the files as multipart/form-data.');
  }
  const storage: StorageEngine = {
    _handleFile: (_, part, done) => void keep(part).then(() => done(), done),
    // Whoever keeps the parts removes all of them at once.
    _removeFile: (_, part, done) => done(null),
  };
  const take = multer({ storage, ...(limits ? { limits } : {}), defParamCharset: 'utf8' }).any();
  await new Promise<void>((resolve, reject) => {
    void take(request, response, (error: unknown) =>
      error instanceof Error ? reject(refusalOf(error)) : resolve(),
    );
  });
}

/** @throws 400 for a file name that is none, or that leads elsewhere */
export function checkFileName({ fieldname, originalname }: FilePart): void {
  const wrong = originalname === '' || originalname.length > 200 || /[/\\\p{Cc}]/u.test(originalname);
  if (wrong || unstorable(originalname)) {
    throw wrongPart(fieldname, 'needs a file name of at most 200 characters, without a folder');
  }
}

/** How much may still arrive, in bytes, and what is said of more. */
export interface Room {
  bytes: number;
  readonly refusal: string;
}

/** Ends the upload with 413 as soon as there is no room left, and not only when all of it is here. */
export function counted(stream: NodeJS.ReadableStream, room: Room): Transform {
  const counter = new Transform({
    transform: (chunk: Buffer, _encoding, next) => {
      room.bytes -= chunk.length;
      if (room.bytes < 0) next(new DomainError('upload-too-large', 413, room.refusal));
      else next(null, chunk);
    },
  });
  stream.on('error', (error: Error) => counter.destroy(error));
  return stream.pipe(counter);
}

export const wrongPart = (name: string, message: string): DomainError =>
  invalidInput([{ pointer: `/${name.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`, message }]);

/** What multer and the parser behind it complain about, as a refusal. */
function refusalOf(error: Error): Error {
  if (error instanceof DomainError) return error;
  if (error instanceof MulterError) {
    return wrongPart(error.field ?? '', `is too much or too large (${error.message})`);
  }
  // The parser's own complaints about a form that is cut off or malformed have no class.
  return /form|boundary|multipart|header/i.test(error.message)
    ? new DomainError('malformed-body', 400, 'The form could not be read to its end. Send it again.')
    : error;
}
