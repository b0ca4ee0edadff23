import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, QueryFailedError } from 'typeorm';
import { abilityFor, type Ability } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { authorize } from '../access/authorize.js';
import type { Actions, Shapes, SubjectName } from '../access/shapes.js';
import { Clock } from '../common/clock.js';
import { conflict } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { sha256 } from './envelope.js';
import { disclose } from './disclosures.js';
import type { AuditEvent } from './events.js';
import { Writer, type SealedEvent } from './writer.js';

/** One open database transaction, done by one actor. Only UnitOfWork makes these. */
export interface Transaction {
  readonly manager: EntityManager;
  readonly actor: Actor;
  readonly ability: Ability;
  /** The time at which all of it happens. */
  readonly now: Date;
  /** Refuses with 403 unless the actor may do this to the loaded row; the role that allows it goes into the trail. */
  readonly require: <N extends SubjectName>(action: Actions[N], subject: N, row: Shapes[N]) => void;
  /** Adds an event to the trail; it commits or rolls back with everything else in here. */
  readonly record: (event: AuditEvent) => void;
}

interface Recorded {
  readonly event: AuditEvent;
  readonly role: string;
}

const RETRIES = 3;
const serializationFailure = '40001';
const deadlockDetected = '40P01';
const uniqueViolation = '23505';

/** The SQLSTATE of a failed query, if it is one. */
export const sqlState = (error: unknown): string | undefined =>
  error instanceof QueryFailedError ? (error.driverError as { code?: string }).code : undefined;

/** The only way to write: a change and its events commit together, or neither does. */
@Injectable()
export class UnitOfWork {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    @Inject(Writer) private readonly writer: Writer,
  ) {}

  /**
   * Runs the work in one transaction and appends its events last, under the locks of their streams only. A
   * transaction that the database broke off for another's sake runs again from the start.
   * @throws Error when the work records no event
   */
  async run<T>(actor: Actor, work: (tx: Transaction) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(actor, work);
      } catch (error) {
        const state = sqlState(error);
        const again = state === serializationFailure || state === deadlockDetected;
        if (!again || attempt === RETRIES) throw error;
      }
    }
  }

  private async once<T>(actor: Actor, work: (tx: Transaction) => Promise<T>): Promise<T> {
    const sealed: SealedEvent[] = [];
    const receipts: string[] = [];
    try {
      const result = await this.dataSource.transaction(async (manager) => {
        const recorded: Recorded[] = [];
        const ability = abilityFor(actor);
        const now = this.clock.now();
        let role: string = actor.grants[0]?.role ?? 'SYSTEM';
        const value = await work({
          manager,
          actor,
          ability,
          now,
          require: (action, subject, row) => void (role = authorize(ability, action, subject, row)),
          record: (event) => void recorded.push({ event, role }),
        });
        if (recorded.length === 0) throw new Error('A transaction must record at least one event');
        receipts.push(...(await this.append(manager, actor, now, recorded, sealed)));
        await this.keepAnswer(manager, actor, value, receipts);
        return value;
      });
      actor.request?.receipts.push(...receipts);
      return result;
    } catch (error) {
      this.writer.burn(sealed.flatMap((event) => event.numbers));
      throw error;
    }
  }

  private async append(
    manager: EntityManager,
    actor: Actor,
    now: Date,
    recorded: readonly Recorded[],
    sealed: SealedEvent[],
  ): Promise<string[]> {
    const of: string[] = [];
    const n: number[] = [];
    const contents: Buffer[] = [];
    for (const { event, role } of recorded) {
      const id = newId();
      const disclosed = disclose(event.values ?? {});
      sealed.push(
        this.writer.seal(event.stream, {
          v: 1,
          id,
          type: event.type,
          at: now.toISOString(),
          actor: actorOf(actor, role),
          target: { ...event.target },
          ...(event.data ? { data: event.data } : {}),
          _sd: disclosed.digests,
        }),
      );
      disclosed.contents.forEach((content, i) => {
        of.push(id);
        n.push(i);
        contents.push(content);
      });
    }
    // One order for all, so that two transactions never wait for each other's streams. The sort is stable.
    const inOrder = [...sealed].sort((a, b) => (a.stream < b.stream ? -1 : a.stream > b.stream ? 1 : 0));
    const rows = await manager.query<{ o_event: string; o_seq: string; o_leaf: Buffer }[]>(
      'SELECT * FROM audit.record($1, $2, $3, $4, $5, $6, $7, $8)',
      [
        inOrder.map((event) => event.stream),
        inOrder.map((event) => event.event),
        inOrder.map((event) => event.body),
        this.writer.id,
        inOrder.map((event) => event.signature),
        of,
        n,
        contents,
      ],
    );
    return rows.map((row, i) => `${inOrder[i]!.stream} ${row.o_seq} ${row.o_leaf.toString('base64')}`);
  }

  /** The answer commits with the write, so that a repeat of the request can never do it a second time. */
  private async keepAnswer(
    manager: EntityManager,
    actor: Actor,
    answer: unknown,
    receipts: string[],
  ): Promise<void> {
    const repeat = actor.request?.idempotency;
    if (!repeat) return;
    try {
      await manager.query(
        'INSERT INTO app.idempotency_key (user_id, key, fingerprint, answer, receipts) VALUES ($1, $2, $3, $4, $5)',
        [actor.userId, repeat.key, repeat.fingerprint, JSON.stringify(answer ?? null), receipts],
      );
    } catch (error) {
      if (sqlState(error) !== uniqueViolation) throw error;
      throw conflict(
        'repeat-under-way',
        'The same Idempotency-Key was used a moment ago. Send the request again.',
      );
    }
  }
}

function actorOf(actor: Actor, role: string): Record<string, string> {
  const grant = actor.grants.find((one) => one.role === role) ?? actor.grants[0];
  return {
    uid: actor.userId,
    role,
    ...(grant ? { unit: grant.organId } : {}),
    ...(actor.sessionId ? { sid: sha256(actor.sessionId).toString('hex').slice(0, 12) } : {}),
  };
}
