import { Page } from '../../common/pages.js';
import { TrailCheck, TrailCheckStatus } from '../trail-check.entity.js';

export class EntryActorView {
  uid: string;
  role: string;
}

/** An entry as far as it names nobody but who acted. */
export class EntryView {
  stream: string;
  seq: number;
  event: string;
  /** Null for a forged entry that says none. */
  type: string | null;
  /** The type in words. */
  words: string | null;
  actor: EntryActorView | null;
  /** When PostgreSQL wrote it. */
  at: string;
  /** Which process signed it. */
  writer: string;
  /** Its place in the log; null until it is sealed. */
  idx: number | null;
  /** Hash of the envelope, in base64. */
  leaf: string;
  /** The signed text of the entry, which holds digests only. */
  envelope: string;
}

export class EntryPage implements Page<EntryView> {
  /** The newest first. May be shorter than asked for although there are more: see `nextCursor`. */
  items: EntryView[];
  /** Pass it as `cursor` for the next page; null at the end. */
  nextCursor: string | null;
}

export class CheckpointView {
  /** How many entries it covers. */
  size: number;
  /** Root of the tree over them, in base64. */
  root: string;
  at: string;
  /** The signed note, with the latest cosignature of each witness. */
  note: string;
  /** The latest cosignature of each witness. */
  witnesses: WitnessedView[];
  /** How many time stamps of an RFC 3161 authority there are for it. */
  timestamps: number;
}

export class WitnessedView {
  witness: string;
  /** When the witness says that it saw it. */
  at: string;
}

export class CheckpointPage implements Page<CheckpointView> {
  /** The newest first. */
  items: CheckpointView[];
  /** Pass it as `cursor` for the next page; null at the end. */
  nextCursor: string | null;
  total?: number;
}

export class ProposalView {
  proposedBy: string;
  proposedAt: string;
  reason: string;
  confirmedBy: string | null;
  confirmedAt: string | null;
}

/** An entry that the sealer refused. Its stream waits; all others go on. */
export class QuarantineView {
  id: string;
  stream: string;
  seq: number;
  leaf: string;
  /** Which check it failed. */
  check: string;
  reason: string;
  at: string;
  proposal: ProposalView | null;
  /** The stream.restart event that ended it. */
  restart: string | null;
}

export class QuarantinePage implements Page<QuarantineView> {
  /** The newest first. */
  items: QuarantineView[];
  /** Pass it as `cursor` for the next page; null at the end. */
  nextCursor: string | null;
  total?: number;
}

export class PolicyView {
  /** The text of the policy. */
  text: string;
  /** SHA-256 of the text in hexadecimal: what an auditor compares on another way. */
  sha256: string;
}

export class FailureView {
  check: string;
  stream: string;
  seq: number | null;
  message: string;
}

export class WitnessStateView {
  name: string;
  /** Size of the last checkpoint that it cosigned; null when it never did. */
  size: number | null;
  at: string | null;
  /** Seconds since then. */
  lagSeconds: number | null;
}

export class LastVerificationView {
  at: string;
  /** The entries of the log that it looked at: from this one to before that one. */
  from: number;
  to: number;
  failures: FailureView[];
}

/** How the trail is, or how one stream of it is. */
export class VerificationView {
  valid: boolean;
  /** The entries that this answer looked at; none for the summary. */
  checked: number;
  failures: FailureView[];
  /** Pass it as `after` to go on; null at the end. */
  nextAfter: number | null;
  /** Size of the log, and when it last grew. */
  size: number;
  sealedAt: string | null;
  /** Entries that wait for the sealer, and for how many seconds the oldest has. */
  waiting: number;
  sealLagSeconds: number;
  openQuarantines: number;
  witnesses: WitnessStateView[];
  /** The largest checkpoint that the policy's quorum of witnesses has cosigned; null when there is none. */
  witnessedSize: number | null;
  /** Numbers of writers that are missing: a process was killed, or entries were deleted before they were sealed. */
  missingNumbers: number;
  /** The latest verification of a part of the log, which runs hourly. */
  lastVerification: LastVerificationView | null;
}

/** A verification of the whole log: how far it is, and how it ended. */
export class TrailCheckView {
  id: string;
  requestedBy: string;
  requestedAt: string;
  status: TrailCheckStatus;
  /** The entries that were in the log when it was asked for; later ones are not looked at. */
  size: number;
  /** Looked at so far. */
  checked: number;
  /** How many of these do not hold. */
  wrong: number;
  /** The first of them; those that are wrong in themselves before those that only stand beside one. */
  failures: FailureView[];
  finishedAt: string | null;

  static of(row: TrailCheck): TrailCheckView {
    return Object.assign(new TrailCheckView(), {
      id: row.id,
      requestedBy: row.requestedBy,
      requestedAt: row.requestedAt.toISOString(),
      status: row.status,
      size: Number(row.size),
      checked: Number(row.checked),
      wrong: Number(row.wrong),
      failures: row.failures,
      finishedAt: row.finishedAt?.toISOString() ?? null,
    });
  }
}

export class TrailCheckPage implements Page<TrailCheckView> {
  /** The newest first, whoever asked for them. */
  items: TrailCheckView[];
  nextCursor: string | null;
  total?: number;
}
