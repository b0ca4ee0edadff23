import type { Pool, PoolClient } from 'pg';
import { SYSTEM_STREAM } from '../audit/streams.js';
import type { Writer } from '../audit/writer.js';
import type { Clock } from '../common/clock.js';
import { commitHeads } from './heads.js';
import { Judge, type SealedWriter } from './judge.js';
import type { LogKey } from './keys.js';
import { checkpointText, noteOf, signatureLine } from './note.js';
import { OwnEvents } from './own-events.js';
import type { Policy } from './policy.js';
import { contextOf, queueOf, type QueuedEntry, type StreamContext } from './queue.js';
import { liftQuarantines } from './restarts.js';
import { quarantine, storeSealed, type Alarm, type Refused } from './storing.js';
import { DatabaseTiles } from './tile-store.js';
import { Frontier, type Tile } from './tiles.js';

/** Only one pass at a time in a database, whoever runs it. */
const SEALER_LOCK = 7_305_118_642_002n;
export const MAX_BATCH = 10_000;
const HOUR_MS = 3_600_000;

/** The tables of the log contradict its last checkpoint. Nothing can be sealed on top of that. */
export class BrokenLogError extends Error {}

export interface SealerOptions {
  readonly pool: Pool;
  readonly key: LogKey;
  readonly writer: Writer;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly headsEveryMs?: number;
  readonly batch?: number;
}

export interface SealedCheckpoint {
  readonly size: number;
  readonly root: Buffer;
  /** The note with the log's signature. */
  readonly note: string;
}

export interface Pass {
  readonly sealed: number;
  /** The new checkpoint, when something was sealed. */
  readonly checkpoint: SealedCheckpoint | undefined;
  readonly alarms: readonly Alarm[];
  /** There is more to do at once. */
  readonly more: boolean;
}

/** What is remembered between passes, and read anew when a pass failed or another process sealed meanwhile. */
interface Memory {
  readonly frontier: Frontier;
  readonly judge: Judge;
  /** No entry that is older than this can still come (milliseconds since 1970). */
  drained: number;
  /** Everything that was appended before `at` belongs to a transaction older than `xid`. */
  mark: { readonly at: number; readonly xid: bigint } | undefined;
  /** Streams that wait until the introduction of their writer leaves quarantine. */
  readonly held: Set<string>;
}

interface Batch {
  readonly sealed: QueuedEntry[];
  readonly tiles: Tile[];
  readonly refused: Refused[];
}

/**
 * Takes entries from the queue into the tree: judges each again, signs a checkpoint over all. One pass is one
 * transaction, so a process that is killed at any moment has sealed a batch or has not; what leaves the machine
 * leaves it after the commit.
 */
export class Sealer {
  private memory: Memory | undefined;
  private readonly events: OwnEvents;

  constructor(private readonly options: SealerOptions) {
    this.events = new OwnEvents(options.writer, options.clock);
  }

  /** @throws BrokenLogError when the log was tampered with, and whatever the database throws */
  async pass(): Promise<Pass> {
    const client = await this.options.pool.connect();
    let broken = true;
    try {
      await client.query('BEGIN');
      await client.query('SELECT pg_advisory_xact_lock($1)', [SEALER_LOCK]);
      const pass = await this.inTransaction(client);
      await client.query('COMMIT');
      this.events.committed();
      broken = false;
      return pass;
    } catch (error) {
      // Whether a commit without an answer was done, the next pass sees in the database.
      this.memory = undefined;
      this.events.rolledBack();
      await client.query('ROLLBACK').then(
        () => (broken = false),
        () => undefined,
      );
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** The latest checkpoint, which is sent out again on start. */
  async latest(): Promise<SealedCheckpoint | undefined> {
    const { rows } = await this.options.pool.query<{ size: string; root: Buffer; note: string }>(
      'SELECT size, root, note FROM audit.checkpoint ORDER BY size DESC LIMIT 1',
    );
    const [row] = rows;
    return row && { size: Number(row.size), root: row.root, note: row.note };
  }

  private async inTransaction(client: PoolClient): Promise<Pass> {
    const { clock, headsEveryMs = HOUR_MS, batch: limit = MAX_BATCH } = this.options;
    const memory = (this.memory = await this.remembered(client));
    const now = clock.now().getTime();
    const { rows: snapshots } = await client.query<{ xmin: string; xmax: string }>(
      'SELECT pg_snapshot_xmin(s)::text AS xmin, pg_snapshot_xmax(s)::text AS xmax FROM pg_current_snapshot() AS s',
    );
    if (await liftQuarantines(client, memory.judge)) memory.held.clear();
    const rows = await queueOf(client, [...memory.held], limit);
    const context = await contextOf(client, rows, memory.drained);
    await memory.judge.checkSignatures(rows);
    const batch = this.judged(memory, rows, context, clock.now().getTime());
    await storeSealed(client, {
      first: memory.frontier.size - batch.sealed.length,
      entries: batch.sealed,
      tiles: batch.tiles,
      writers: memory.judge.changes(),
    });

    const drained = this.drainedSince(memory, snapshots[0]!, now, rows.length < limit);
    const checkpoint = batch.sealed.length > 0 ? this.signed(memory.frontier) : undefined;
    if (checkpoint) {
      await client.query(
        'INSERT INTO audit.checkpoint (size, root, note, at, drained_at) VALUES ($1, $2, $3, $4, $5)',
        [checkpoint.size, checkpoint.root, checkpoint.note, clock.now(), new Date(drained)],
      );
    }
    const alarms = await quarantine(client, this.events, batch.refused, clock.now());
    await commitHeads(client, this.events, { atSize: memory.frontier.size, everyMs: headsEveryMs, clock });
    await this.events.append(client);
    return {
      sealed: batch.sealed.length,
      checkpoint,
      alarms,
      more: rows.length === limit || this.events.written,
    };
  }

  /** What was remembered, unless another process has sealed since. */
  private async remembered(client: PoolClient): Promise<Memory> {
    const { rows } = await client.query<{ size: string; root: Buffer; drained_at: Date }>(
      'SELECT size, root, drained_at FROM audit.checkpoint ORDER BY size DESC LIMIT 1',
    );
    const [last] = rows;
    const size = Number(last?.size ?? 0);
    if (this.memory?.frontier.size === size) return this.memory;
    const frontier = await Frontier.load(new DatabaseTiles(client));
    if (frontier.size !== size || (last && !frontier.root().equals(last.root))) {
      throw new BrokenLogError(
        `The tables give a tree of ${frontier.size} leaves that is not the one of the last checkpoint, of ${size}: leaves were removed, added or changed`,
      );
    }
    const { rows: writers } = await client.query<SealedWriter>(
      'SELECT writer, used::text, voided::text FROM audit.sealed_writer',
    );
    return {
      frontier,
      judge: new Judge(this.options.policy.writers, writers),
      drained: last?.drained_at.getTime() ?? 0,
      mark: undefined,
      held: new Set(),
    };
  }

  /** Judges the entries in their order. The first refused one of a stream stops that stream and no other. */
  private judged(
    memory: Memory,
    rows: readonly QueuedEntry[],
    context: StreamContext,
    notAfter: number,
  ): Batch {
    const heads = new Map(context.heads);
    const stopped = new Set(context.quarantined);
    const batch: Batch = { sealed: [], tiles: [], refused: [] };
    for (const row of rows) {
      if (stopped.has(row.stream)) continue;
      // Its introduction may wait in the system's stream: then the entry is not to blame.
      if (stopped.has(SYSTEM_STREAM) && row.stream !== SYSTEM_STREAM && !memory.judge.knows(row.writer)) {
        stopped.add(row.stream);
        memory.held.add(row.stream);
        continue;
      }
      const refusal = memory.judge.examine(row, {
        before: heads.get(row.stream),
        notBefore: context.notBefore(row),
        notAfter,
      });
      if (refusal) {
        stopped.add(row.stream);
        batch.refused.push({ row, refusal });
        continue;
      }
      heads.set(row.stream, { seq: BigInt(row.seq), leaf: row.leaf });
      batch.sealed.push(row);
      batch.tiles.push(...memory.frontier.push(row.leaf));
    }
    return batch;
  }

  /**
   * Until when everything was seen. An entry gets its time before its transaction ends, so an empty queue does not
   * say enough: all transactions that were open at that time must have ended since.
   */
  private drainedSince(
    memory: Memory,
    snapshot: { readonly xmin: string; readonly xmax: string },
    now: number,
    emptied: boolean,
  ): number {
    if (memory.mark && emptied && BigInt(snapshot.xmin) >= memory.mark.xid) {
      memory.drained = Math.max(memory.drained, memory.mark.at);
      memory.mark = undefined;
    }
    memory.mark ??= { at: now, xid: BigInt(snapshot.xmax) };
    return memory.drained;
  }

  private signed(frontier: Frontier): SealedCheckpoint {
    const { verifier, privateKey } = this.options.key;
    const [size, root] = [frontier.size, frontier.root()];
    const text = checkpointText({ origin: verifier.name, size, root });
    return { size, root, note: noteOf(text, [signatureLine(verifier.name, privateKey, text)]) };
  }
}
