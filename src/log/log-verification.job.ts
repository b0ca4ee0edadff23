import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { StoredEntry } from '../audit/entry-checks.js';
import { Clock } from '../common/clock.js';
import { newId } from '../common/ids.js';
import { JobsService } from '../database/jobs.service.js';
import type { FailureView, LastVerificationView } from './dto/trail.view.js';
import { EntryVerifier, failure } from './entry-verifier.js';
import { Judge } from './judge.js';
import { PolicyFile } from './policy-file.js';

/** So many entries are looked at in an hour, in parts between which others get their turn. */
const HOURLY = 20_000;
const PART = 256;
const MAX_FAILURES = 20;

interface SealedRow {
  o_idx: string;
  o_leaf: Buffer;
  o_stream: string;
  o_seq: string;
  o_prev: Buffer;
  o_event: string;
  o_body: Buffer;
  o_writer: string;
  o_sig: Buffer;
  o_envelope: Buffer;
  o_entry_leaf: Buffer;
}

/**
 * Verifies the log itself, a part every hour and from the beginning again at its end, so that a change behind the
 * application shows before an auditor finds it.
 */
@Injectable()
export class LogVerificationJob implements OnModuleInit {
  private readonly logger = new Logger('LogVerification');

  constructor(
    private readonly dataSource: DataSource,
    private readonly policy: PolicyFile,
    private readonly jobs: JobsService,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.hourly('verify-log', (_, signal) => this.run(signal));
  }

  /** Verifies the next part and keeps how it ended. */
  async run(signal?: AbortSignal): Promise<void> {
    const policy = await this.policy.read();
    const verifier = policy && (await EntryVerifier.latest(this.dataSource, new Judge(policy.writers, [])));
    // Without a policy nobody says which keys are right.
    if (!verifier) return;
    const before = await this.last();
    const from = before && before.to < verifier.size ? before.to : 0;
    const until = Math.min(from + HOURLY, verifier.size);
    const failures: FailureView[] = [];
    let to = from;
    while (to < until && !signal?.aborted) {
      failures.push(...(await this.part(verifier, to, until)));
      to = Math.min(to + PART, until);
    }
    // One changed leaf changes the proofs of its neighbours: what is wrong in itself comes first.
    failures.sort((a, b) => Number(a.check === 'INCLUSION') - Number(b.check === 'INCLUSION'));
    await this.dataSource.query(
      `INSERT INTO app.trail_verification (id, at, from_idx, to_idx, log_size, failures)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [newId(), this.clock.now(), from, to, verifier.size, JSON.stringify(failures.slice(0, MAX_FAILURES))],
    );
    if (failures.length > 0) {
      this.logger.error({ failures: failures.length, first: failures[0], message: 'the log was changed' });
    }
  }

  /** How the latest part ended. */
  async last(): Promise<LastVerificationView | null> {
    const [row] = await this.dataSource.query<
      { at: Date; from_idx: string; to_idx: string; failures: FailureView[] }[]
    >('SELECT at, from_idx, to_idx, failures FROM app.trail_verification ORDER BY at DESC, id DESC LIMIT 1');
    if (!row) return null;
    const [from, to] = [Number(row.from_idx), Number(row.to_idx)];
    return { at: row.at.toISOString(), from, to, failures: row.failures };
  }

  private async part(verifier: EntryVerifier, from: number, until: number): Promise<FailureView[]> {
    const wanted = Math.min(PART, until - from);
    const rows = await this.dataSource.query<SealedRow[]>('SELECT * FROM audit.sealed_entries($1, $2)', [
      from,
      wanted,
    ]);
    const failures: FailureView[] = [];
    if (rows.length < wanted) {
      const message = `${wanted - rows.length} of the entries ${from} to ${from + wanted - 1} are gone`;
      failures.push({ check: 'MISSING', stream: '', seq: null, message });
    }
    for (const row of rows) {
      const entry = entryOf(row);
      const wrong = row.o_leaf.equals(row.o_entry_leaf)
        ? await verifier.failureOf(entry, Number(row.o_idx))
        : failure(entry, 'LEAF', 'the log has another hash than the entry');
      if (wrong) failures.push(wrong);
    }
    return failures;
  }
}

const entryOf = (row: SealedRow): StoredEntry => ({
  stream: row.o_stream,
  seq: row.o_seq,
  prev: row.o_prev,
  event: row.o_event,
  body: row.o_body,
  writer: row.o_writer,
  sig: row.o_sig,
  envelope: row.o_envelope,
  leaf: row.o_entry_leaf,
});
