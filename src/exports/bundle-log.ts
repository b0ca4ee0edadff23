import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import { HistoryService, type HistoryEntry } from '../audit/history.service.js';
import { leafHash } from '../audit/envelope.js';
import { SYSTEM_STREAM } from '../audit/streams.js';
import { consistencyProof, inclusionProof, rootOf, type Hash, type Subtree } from '../log/merkle.js';
import { noteOf } from '../log/note.js';
import { quorumMet, type Policy } from '../log/policy.js';
import { subtreesOf, type TileStore } from '../log/tiles.js';

/** A checkpoint as a bundle shows it. */
export interface ShownCheckpoint {
  readonly size: number;
  readonly note: string;
  readonly witnessed: boolean;
  /** Entries that come after it in the log were made after its witnesses saw it. */
  readonly bounds: boolean;
}

/** A case's line in a map of heads, and what proves it. */
export interface ShownHead {
  readonly atSize: number;
  readonly event: HistoryEntry;
  readonly index: number;
  /** Number of the case's last entry. */
  readonly seq: number;
  readonly line: string;
  readonly lineIndex: number;
  readonly count: number;
  readonly proof: readonly Hash[];
}

interface CheckpointRow {
  size: string;
  note: string;
  /** When the queue was last seen empty before the next checkpoint; null when there is none. */
  drained: Date | null;
  lines: { witness: string; t: string; line: string }[] | null;
}

const CHECKPOINTS = `
  SELECT c.size, c.note,
    (SELECT n.drained_at FROM audit.checkpoint n WHERE n.size > c.size ORDER BY n.size LIMIT 1) AS drained,
    (SELECT json_agg(json_build_object('witness', s.witness, 't', s.t::text, 'line', s.line) ORDER BY s.t, s.witness)
     FROM audit.cosignature s WHERE s.size = c.size) AS lines
  FROM audit.checkpoint c`;

/** A checkpoint says nothing about entries that waited while witnesses saw it. */
const WAITED_MS = 5000;
const MAX_COSIGNATURES = 15;
const POLL_MS = 200;
const PAGE = 20;

/** Reads the sealed log for a bundle: checkpoints that bound its entries, proofs, the map of heads. */
@Injectable()
export class BundleLog {
  constructor(
    private readonly dataSource: DataSource,
    private readonly histories: HistoryService,
  ) {}

  /** The place of each sealed entry of the stream in the log, by number. */
  async places(stream: string): Promise<Map<number, number>> {
    const rows = await this.dataSource.query<{ o_seq: string; o_idx: string | null }[]>(
      'SELECT o_seq, o_idx FROM audit.places($1)',
      [stream],
    );
    return new Map(
      rows.filter(({ o_idx }) => o_idx !== null).map((row) => [Number(row.o_seq), Number(row.o_idx)]),
    );
  }

  /**
   * Asks for a map of heads and waits until all that the stream holds now is in it, and witnesses saw it.
   * @returns whether that came true in time
   */
  async complete(stream: string, policy: Policy, ms: number, signal?: AbortSignal): Promise<boolean> {
    const [{ seq }] = await this.dataSource.query<[{ seq: string }]>(
      'SELECT coalesce(max(o_seq), 0) AS seq FROM audit.places($1)',
      [stream],
    );
    await this.dataSource.query('SELECT audit.request_heads()');
    for (let left = ms; left > 0; left -= POLL_MS) {
      const last = await this.last(policy);
      const head = last?.witnessed ? await this.head(stream, last.size) : undefined;
      if (head && head.seq >= Number(seq)) return true;
      signal?.throwIfAborted();
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    return false;
  }

  /** The last checkpoint that a quorum saw and that holds this place; otherwise the last of all. */
  async last(policy: Policy, holding = -1): Promise<ShownCheckpoint | undefined> {
    const rows = await this.dataSource.query<CheckpointRow[]>(`${CHECKPOINTS} ORDER BY c.size DESC LIMIT 50`);
    const shown = rows.map((row) => shownCheckpoint({ ...row, drained: null }, policy));
    return shown.find(({ witnessed, size }) => witnessed && size > holding) ?? shown[0];
  }

  /** For each of these places the last checkpoint before it and the first one after it that bound it; and the last. */
  async series(places: readonly number[], last: ShownCheckpoint, policy: Policy): Promise<ShownCheckpoint[]> {
    const series = new Map<number, ShownCheckpoint>();
    let upTo = 0;
    for (const index of [...places].sort((a, b) => a - b)) {
      // Between the two there is no other that bounds, so they hold for every entry between them.
      if (index < upTo) continue;
      const before = await this.bounding(index, 'down', policy);
      const after = (await this.bounding(index, 'up', policy)) ?? last;
      for (const one of [before, after]) if (one && one.size < last.size) series.set(one.size, one);
      upTo = after.size;
    }
    series.set(last.size, last);
    return [...series.values()].sort((a, b) => a.size - b.size);
  }

  private async bounding(
    index: number,
    way: 'up' | 'down',
    policy: Policy,
  ): Promise<ShownCheckpoint | undefined> {
    for (let from = index; ;) {
      const rows = await this.dataSource.query<CheckpointRow[]>(
        way === 'up'
          ? `${CHECKPOINTS} WHERE c.size > $1 ORDER BY c.size LIMIT ${PAGE}`
          : `${CHECKPOINTS} WHERE c.size <= $1 AND c.size > 0 ORDER BY c.size DESC LIMIT ${PAGE}`,
        [from],
      );
      const found = rows.map((row) => shownCheckpoint(row, policy)).find(({ bounds }) => bounds);
      if (found || rows.length < PAGE) return found;
      const end = Number(rows.at(-1)!.size);
      from = way === 'up' ? end : end - 1;
    }
  }

  /** The stream's line in the newest map that stands in the log before this size. */
  async head(stream: string, size: number): Promise<ShownHead | undefined> {
    const [map] = await this.dataSource.query<
      { at_size: string; event: string; count: number; lines: Buffer }[]
    >(
      `SELECT at_size, event, count, lines FROM audit.heads
       WHERE at_size < $1 AND lines IS NOT NULL ORDER BY at_size DESC LIMIT 1`,
      [size],
    );
    if (!map) return undefined;
    const [event, index] = (await this.sealedSystemEvent(map.event)) ?? [];
    if (!event || index === undefined || index >= size) return undefined;
    const lines = (await promisify(gunzip)(map.lines)).toString('latin1').split(/(?<=\n)/);
    const lineIndex = lines.findIndex((line) => line.startsWith(`${stream} `));
    if (lineIndex < 0) return undefined;
    const line = lines[lineIndex]!;
    const leaves = lines.map((one) => leafHash(Buffer.from(one)));
    const subtree: Subtree = (level, n) => rootOf(leaves, n * 2 ** level, (n + 1) * 2 ** level);
    return {
      ...{ atSize: Number(map.at_size), event, index, seq: Number(line.split(' ')[1]), line, lineIndex },
      ...{ count: map.count, proof: await inclusionProof(subtree, lineIndex, leaves.length) },
    };
  }

  /** An event of the system and its place in the log; undefined while it waits for the sealer. */
  private async sealedSystemEvent(id: string): Promise<[HistoryEntry, number] | undefined> {
    const places = await this.places(SYSTEM_STREAM);
    // Maps are young: from the end of the stream backwards.
    for (let end = Math.max(-1, ...places.keys()); end >= 0; end -= 200) {
      const page = await this.histories.read(SYSTEM_STREAM, Math.max(-1, end - 200), 200);
      const found = page.find(({ event }) => event === id);
      const index = found && places.get(found.seq);
      if (found) return index === undefined ? undefined : [found, index];
    }
    return undefined;
  }

  /** The proof of each place under the size. */
  async *inclusions(places: readonly number[], size: number): AsyncGenerator<Hash[]> {
    let subtree = subtreesOf(this.tiles());
    for (const [i, index] of places.entries()) {
      // It keeps what it reads: for many proofs it must forget now and then.
      if (i % 256 === 255) subtree = subtreesOf(this.tiles());
      yield await inclusionProof(subtree, index, size);
    }
  }

  consistency(old: number, size: number): Promise<Hash[]> {
    return consistencyProof(subtreesOf(this.tiles()), old, size);
  }

  /** The hash of an event's entry, wherever it stands. */
  async leafOf(event: string): Promise<string> {
    const [row] = await this.dataSource.query<[{ leaf: Buffer }]>('SELECT audit.leaf_of($1) AS leaf', [
      event,
    ]);
    return row.leaf.toString('base64');
  }

  timeStamps(sizes: readonly number[]): Promise<{ size: string; token: Buffer }[]> {
    return this.dataSource.query(
      `SELECT DISTINCT ON (size) size, token FROM audit.timestamp_token WHERE size = ANY($1::bigint[])
       ORDER BY size, at`,
      [sizes],
    );
  }

  private tiles(): TileStore {
    const query = <T>(sql: string, values: unknown[]): Promise<T[]> => this.dataSource.query(sql, values);
    return {
      tile: async (level, n) => {
        const [row] = await query<{ hashes: Buffer }>(
          'SELECT hashes FROM audit.tile WHERE level = $1 AND n = $2',
          [level, n],
        );
        return row && Array.from({ length: 256 }, (_, i) => row.hashes.subarray(i * 32, i * 32 + 32));
      },
      after: async (level, from) => {
        const rows =
          level === 0
            ? await query<{ hash: Buffer }>(
                'SELECT leaf AS hash FROM audit.leaf WHERE idx >= $1 ORDER BY idx LIMIT 256',
                [from],
              )
            : await query<{ hash: Buffer }>(
                'SELECT root AS hash FROM audit.tile WHERE level = $1 AND n >= $2 ORDER BY n LIMIT 256',
                [level - 1, from],
              );
        return rows.map(({ hash }) => hash);
      },
      size: async () => {
        const [row] = await query<{ size: string }>(
          'SELECT coalesce(max(idx) + 1, 0) AS size FROM audit.leaf',
          [],
        );
        return Number(row!.size);
      },
    };
  }
}

/** The note with those cosignatures that say something about the entries after it: each witness's first and last. */
function shownCheckpoint({ size, note, drained, lines }: CheckpointRow, policy: Policy): ShownCheckpoint {
  const limit = drained === null ? Infinity : drained.getTime() + WAITED_MS;
  const cosignatures = policy.witnesses.map(({ name, key }) => ({
    name,
    lines: (lines ?? []).filter(({ witness }) => witness === name || witness === key.name),
  }));
  const inTime = ({ t }: { t: string }): boolean => Number(t) * 1000 <= limit;
  const quorum = (test: (one: { t: string }) => boolean): boolean =>
    quorumMet(policy, new Set(cosignatures.filter((one) => one.lines.some(test)).map(({ name }) => name)));
  const bounds = policy.quorum !== 'none' && quorum(inTime);
  const shown = cosignatures.flatMap((one) => {
    const usable = bounds ? one.lines.filter(inTime) : one.lines;
    return usable.length > 1 ? [usable[0]!, usable.at(-1)!] : usable;
  });
  const end = note.lastIndexOf('\n\n');
  const signatures = [note.slice(end + 2, -1), ...shown.slice(0, MAX_COSIGNATURES).map(({ line }) => line)];
  return {
    size: Number(size),
    note: noteOf(note.slice(0, end + 1), signatures),
    witnessed: quorum(() => true),
    bounds,
  };
}
