import type { AuditEvent } from '../audit/events.js';
import { RECORD, recordParameters } from '../audit/record-call.js';
import { SYSTEM_STREAM, SYSTEM_USER } from '../audit/streams.js';
import type { Writer } from '../audit/writer.js';
import type { Clock } from '../common/clock.js';
import { newId } from '../common/ids.js';
import type { Queryable } from './tile-store.js';

export type OwnEvent = Pick<AuditEvent, 'type' | 'target' | 'data'> & { readonly id: string };

/** The sealer's own events in the system's stream, in the transaction in which it does what they tell. */
export class OwnEvents {
  private introduced = false;
  private readonly waiting: OwnEvent[] = [];
  /** The numbers of what this transaction wrote. */
  private uncommitted: number[] = [];

  constructor(
    private readonly writer: Writer,
    private readonly clock: Clock,
  ) {}

  /** Adds an event to what `append` will write. @returns its id */
  add(event: Omit<OwnEvent, 'id'>): string {
    const id = newId();
    this.waiting.push({ id, ...event });
    return id;
  }

  /**
   * Writes what was added, after the introduction of this writer when that is not in the trail yet. Waits for the
   * lock of the system's stream, so it comes last in a transaction.
   */
  async append(db: Queryable): Promise<void> {
    const { id: writer, publicKey: key } = this.writer;
    if (!this.introduced && !this.written) {
      const target = { kind: 'writer', id: writer };
      this.waiting.unshift({ id: newId(), type: 'writer.added', target, data: { writer, key } });
    }
    const events = this.waiting.splice(0);
    if (events.length === 0) return;
    const sealed = events.map(({ id, type, target, data }) =>
      this.writer.seal(SYSTEM_STREAM, {
        v: 1,
        id,
        type,
        at: this.clock.now().toISOString(),
        actor: { uid: SYSTEM_USER, role: 'SYSTEM' },
        target,
        data,
        _sd: [],
      }),
    );
    try {
      // Its events disclose nothing: no values, no keys.
      await db.query(RECORD, recordParameters(writer, sealed, [], []));
    } catch (error) {
      this.writer.burn(sealed.flatMap(({ numbers }) => numbers));
      throw error;
    }
    this.uncommitted.push(...sealed.flatMap(({ numbers }) => numbers));
  }

  /** Whether this transaction wrote any. */
  get written(): boolean {
    return this.uncommitted.length > 0;
  }

  /** What was written since is in the trail. */
  committed(): void {
    this.introduced ||= this.written;
    this.uncommitted = [];
  }

  /** What was written, or was to be, is not in the trail. */
  rolledBack(): void {
    this.writer.burn(this.uncommitted);
    this.uncommitted = [];
    this.waiting.length = 0;
  }
}
