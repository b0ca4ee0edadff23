import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import type { Actor } from '../access/actor.js';
import { CaseDatabase } from '../access/case-database.js';
import { WorkerDatabase } from '../database/worker-database.js';

const PIECE_BYTES = 1_000_000;
const DAY_MS = 86_400_000;

/**
 * The bytes of attachments, in the database in pieces, so that no file has to fit into memory. Each piece in a transaction of
 * whoever sends or reads it: none stays open for as long as their line takes.
 */
@Injectable()
export class AttachmentFiles {
  constructor(
    private readonly database: CaseDatabase,
    private readonly worker: WorkerDatabase,
  ) {}

  /** Keeps a file as it arrives. @returns its size and SHA-256 */
  async keep(
    actor: Actor,
    attachmentId: string,
    content: AsyncIterable<Buffer>,
  ): Promise<{ size: number; sha256: Buffer }> {
    const hash = createHash('sha256');
    let [size, n, length] = [0, 0, 0];
    let waiting: Buffer[] = [];
    const flush = async (): Promise<void> => {
      await this.database.as(actor, (manager) =>
        manager.query(
          'INSERT INTO app.deployment_file (attachment_id, n, bytes, uploaded_by) VALUES ($1, $2, $3, $4)',
          [attachmentId, n++, Buffer.concat(waiting), actor.userId],
        ),
      );
      [waiting, length] = [[], 0];
    };
    for await (const chunk of content) {
      hash.update(chunk);
      waiting.push(chunk);
      length += chunk.length;
      size += chunk.length;
      if (length >= PIECE_BYTES) await flush();
    }
    if (length > 0) await flush();
    return { size, sha256: hash.digest() };
  }

  async *content(actor: Actor, attachmentId: string): AsyncGenerator<Buffer> {
    for (let n = 0; ; n++) {
      const [piece] = await this.database.as(actor, (manager) =>
        manager.query<{ bytes: Buffer }[]>(
          'SELECT bytes FROM app.deployment_file WHERE attachment_id = $1 AND n = $2',
          [attachmentId, n],
        ),
      );
      if (!piece) return;
      yield piece.bytes;
    }
  }

  async remove(actor: Actor, attachmentId: string): Promise<void> {
    await this.database.as(actor, (manager) =>
      manager.query('DELETE FROM app.deployment_file WHERE attachment_id = $1', [attachmentId]),
    );
  }

  /** Removes what arrived with an upload that never became an attachment, since the process was killed. */
  async removeStray(now: Date): Promise<void> {
    const hex = (now.getTime() - DAY_MS).toString(16).padStart(12, '0');
    await this.worker.query(
      `DELETE FROM app.deployment_file f WHERE f.attachment_id < $1
       AND NOT EXISTS (SELECT 1 FROM app.deployment_attachment a WHERE a.id = f.attachment_id)`,
      [`${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`],
    );
  }
}
