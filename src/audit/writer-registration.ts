import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { SYSTEM_STREAM, SYSTEM_USER } from './streams.js';
import { UnitOfWork } from './unit-of-work.js';
import { Writer } from './writer.js';

/** The system itself, as who starts and stops processes. */
export const systemActor: Actor = {
  userId: SYSTEM_USER,
  username: 'plumbline',
  sessionId: null,
  steppedUpAt: null,
  officerId: null,
  grants: [],
};

/** Says in the trail with which key this process signs, before it writes anything else. */
@Injectable()
export class WriterRegistration implements OnApplicationBootstrap {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly writer: Writer,
  ) {}

  onApplicationBootstrap(): Promise<void> {
    const { id, publicKey } = this.writer;
    return this.unitOfWork.run(systemActor, (tx) => {
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
