import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { withAuthority } from '../access/authority.js';
import { checkMasterKey, checkVaultKey, KeyRing, VAULT_KEY } from './key-ring.js';
import { SYSTEM_STREAM, SYSTEM_USER } from './streams.js';
import { UnitOfWork } from './unit-of-work.js';
import { Writer } from './writer.js';

/** The system itself, as who starts and stops processes; on the command line in an office. */
export const systemWith = (grants: Actor['grants']): Actor =>
  withAuthority(
    {
      userId: SYSTEM_USER,
      username: 'plumbline',
      sessionId: null,
      steppedUpAt: null,
      steppedUpWith: null,
      officerId: null,
      grants,
      conflicts: [],
      brokenGlass: [],
    },
    'SYSTEM',
  );

export const systemActor = systemWith([]);

/** Says in the trail with which key this process signs, before it writes anything else. */
@Injectable()
export class WriterRegistration implements OnApplicationBootstrap {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly writer: Writer,
    private readonly keyRing: KeyRing,
    @Inject(VAULT_KEY) private readonly vault: Buffer,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const users = await this.dataSource.query<{ id: string }[]>(
      'SELECT id FROM app.user_account ORDER BY id LIMIT 20',
    );
    const streams = [SYSTEM_STREAM, ...users.map((user) => user.id)];
    await checkMasterKey(
      this.dataSource,
      this.keyRing,
      streams.map((stream) => `stream:${stream}` as const),
    );
    await checkVaultKey(this.dataSource, this.vault);
    const { id, publicKey } = this.writer;
    await this.unitOfWork.run(systemActor, (tx) => {
      tx.record({
        type: 'writer.added',
        stream: SYSTEM_STREAM,
        target: { kind: 'writer', id },
        data: { writer: id, key: publicKey },
      });
      return Promise.resolve();
    });
  }
}
