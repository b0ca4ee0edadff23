import {
  createParamDecorator,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import multer, { MulterError, type StorageEngine } from 'multer';
import { Transform } from 'node:stream';
import { catchError, from, switchMap, type Observable } from 'rxjs';
import { Clock } from '../common/clock.js';
import { DomainError, invalidInput } from '../common/errors.js';
import { isId, newId } from '../common/ids.js';
import { unstorable } from '../common/text.js';
import type { AppRequest } from '../http/current-actor.js';
import { AttachmentFiles } from './attachment-files.js';
import { DeploymentsService } from './deployments.service.js';

/** A file that arrived: its bytes are in the database already. */
export interface ReceivedFile {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
  readonly sha256: Buffer;
}

const MAX_BYTES = 50 * 1024 * 1024;

type UploadRequest = AppRequest & { received?: ReceivedFile };

export const Received = createParamDecorator((_: unknown, context: ExecutionContext): ReceivedFile => {
  const { received } = context.switchToHttp().getRequest<UploadRequest>();
  if (!received) throw new Error('The route has no ReceiveAttachment');
  return received;
});

/** Takes the one part `file` of a multipart request as it arrives. Nobody who may not see the request gets so far. */
@Injectable()
export class ReceiveAttachment implements NestInterceptor {
  constructor(
    private readonly files: AttachmentFiles,
    private readonly deployments: DeploymentsService,
    private readonly clock: Clock,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<UploadRequest>();
    const id = newId();
    return from(this.receive(request, http.getResponse<Response>(), id)).pipe(
      switchMap((received) => {
        request.received = received;
        return next.handle();
      }),
      catchError(async (error: unknown) => {
        await this.files.remove(id);
        throw error;
      }),
    );
  }

  private async receive(request: UploadRequest, response: Response, id: string): Promise<ReceivedFile> {
    const deployment = request.params['id'];
    if (!isId(deployment)) throw invalidInput([{ pointer: 'id', message: 'id must be a UUID' }]);
    await this.deployments.readable(request.user!, deployment.toLowerCase());
    if (!request.is('multipart/form-data')) {
      throw new DomainError('unsupported-media-type', 415, 'Send the file as multipart/form-data.');
    }
    await this.files.removeStray(this.clock.now());
    const storage = new AttachmentStorage(this.files, id);
    const take = multer({ storage, limits: { files: 1, fields: 0 }, defParamCharset: 'utf8' }).any();
    await new Promise<void>((resolve, reject) => {
      void take(request, response, (error: unknown) =>
        error instanceof Error ? reject(refusalOf(error)) : resolve(),
      );
    });
    if (!storage.received) throw wrongPart('file', 'is missing; send the file in a part of this name');
    return storage.received;
  }
}

/** Where multer puts the part. */
class AttachmentStorage implements StorageEngine {
  received: ReceivedFile | undefined;

  constructor(
    private readonly files: AttachmentFiles,
    private readonly id: string,
  ) {}

  _handleFile(_request: Request, file: Express.Multer.File, done: (error?: unknown) => void): void {
    this.keep(file).then(() => done(), done);
  }

  _removeFile(_request: Request, _file: Express.Multer.File, done: (error: Error | null) => void): void {
    done(null);
  }

  private async keep({ fieldname, originalname, mimetype, stream }: Express.Multer.File): Promise<void> {
    if (fieldname !== 'file') throw wrongPart(fieldname, 'is no part of an attachment; send file');
    const badName = originalname === '' || originalname.length > 200 || /[/\\\p{Cc}]/u.test(originalname);
    if (badName || unstorable(originalname)) {
      throw wrongPart('file', 'needs a file name of at most 200 characters, without a folder');
    }
    const kept = await this.files.keep(this.id, counted(stream));
    if (kept.size === 0) throw wrongPart('file', 'is empty');
    this.received = { id: this.id, name: originalname, mediaType: mediaTypeOf(mimetype), ...kept };
  }
}

const mediaTypeOf = (claimed: string): string =>
  /^[a-z]+\/[a-z0-9.+-]{1,80}$/.test(claimed) ? claimed : 'application/octet-stream';

/** Ends the upload as soon as there is no room left. */
function counted(stream: NodeJS.ReadableStream): Transform {
  let room = MAX_BYTES;
  const counter = new Transform({
    transform: (chunk: Buffer, _encoding, next) => {
      room -= chunk.length;
      if (room < 0)
        next(
          new DomainError('upload-too-large', 413, `An attachment has at most ${MAX_BYTES / 1024 ** 2} MB.`),
        );
      else next(null, chunk);
    },
  });
  stream.on('error', (error: Error) => counter.destroy(error));
  return stream.pipe(counter);
}

const wrongPart = (name: string, message: string): DomainError =>
  invalidInput([{ pointer: `/${name.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`, message }]);

/** What multer and the parser behind it complain about, as a refusal. */
function refusalOf(error: Error): Error {
  if (error instanceof DomainError) return error;
  if (error instanceof MulterError) return wrongPart(error.field ?? 'file', `is too much (${error.message})`);
  // The parser's own complaints about a form that is cut off or malformed have no class.
  return /form|boundary|multipart|header/i.test(error.message)
    ? new DomainError('malformed-body', 400, 'The form could not be read to its end. Send it again.')
    : error;
}
