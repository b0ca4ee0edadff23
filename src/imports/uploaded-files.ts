import { Injectable } from '@nestjs/common';
import type { SourceFile } from './decoding.js';
import { WorkerDatabase } from '../database/worker-database.js';

/** How many bytes a piece has: enough for few statements, and little enough to be held in memory. */
const PIECE_BYTES = 1_000_000;
const DAY_MS = 86_400_000;

/** The files of an import by upload, in the database until the job has read them, wherever that runs. */
@Injectable()
export class UploadedFiles {
  constructor(private readonly worker: WorkerDatabase) {}

  /** Keeps a file as it arrives. @returns its size */
  async keep(importId: string, name: string, content: AsyncIterable<Buffer>): Promise<number> {
    let [size, n] = [0, 0];
    let waiting: Buffer[] = [];
    let length = 0;
    const flush = async (): Promise<void> => {
      await this.worker.query(
        'INSERT INTO app.import_file (import_id, name, n, bytes) VALUES ($1, $2, $3, $4)',
        [importId, name, n++, Buffer.concat(waiting)],
      );
      [waiting, length] = [[], 0];
    };
    for await (const chunk of content) {
      waiting.push(chunk);
      length += chunk.length;
      size += chunk.length;
      if (length >= PIECE_BYTES) await flush();
    }
    if (length > 0 || n === 0) await flush();
    return size;
  }

  async of(importId: string): Promise<SourceFile[]> {
    const rows = await this.worker.query<{ name: string; size: string }[]>(
      'SELECT name, sum(octet_length(bytes)) AS size FROM app.import_file WHERE import_id = $1 GROUP BY name ORDER BY name',
      [importId],
    );
    return rows.map(({ name, size }) => ({
      name,
      size: Number(size),
      open: () => this.pieces(importId, name),
    }));
  }

  private async *pieces(importId: string, name: string): AsyncGenerator<Buffer> {
    for (let n = 0; ; n++) {
      const [piece] = await this.worker.query<{ bytes: Buffer }[]>(
        'SELECT bytes FROM app.import_file WHERE import_id = $1 AND name = $2 AND n = $3',
        [importId, name, n],
      );
      if (!piece) return;
      yield piece.bytes;
    }
  }

  async remove(importId: string): Promise<void> {
    await this.worker.query('DELETE FROM app.import_file WHERE import_id = $1', [importId]);
  }

  /** Removes what arrived with an upload that never became an import, since the process was killed. */
  async removeStray(now: Date): Promise<void> {
    const hex = (now.getTime() - DAY_MS).toString(16).padStart(12, '0');
    await this.worker.query(
      `DELETE FROM app.import_file f WHERE f.import_id < $1
       AND NOT EXISTS (SELECT 1 FROM app.import_run r WHERE r.id = f.import_id AND r.finished_at IS NULL)`,
      [`${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`],
    );
  }
}
