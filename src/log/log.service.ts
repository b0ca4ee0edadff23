import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';
import { PolicyFile } from './policy-file.js';
import { quorumMet, type Policy } from './policy.js';

/** How far an outsider can be shown that a stream is complete. */
export interface Completeness {
  /** The last entry of the stream that is in the log; null when none is. */
  readonly sealedSeq: number | null;
  /** Size of the log at which a map of heads that is in the log itself names that entry. */
  readonly headsAtSize: number | null;
  /** A checkpoint over all of that, the witnessed one if there is one. */
  readonly checkpointSize: number | null;
  /** Whether the policy's quorum has cosigned that checkpoint. */
  readonly witnessed: boolean;
}

/** Where an entry is in the log, and whether witnesses saw it there. */
export interface Place {
  readonly idx: number | null;
  readonly witnessed: boolean;
}

export const UNSEALED: Place = { idx: null, witnessed: false };

/** How the log is at this moment. */
export interface LogState {
  readonly size: number;
  readonly sealedAt: Date | null;
  readonly waiting: number;
  readonly sealLagSeconds: number;
  readonly openQuarantines: number;
  readonly witnesses: readonly {
    name: string;
    size: number | null;
    at: Date | null;
    lagSeconds: number | null;
  }[];
  readonly missingNumbers: number;
}

interface StateRow {
  size: string | null;
  sealed_at: Date | null;
  waiting: string;
  oldest: Date | null;
  quarantines: string;
  missing: string;
}

const POLL_MS = 200;

/** Reads the log with the application's role. */
@Injectable()
export class LogService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly policy: PolicyFile,
    private readonly clock: Clock,
  ) {}

  /** Waits until the stream as it is now can be shown to be complete, at the longest so long. */
  async completeness(stream: string, { timeoutMs }: { timeoutMs: number }): Promise<Completeness> {
    const deadline = performance.now() + timeoutMs;
    const [last] = await this.dataSource.query<{ seq: string | null }[]>(
      'SELECT max(o_seq) AS seq FROM audit.places($1)',
      [stream],
    );
    let asked = false;
    for (;;) {
      const found = await this.completenessNow(stream);
      const done = found.sealedSeq !== null && found.sealedSeq >= Number(last?.seq ?? 0) && found.witnessed;
      if (done || performance.now() >= deadline || (await this.isQuarantined(stream))) return found;
      if (!asked && found.headsAtSize === null) {
        await this.dataSource.query('SELECT audit.request_heads()');
        asked = true;
      }
      await sleep(Math.min(POLL_MS, Math.max(1, deadline - performance.now())));
    }
  }

  /** How the log is. */
  async state(): Promise<LogState> {
    const [row] = await this.dataSource.query<[StateRow]>(`
      SELECT c.size, c.at AS sealed_at, b.o_waiting AS waiting, b.o_oldest AS oldest,
             (SELECT count(*) FROM audit.quarantine WHERE restart IS NULL) AS quarantines,
             (SELECT coalesce(sum(upper(used + voided) - (
                SELECT sum(upper(r) - lower(r)) FROM unnest(used + voided) AS r)), 0) FROM audit.sealed_writer) AS missing
      FROM audit.backlog() b LEFT JOIN LATERAL (SELECT size, at FROM audit.checkpoint ORDER BY size DESC LIMIT 1) c ON true`);
    const now = this.clock.now().getTime();
    return {
      size: Number(row.size ?? 0),
      sealedAt: row.sealed_at,
      waiting: Number(row.waiting),
      sealLagSeconds: row.oldest ? Math.max(0, (now - row.oldest.getTime()) / 1000) : 0,
      openQuarantines: Number(row.quarantines),
      witnesses: await this.witnesses(now),
      missingNumbers: Number(row.missing),
    };
  }

  /** The places of the entries of a stream from one number to another, by number. */
  async placesOf(stream: string, from: number, to: number): Promise<Map<number, Place>> {
    const [rows, witnessed] = await Promise.all([
      this.dataSource.query<{ o_seq: string; o_idx: string | null }[]>(
        'SELECT o_seq, o_idx FROM audit.places($1) WHERE o_seq BETWEEN $2 AND $3',
        [stream, from, to],
      ),
      this.witnessedSize(),
    ]);
    return new Map(
      rows.map(({ o_seq: seq, o_idx }) => {
        const idx = o_idx === null ? null : Number(o_idx);
        return [Number(seq), { idx, witnessed: idx !== null && witnessed !== null && idx < witnessed }];
      }),
    );
  }

  /** The largest checkpoint that the policy's quorum has cosigned, of those over more than so many entries. */
  async witnessedSize(over = 0): Promise<number | null> {
    const policy = await this.policy.read();
    return policy ? this.witnessedUnder(policy, over) : null;
  }

  private async witnessedUnder(policy: Policy, over: number): Promise<number | null> {
    if (policy.quorum === 'none') return null;
    const rows = await this.dataSource.query<{ size: string; witnesses: string[] }[]>(
      `SELECT size, array_agg(DISTINCT witness) AS witnesses FROM audit.cosignature WHERE size > $1
       GROUP BY size ORDER BY size DESC LIMIT 100`,
      [over],
    );
    const found = rows.find(({ witnesses }) => quorumMet(policy, new Set(witnesses)));
    return found ? Number(found.size) : null;
  }

  private async completenessNow(stream: string): Promise<Completeness> {
    const nothing = { sealedSeq: null, headsAtSize: null, checkpointSize: null, witnessed: false };
    const [head] = await this.dataSource.query<{ seq: string; idx: string }[]>(
      'SELECT seq, idx FROM audit.sealed_head WHERE stream = $1',
      [stream],
    );
    if (!head) return nothing;
    const [map] = await this.dataSource.query<{ o_at_size: string; o_idx: string }[]>(
      'SELECT * FROM audit.heads_over($1)',
      [head.idx],
    );
    const over = Number(map ? map.o_idx : head.idx);
    const witnessed = await this.witnessedSize(over);
    const [checkpoint] = await this.dataSource.query<{ size: string }[]>(
      'SELECT size FROM audit.checkpoint WHERE size > $1 ORDER BY size DESC LIMIT 1',
      [over],
    );
    return {
      sealedSeq: Number(head.seq),
      headsAtSize: map ? Number(map.o_at_size) : null,
      checkpointSize: witnessed ?? (checkpoint ? Number(checkpoint.size) : null),
      witnessed: map !== undefined && witnessed !== null,
    };
  }

  private async isQuarantined(stream: string): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      'SELECT 1 FROM audit.quarantine WHERE stream = $1 AND restart IS NULL',
      [stream],
    );
    return rows.length > 0;
  }

  private async witnesses(now: number): Promise<LogState['witnesses']> {
    const policy = await this.policy.read();
    const rows = await this.dataSource.query<{ witness: string; size: string; t: string }[]>(
      `SELECT w.name AS witness, s.size, s.t FROM unnest($1::text[]) AS w (name)
       CROSS JOIN LATERAL (SELECT size, t FROM audit.cosignature WHERE witness = w.name ORDER BY size DESC, t DESC LIMIT 1) s`,
      [policy?.witnesses.map(({ name }) => name) ?? []],
    );
    return (policy?.witnesses ?? []).map(({ name }) => {
      const row = rows.find(({ witness }) => witness === name);
      if (!row) return { name, size: null, at: null, lagSeconds: null };
      const at = new Date(Number(row.t) * 1000);
      const lagSeconds = Math.max(0, (now - at.getTime()) / 1000);
      return { name, size: Number(row.size), at, lagSeconds };
    });
  }
}
