import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { SYSTEM_STREAM, SYSTEM_USER } from './streams.js';
import { UnitOfWork } from './unit-of-work.js';
import { Writer } from './writer.js';

/** The system itself, as who starts and stops processes. */
export const systemActor: Actor = {
  userId: SYSTEM_USER,
  username: 'plumbline',
  sessionId: null,
  officerId: null,
  grants: [],
};

/** Says in the trail with which key this process signs, before it writes anything else, and when it ends. */
@Injectable()
export class WriterRegistration implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly writer: Writer,
  ) {}

  onApplicationBootstrap(): Promise<void> {
    return this.say('writer.added', { writer: this.writer.id, publicKey: this.writer.publicKey });
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.say('writer.ended', { writer: this.writer.id });
  }

  private say(type: 'writer.added' | 'writer.ended', values: Record<string, string>): Promise<void> {
    return this.unitOfWork.run(systemActor, (tx) => {
      tx.record({ type, stream: SYSTEM_STREAM, target: { kind: 'writer', id: this.writer.id }, values });
      return Promise.resolve();
    });
  }
}
