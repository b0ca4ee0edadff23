import { Injectable, StreamableFile } from '@nestjs/common';
import { Readable } from 'node:stream';
import type { Actor } from '../access/actor.js';
import { CaseDatabase } from '../access/case-database.js';
import { UnitOfWork } from '../audit/unit-of-work.js';
import { conflict, notFound } from '../common/errors.js';
import { rowsOf } from '../database/insert-rows.js';
import { AttachmentFiles } from './attachment-files.js';
import type { ReceivedFile } from './attachment-upload.js';
import { DeploymentAttachment } from './deployment-records.entity.js';
import { editable } from './deployment.states.js';
import { DeploymentsService } from './deployments.service.js';
import { AttachmentView } from './dto/deployment.view.js';

const MAX_ATTACHMENTS = 50;

/** Files with a request, each with its hash from the moment it arrived. */
@Injectable()
export class AttachmentsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly database: CaseDatabase,
    private readonly deployments: DeploymentsService,
    private readonly files: AttachmentFiles,
  ) {}

  attach(actor: Actor, deploymentId: string, file: ReceivedFile): Promise<AttachmentView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.deployments.lock(tx, deploymentId);
      tx.require('update', 'Deployment', row);
      // The paper to an oral order may come later than the request.
      if (!(editable as readonly string[]).includes(row.status) && !row.oralOrder) {
        throw conflict('request-stands', `A request that is ${row.status} takes no more files.`, {
          state: row.status,
        });
      }
      if ((await tx.manager.countBy(DeploymentAttachment, { deploymentId })) >= MAX_ATTACHMENTS) {
        throw conflict('too-many-attachments', `A request has at most ${MAX_ATTACHMENTS} files.`);
      }
      const attachment = Object.assign(new DeploymentAttachment(), {
        id: file.id,
        deploymentId,
        name: file.name,
        mediaType: file.mediaType,
        sizeBytes: String(file.size),
        sha256: file.sha256,
        uploadedBy: actor.userId,
        uploadedAt: tx.now,
      });
      await tx.insert(rowsOf(DeploymentAttachment, [attachment]));
      tx.record({
        type: 'deployment.attached',
        stream: deploymentId,
        target: { kind: 'attachment', id: attachment.id },
        values: { name: file.name, size: file.size },
        data: { sha256: file.sha256.toString('hex') },
      });
      return AttachmentView.of(attachment);
    });
  }

  /** The file as it arrived. @throws 404 unless the actor may see the whole request */
  async content(actor: Actor, deploymentId: string, id: string): Promise<StreamableFile> {
    const { attachments } = await this.deployments.get(actor, deploymentId);
    if (!attachments.some((one) => one.id === id)) throw notFound('attachment');
    const { name, sizeBytes } = await this.database.as(actor, (manager) =>
      manager.findOneByOrFail(DeploymentAttachment, { id }),
    );
    return new StreamableFile(Readable.from(this.files.content(actor, id), { objectMode: false }), {
      // Never what the sender called it: a browser must not run it.
      type: 'application/octet-stream',
      length: Number(sizeBytes),
      disposition: `attachment; filename*=UTF-8''${encodeURIComponent(name).replaceAll("'", '%27')}`,
    });
  }
}
