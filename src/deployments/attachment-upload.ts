import {
  createParamDecorator,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { Response } from 'express';
import { catchError, from, switchMap, type Observable } from 'rxjs';
import type { Actor } from '../access/actor.js';
import { Clock } from '../common/clock.js';
import { invalidInput } from '../common/errors.js';
import { isId, newId } from '../common/ids.js';
import type { AppRequest } from '../http/current-actor.js';
import { checkFileName, counted, takeParts, wrongPart, type FilePart } from '../http/multipart.js';
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
        await this.files.remove(request.user!, id);
        throw error;
      }),
    );
  }

  private async receive(request: UploadRequest, response: Response, id: string): Promise<ReceivedFile> {
    const deployment = request.params['id'];
    if (!isId(deployment)) throw invalidInput([{ pointer: 'id', message: 'id must be a UUID' }]);
    await this.deployments.readable(request.user!, deployment.toLowerCase());
    await this.files.removeStray(this.clock.now());
    let received: ReceivedFile | undefined;
    await takeParts(request, response, { files: 1, fields: 0 }, async (part) => {
      received = await this.keep(request.user!, id, part);
    });
    if (!received) throw wrongPart('file', 'is missing; send the file in a part of this name');
    return received;
  }

  private async keep(actor: Actor, id: string, part: FilePart): Promise<ReceivedFile> {
    if (part.fieldname !== 'file') throw wrongPart(part.fieldname, 'is no part of an attachment; send file');
    checkFileName(part);
    const refusal = `An attachment has at most ${MAX_BYTES / 1024 ** 2} MB.`;
    const kept = await this.files.keep(actor, id, counted(part.stream, { bytes: MAX_BYTES, refusal }));
    if (kept.size === 0) throw wrongPart('file', 'is empty');
    return { id, name: part.originalname, mediaType: mediaTypeOf(part.mimetype), ...kept };
  }
}

const mediaTypeOf = (claimed: string): string =>
  /^[a-z]+\/[a-z0-9.+-]{1,80}$/.test(claimed) ? claimed : 'application/octet-stream';
