import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { authorize } from '../access/authorize.js';
import { SYSTEM_STREAM } from '../audit/streams.js';
import { UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { conflict, forbidden, notFound } from '../common/errors.js';
import { decodeCursor, toPage } from '../common/pages.js';
import type { ListQuarantinesQuery, RestartDto } from './dto/trail.dto.js';
import { QuarantinePage, QuarantineView } from './dto/trail.view.js';
import { RestartProposal } from './restart-proposal.entity.js';

interface QuarantineRow {
  id: string;
  alarm: string;
  stream: string;
  seq: string;
  leaf: Buffer;
  check_failed: string;
  reason: string;
  at: Date;
  restart: string | null;
  good_seq: string | null;
  good_leaf: Buffer | null;
  proposed_by: string | null;
  proposed_at: Date;
  proposal_reason: string;
  confirmed_by: string | null;
  confirmed_at: Date | null;
}

const QUARANTINES = `
  SELECT q.id, q.alarm, q.stream, q.seq, q.leaf, q.check_failed, q.reason, q.at, q.restart,
         h.seq AS good_seq, h.leaf AS good_leaf,
         p.proposed_by, p.proposed_at, p.reason AS proposal_reason, p.confirmed_by, p.confirmed_at
  FROM audit.quarantine q LEFT JOIN audit.sealed_head h USING (stream) LEFT JOIN app.restart_proposal p ON p.id = q.alarm`;

const isPlace = (text: string): boolean => /^\d{1,18}$/.test(text);
const TRAIL = { id: 'trail' };

/** Refused entries and how two persons let their streams go on: one proposes, another confirms. */
@Injectable()
export class QuarantinesService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
  ) {}

  /** The newest first. */
  async list(actor: Actor, { limit, cursor, count, open }: ListQuarantinesQuery): Promise<QuarantinePage> {
    authorize(abilityFor(actor), 'read-quarantine', 'Trail', TRAIL);
    const [before] = decodeCursor(cursor, [isPlace]) ?? [];
    const wanted = 'WHERE ($1::boolean IS NULL OR (q.restart IS NULL) = $1)';
    const rows = await this.dataSource.query<QuarantineRow[]>(
      `${QUARANTINES} ${wanted} AND ($2::bigint IS NULL OR q.id < $2) ORDER BY q.id DESC LIMIT $3`,
      [open ?? null, before ?? null, limit + 1],
    );
    const [total] = count
      ? await this.dataSource.query<[{ n: string }]>(
          `SELECT count(*) AS n FROM audit.quarantine q ${wanted}`,
          [open ?? null],
        )
      : [];
    return toPage(rows, limit, (row) => [row.id], viewOf, total && Number(total.n));
  }

  /** @throws 409 when it is proposed already */
  propose(actor: Actor, id: string, { reason }: RestartDto): Promise<QuarantineView> {
    return this.unitOfWork.run(actor, async (tx) => {
      tx.require('propose-restart', 'Trail', TRAIL);
      const row = await open(tx, id);
      const inserted = await tx.manager
        .createQueryBuilder()
        .insert()
        .into(RestartProposal)
        .values({
          id,
          stream: row.stream,
          proposedBy: actor.userId,
          proposedAt: tx.now,
          reason,
          confirmedBy: null,
          confirmedAt: null,
        })
        .orIgnore()
        .returning('id')
        .execute();
      if ((inserted.raw as unknown[]).length === 0) {
        throw conflict('already-proposed', 'Setting this entry aside is proposed already.');
      }
      tx.record({
        type: 'stream.restart-proposed',
        stream: SYSTEM_STREAM,
        target: { kind: 'stream', id: row.stream },
        values: { reason },
        data: { alarm: id, stream: row.stream, seq: Number(row.seq) },
      });
      return viewOf((await find(tx, id))!);
    });
  }

  /** @throws 403 for the person who proposed it, 409 unless it is proposed and not confirmed */
  confirm(actor: Actor, id: string, { reason }: RestartDto): Promise<QuarantineView> {
    return this.unitOfWork.run(actor, async (tx) => {
      tx.require('confirm-restart', 'Trail', TRAIL);
      const proposal = await tx.manager.findOne(RestartProposal, {
        where: { id },
        lock: { mode: 'pessimistic_write' },
      });
      const row = await open(tx, id);
      if (!proposal) throw conflict('not-proposed', 'Nobody has proposed to set this entry aside.');
      if (proposal.confirmedBy) throw conflict('already-confirmed', 'This restart is confirmed already.');
      if (proposal.proposedBy === actor.userId) {
        throw forbidden('Whoever proposed the restart cannot confirm it.');
      }
      await tx.manager.update(RestartProposal, { id }, { confirmedBy: actor.userId, confirmedAt: tx.now });
      const target = { kind: 'stream', id: row.stream };
      const entry = (seq: string, leaf: Buffer) => ({ seq: Number(seq), leaf: leaf.toString('base64') });
      const data = {
        lastGood: row.good_seq === null ? null : entry(row.good_seq, row.good_leaf!),
        setAside: [entry(row.seq, row.leaf)],
        proposedBy: proposal.proposedBy,
        confirmedBy: actor.userId,
      };
      tx.record({ type: 'stream.restart', stream: row.stream, target, values: { reason }, data });
      if (row.stream !== SYSTEM_STREAM) {
        const confirmed = { alarm: id, stream: row.stream, seq: Number(row.seq) };
        tx.record({ type: 'stream.restart-confirmed', stream: SYSTEM_STREAM, target, data: confirmed });
      }
      return viewOf((await find(tx, id))!);
    });
  }
}

async function find(tx: Transaction, id: string): Promise<QuarantineRow | undefined> {
  const [row] = await tx.manager.query<QuarantineRow[]>(`${QUARANTINES} WHERE q.alarm = $1`, [id]);
  return row;
}

async function open(tx: Transaction, id: string): Promise<QuarantineRow> {
  const row = await find(tx, id);
  if (!row) throw notFound('quarantine');
  if (row.restart) throw conflict('already-ended', 'This quarantine has ended.');
  return row;
}

const viewOf = (row: QuarantineRow): QuarantineView =>
  Object.assign(new QuarantineView(), {
    id: row.alarm,
    stream: row.stream,
    seq: Number(row.seq),
    leaf: row.leaf.toString('base64'),
    check: row.check_failed,
    reason: row.reason,
    at: row.at.toISOString(),
    proposal:
      row.proposed_by === null
        ? null
        : {
            proposedBy: row.proposed_by,
            proposedAt: row.proposed_at.toISOString(),
            reason: row.proposal_reason,
            confirmedBy: row.confirmed_by,
            confirmedAt: row.confirmed_at?.toISOString() ?? null,
          },
    restart: row.restart,
  });
