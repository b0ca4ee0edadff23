import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { linkRefusal, type Link, type StoredEntry } from '../audit/entry-checks.js';
import { parseEnvelope } from '../audit/envelope.js';
import { conflict } from '../common/errors.js';
import type { VerifyQuery } from './dto/trail.dto.js';
import { VerificationView, type FailureView } from './dto/trail.view.js';
import { mayRead } from './entries.service.js';
import { EntryVerifier, failure } from './entry-verifier.js';
import { Judge } from './judge.js';
import { LogVerificationJob } from './log-verification.job.js';
import { LogService } from './log.service.js';
import { PolicyFile } from './policy-file.js';

/** So many entries of a stream are looked at for one answer. */
const PAGE = 500;

interface HistoryRow {
  o_seq: string;
  o_event: string;
  o_body: Buffer;
  o_writer: string;
  o_sig: Buffer;
  o_envelope: Buffer;
  o_leaf: Buffer;
}

interface StreamCheck {
  readonly checked: number;
  readonly failures: FailureView[];
  readonly nextAfter: number | null;
}

/** Answers an auditor's question how the trail is, or verifies one stream page by page. */
@Injectable()
export class VerificationService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly log: LogService,
    private readonly policy: PolicyFile,
    private readonly job: LogVerificationJob,
  ) {}

  /** @throws 409 for a stream when there is no policy, since nobody says then which keys are right */
  async verify(actor: Actor, { stream, after }: VerifyQuery): Promise<VerificationView> {
    mayRead(actor);
    const [state, lastVerification, witnessedSize] = await Promise.all([
      this.log.state(),
      this.job.last(),
      this.log.witnessedSize(),
    ]);
    const check: StreamCheck =
      stream === undefined
        ? { checked: 0, failures: lastVerification?.failures ?? [], nextAfter: null }
        : await this.streamPage(stream, after);
    return Object.assign(new VerificationView(), {
      valid: check.failures.length === 0,
      ...check,
      size: state.size,
      sealedAt: state.sealedAt?.toISOString() ?? null,
      waiting: state.waiting,
      sealLagSeconds: state.sealLagSeconds,
      openQuarantines: state.openQuarantines,
      witnesses: state.witnesses.map((witness) => ({ ...witness, at: witness.at?.toISOString() ?? null })),
      witnessedSize,
      missingNumbers: state.missingNumbers,
      lastVerification,
    });
  }

  private async streamPage(stream: string, after: number | undefined): Promise<StreamCheck> {
    const policy = await this.policy.read();
    const verifier = policy && (await EntryVerifier.latest(this.dataSource, new Judge(policy.writers, [])));
    if (!verifier) {
      throw conflict(
        'nothing-to-compare',
        'There is no policy or no checkpoint to verify the stream against.',
      );
    }
    // The entry before the page too, for the link to it.
    const rows = await this.dataSource.query<HistoryRow[]>('SELECT * FROM audit.history($1, $2, $3)', [
      stream,
      (after ?? -1) - 1,
      PAGE + 1,
    ]);
    const places = await this.placesOf(stream);
    const page = rows.filter(({ o_seq }) => Number(o_seq) > (after ?? -1)).slice(0, PAGE);
    const [first] = rows;
    let before: Link | undefined =
      after !== undefined && first && Number(first.o_seq) === after
        ? { seq: BigInt(after), leaf: first.o_leaf }
        : undefined;
    const failures: FailureView[] = [];
    for (const row of page) {
      const { idx, setAside } = places.get(row.o_seq) ?? { idx: null, setAside: false };
      const wrong = setAside ? undefined : await verifyOne(verifier, stream, row, before, idx);
      if (wrong) failures.push(wrong);
      before = { seq: BigInt(row.o_seq), leaf: row.o_leaf };
    }
    const last = page.at(-1);
    return {
      checked: page.length,
      failures,
      nextAfter: last && rows.at(-1) !== last ? Number(last.o_seq) : null,
    };
  }

  private async placesOf(stream: string): Promise<Map<string, { idx: number | null; setAside: boolean }>> {
    const rows = await this.dataSource.query<{ o_seq: string; o_idx: string | null; aside: boolean }[]>(
      `SELECT p.o_seq, p.o_idx, EXISTS (SELECT 1 FROM audit.quarantine q
         WHERE q.stream = $1 AND q.seq = p.o_seq AND q.leaf = p.o_leaf AND q.restart IS NOT NULL) AS aside
       FROM audit.places($1) p`,
      [stream],
    );
    return new Map(
      rows.map(({ o_seq, o_idx, aside }) => [
        o_seq,
        { idx: o_idx === null ? null : Number(o_idx), setAside: aside },
      ]),
    );
  }
}

async function verifyOne(
  verifier: EntryVerifier,
  stream: string,
  row: HistoryRow,
  before: Link | undefined,
  idx: number | null,
): Promise<FailureView | undefined> {
  const entry = { stream, seq: row.o_seq };
  let stored: StoredEntry;
  try {
    const envelope = parseEnvelope(row.o_envelope);
    stored = {
      ...entry,
      prev: envelope.prev,
      event: row.o_event,
      body: row.o_body,
      writer: row.o_writer,
      sig: row.o_sig,
      envelope: row.o_envelope,
      leaf: row.o_leaf,
    };
    const refusal = linkRefusal(envelope, before);
    if (refusal) return failure(entry, ...refusal);
  } catch {
    return failure(entry, 'ENVELOPE', 'the envelope cannot be read');
  }
  return verifier.failureOf(stored, idx);
}
