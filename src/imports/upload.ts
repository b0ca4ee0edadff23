import {
  createParamDecorator,
  Inject,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { Response } from 'express';
import { catchError, from, switchMap, type Observable } from 'rxjs';
import { abilityFor } from '../access/abilities.js';
import { Clock } from '../common/clock.js';
import { forbidden } from '../common/errors.js';
import { newId } from '../common/ids.js';
import type { AppRequest } from '../http/current-actor.js';
import { checkFileName, counted, takeParts, wrongPart, type FilePart, type Room } from '../http/multipart.js';
import { UploadedFiles } from './uploaded-files.js';

/** What arrived with a request: the files are in the database already. */
export interface Upload {
  /** The import that it will become. */
  readonly importId: string;
  readonly files: readonly string[];
  /** The mapping, when it was sent as a file. */
  readonly mapping: { readonly name: string; readonly text: string } | undefined;
}

/** The megabytes that the files of an upload may have together. */
export const UPLOAD_LIMIT = 'plumbline:upload-limit';

const MEGABYTE = 1024 * 1024;
const MAX_MAPPING = MEGABYTE;
const MAX_FILES = 20;

type UploadRequest = AppRequest & { upload?: Upload };

/** What arrived with the request. */
export const ReceivedUpload = createParamDecorator((_: unknown, context: ExecutionContext): Upload => {
  const { upload } = context.switchToHttp().getRequest<UploadRequest>();
  if (!upload) throw new Error('The route has no ReceiveUpload');
  return upload;
});

/**
 * Takes the parts of a multipart request as they arrive: a part named `mapping` into memory, parts named `files` into
 * the database, in pieces. Nobody who may not import gets so far.
 */
@Injectable()
export class ReceiveUpload implements NestInterceptor {
  constructor(
    private readonly stored: UploadedFiles,
    private readonly clock: Clock,
    @Inject(UPLOAD_LIMIT) private readonly limit: number,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<UploadRequest>();
    const importId = newId();
    const received = this.receive(request, http.getResponse<Response>(), importId);
    return from(received).pipe(
      switchMap((upload) => {
        request.upload = upload;
        return next.handle();
      }),
      catchError(async (error: unknown) => {
        // Nothing will read what was kept of it.
        await this.stored.remove(importId);
        throw error;
      }),
    );
  }

  private async receive(request: UploadRequest, response: Response, importId: string): Promise<Upload> {
    if (!request.user || abilityFor(request.user).cannot('create', 'Import')) {
      throw forbidden('Your roles do not allow you to import.');
    }
    await this.stored.removeStray(this.clock.now());
    const storage = new UploadStorage(this.stored, importId, this.limit);
    const limits = { files: MAX_FILES, fields: 10, fieldSize: 10_000 };
    await takeParts(request, response, limits, (part) => storage.keep(part));
    return { importId, files: storage.files, mapping: storage.mapping };
  }
}

/** Where the parts go. */
class UploadStorage {
  readonly files: string[] = [];
  /** For all files together. */
  private readonly room: Room;
  mapping: Upload['mapping'];
  /** Parts overlap: the next may begin before the one before has been read to its end. */
  private mappingBegun = false;

  constructor(
    private readonly stored: UploadedFiles,
    private readonly importId: string,
    limit: number,
  ) {
    this.room = {
      bytes: limit * MEGABYTE,
      refusal: `The files together are larger than ${limit} MB. Use the command line, which has no limit.`,
    };
  }

  async keep(part: FilePart): Promise<void> {
    const { fieldname, originalname, stream } = part;
    checkFileName(part);
    if (fieldname === 'mapping') {
      if (this.mappingBegun) throw wrongPart('mapping', 'was sent twice; send one mapping');
      this.mappingBegun = true;
      const room = { bytes: MAX_MAPPING, refusal: 'The mapping is larger than 1 MB.' };
      const bytes: Buffer[] = [];
      for await (const chunk of counted(stream, room)) bytes.push(chunk as Buffer);
      try {
        const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(bytes));
        this.mapping = { name: originalname, text };
      } catch {
        throw wrongPart('mapping', 'is not UTF-8; save the mapping as UTF-8');
      }
    } else if (fieldname === 'files') {
      if (this.files.includes(originalname))
        throw wrongPart('files', `the file ${originalname} was sent twice`);
      this.files.push(originalname);
      await this.stored.keep(this.importId, originalname, counted(stream, this.room));
    } else {
      throw wrongPart(fieldname, 'is no part of an import; send mapping and files');
    }
  }
}
