import { Inject, Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource, type EntityManager, type ObjectLiteral, QueryFailedError } from 'typeorm';
import { abilityFor, type Ability } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import type { Authority } from '../access/authority.js';
import { authorize } from '../access/authorize.js';
import { CaseDatabase } from '../access/case-database.js';
import type { Actions, Shapes, SubjectName } from '../access/shapes.js';
import { Clock } from '../common/clock.js';
import { conflict, DomainError } from '../common/errors.js';
import { grouped } from '../common/grouped.js';
import { newId } from '../common/ids.js';
import { sha256 } from './envelope.js';
import { digestsOf, disclose, type Disclosure } from './disclosures.js';
import type { AuditEvent } from './events.js';
import type { RowsOf } from '../database/insert-rows.js';
import { KeyRing } from './key-ring.js';
import { RECORD, RECORD_PARAMETERS, recordParameters } from './record-call.js';
import { readNote, withReadNotes, type ActedAs, type ReadNote } from './read-log.js';
import { RowWriter, type PlacedChange } from './row-changes.js';
import { SYSTEM_USER } from './streams.js';
import { Writer, type SealedEvent } from './writer.js';

/** One open database transaction, done by one actor. Only UnitOfWork makes these. */
export interface Transaction {
  /** To read with, and to write what is no record. */
  readonly manager: EntityManager;
  /** Inserts rows of several tables in one statement; the trail keeps them. */
  readonly insert: (...tables: readonly RowsOf[]) => Promise<void>;
  /**
   * Writes what changed in a row that this transaction has locked; the trail keeps the old and new values.
   * @param known what the changed columns were, where that is known: then the row is not loaded again
   */
  readonly save: <T extends ObjectLiteral>(row: T, known?: Partial<T>) => Promise<void>;
  /** Removes rows that this transaction has loaded; the trail keeps them. */
  readonly remove: (rows: readonly ObjectLiteral[]) => Promise<void>;
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

const ATTEMPTS = 5;
/** Milliseconds until the next attempt at the most, times how many there were. */
const PAUSE = 20;
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
    private readonly database: CaseDatabase,
    private readonly clock: Clock,
    @Inject(Writer) private readonly writer: Writer,
    @Inject(KeyRing) private readonly keyRing: KeyRing,
  ) {}

  /**
   * Runs the work in one transaction and appends its events last, under the locks of their streams only and in one
   * trip with the COMMIT. A transaction that the database broke off for another's sake runs again from the start.
   * @param authority as which the database knows who acts, when that is not the actor: see `CaseDatabase.as`
   * @throws Error when the work records no event, 503 when the database broke it off time and again
   */
  async run<T>(actor: Actor, work: (tx: Transaction) => Promise<T>, authority?: Authority): Promise<T> {
    return this.attempt(actor, (sealed, receipts) => this.once(actor, work, sealed, receipts, authority));
  }

  /**
   * Appends an event that stands alone, such as that of a read: one statement, which commits by itself and so spares
   * two of three round trips.
   */
  async record(actor: Actor, event: AuditEvent): Promise<void> {
    await this.attempt(actor, async (sealed, receipts) => {
      const { manager } = this.dataSource;
      const now = this.clock.now();
      const recorded = [{ event, role: usualRole(actor) }];
      const rows = new RowWriter(manager, now);
      const { appending } = await this.append(manager, actor, now, recorded, rows, sealed);
      receipts.push(...(await appending));
    });
  }

  private async attempt<T>(
    actor: Actor,
    work: (sealed: SealedEvent[], receipts: string[]) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const sealed: SealedEvent[] = [];
      const receipts: string[] = [];
      try {
        const result = await work(sealed, receipts);
        actor.request?.receipts.push(...receipts);
        return result;
      } catch (error) {
        this.writer.burn(sealed.flatMap((event) => event.numbers));
        const state = sqlState(error);
        const again = state === serializationFailure || state === deadlockDetected;
        if (!again) throw error;
        if (attempt === ATTEMPTS) throw busy();
        // Not all at once again.
        await sleep(Math.random() * PAUSE * attempt);
      }
    }
  }

  private async once<T>(
    actor: Actor,
    work: (tx: Transaction) => Promise<T>,
    sealed: SealedEvent[],
    receipts: string[],
    authority?: Authority,
  ): Promise<T> {
    let appending: Promise<string[]> | undefined;
    const inTransaction = async (manager: EntityManager): Promise<T> => {
      const recorded: Recorded[] = [];
      const ability = abilityFor(actor);
      const now = this.clock.now();
      let role = usualRole(actor);
      const rows = new RowWriter(manager, now);
      const value = await work({
        manager,
        insert: (...tables) => rows.insert(tables),
        save: (row, known) => rows.save(row, known),
        remove: (gone) => rows.remove(gone),
        actor,
        ability,
        now,
        require: (action, subject, row) => void (role = authorize(ability, action, subject, row)),
        record: (event) => void recorded.push({ event, role }),
      });
      if (recorded.length === 0) throw new Error('A transaction must record at least one event');
      ({ appending } = await this.append(manager, actor, now, recorded, rows, sealed));
      // When the COMMIT fails nobody waits for it any more.
      appending.catch(() => undefined);
      await this.erase(manager, recorded, sealed, appending);
      await this.keepAnswer(manager, actor, value, appending);
      return value;
    };
    const value = await this.database.as(actor, inTransaction, authority);
    // The COMMIT went out right behind the events. When they failed it rolled back, without an error of its own.
    receipts.push(...(await appending!));
    return value;
  }

  /** Sends the events on their way. @returns their receipts, once they are there */
  private async append(
    manager: EntityManager,
    actor: Actor,
    now: Date,
    recorded: readonly Recorded[],
    rows: RowWriter,
    sealed: SealedEvent[],
  ): Promise<{ appending: Promise<string[]> }> {
    const disclosed: { event: string; disclosures: Disclosure[] }[] = [];
    const changesOf = changesByEvent(recorded, rows.changes);
    const notes: ReadNote[] = [];
    const unseen = new Set<string>();
    for (const { event, role } of recorded) {
      const id = newId();
      if (event.unseen) unseen.add(id);
      const disclosures = disclose(event, changesOf.get(event) ?? []);
      const actedAs = event.unseen ? { uid: SYSTEM_USER, role: 'SYSTEM' } : actorOf(actor, role);
      const note = readNote(id, now, actedAs, event);
      if (note) notes.push(note);
      sealed.push(
        this.writer.seal(event.stream, {
          v: 1,
          id,
          type: event.type,
          at: now.toISOString(),
          actor: { ...actedAs },
          target: { ...event.target },
          ...(event.data ? { data: event.data } : {}),
          ...(event.purpose ? { purpose: { ...event.purpose } } : {}),
          _sd: digestsOf(disclosures),
        }),
      );
      disclosed.push({ event: id, disclosures });
    }
    const { values, made } = await this.keyRing.encrypt(manager, disclosed, rows.subjects);
    // One order for all, so that two transactions never wait for each other's streams. The sort is stable.
    const inOrder = [...sealed].sort((a, b) => (a.stream < b.stream ? -1 : a.stream > b.stream ? 1 : 0));
    const appended = manager.query<{ receipts: string[] }[]>(
      notes.length > 0 ? withReadNotes(RECORD, RECORD_PARAMETERS + 1) : RECORD,
      [
        ...recordParameters(this.writer.id, inOrder, values, made),
        ...(notes.length > 0 ? [JSON.stringify(notes)] : []),
      ],
    );
    const appending = appended.then(([row]) =>
      row!.receipts.filter((_, i) => !unseen.has(inOrder[i]!.event)),
    );
    return { appending };
  }

  /** Destroys the keys that events say are destroyed. */
  private async erase(
    manager: EntityManager,
    recorded: readonly Recorded[],
    sealed: readonly SealedEvent[],
    appending: Promise<unknown>,
  ): Promise<void> {
    for (const [i, { event }] of recorded.entries()) {
      if (event.erases === undefined) continue;
      await appending;
      await manager.query('SELECT audit.erase($1, $2)', [event.erases, sealed[i]!.event]);
      this.keyRing.forget(event.erases);
    }
  }

  /** The answer commits with the write, so that a repeat of the request can never do it a second time. */
  private async keepAnswer(
    manager: EntityManager,
    actor: Actor,
    answer: unknown,
    appending: Promise<string[]>,
  ): Promise<void> {
    const repeat = actor.request?.idempotency;
    if (!repeat) return;
    const receipts = await appending;
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

const busy = (): DomainError =>
  new DomainError('busy', 503, 'Others write to the same records at this moment. Send the request again.', {
    retryAfter: 1,
  });

const usualRole = (actor: Actor): string => actor.grants[0]?.role ?? 'SYSTEM';

/** Each change of a row goes with the first event of its stream. @throws Error when there is none */
function changesByEvent(
  recorded: readonly Recorded[],
  changes: readonly PlacedChange[],
): Map<AuditEvent, PlacedChange[]> {
  const firstOf = new Map<string, AuditEvent>();
  for (const { event } of recorded) if (!firstOf.has(event.stream)) firstOf.set(event.stream, event);
  return grouped(changes, ({ stream, change }) => {
    const event = firstOf.get(stream);
    if (!event) throw new Error(`A row of ${change.table} was changed without an event of its stream`);
    return event;
  });
}

function actorOf(actor: Actor, role: string): ActedAs & { sid?: string } {
  const grant = actor.grants.find((one) => one.role === role) ?? actor.grants[0];
  return {
    uid: actor.userId,
    role,
    ...(grant ? { unit: grant.organId } : {}),
    ...(actor.sessionId ? { sid: sha256(actor.sessionId).toString('hex').slice(0, 12) } : {}),
  };
}
