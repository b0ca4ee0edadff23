import { Injectable } from '@nestjs/common';
import { IsNull, LessThan } from 'typeorm';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import type { Role } from '../access/roles.js';
import type { EventType } from '../audit/events.js';
import { UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { UserAccount } from '../auth/account.entity.js';
import { conflict, forbidden, notFound } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { checkVersion } from '../common/versions.js';
import { rowsOf } from '../database/insert-rows.js';
import { Case } from '../intake/case.entity.js';
import type { NoticeKind } from '../notices/notice.entity.js';
import { NoticesService } from '../notices/notices.service.js';
import { ALONE_MS, APPROVED_MS, BrokenGlass, REVIEW_MS } from './broken-glass.entity.js';
import type { BreakGlassDto, ReviewGlassDto } from './dto/broken-glass.dto.js';
import { BrokenGlassView } from './dto/broken-glass.view.js';
import { readableGlass } from './readable-glass.js';
import { textOf, watchersOf } from './watchers.js';

const watching: readonly Role[] = ['SUPERVISOR', 'AUDITOR'];

/**
 * Reading a case in an emergency without being assigned to it: for a short time, seen by those whose case it is, and
 * reviewed by somebody without a part in it. Who has to keep away from a case stays away (ADR 17, 21).
 */
@Injectable()
export class BreakGlassService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly notices: NoticesService,
  ) {}

  /** @throws 409 while an earlier one awaits its review longer than 72 hours */
  break(actor: Actor, { category, reason, ...dto }: BreakGlassDto): Promise<BrokenGlassView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const { manager, now } = tx;
      const { userId } = actor;
      const reference = dto.reference.toUpperCase();
      tx.require('break', 'BrokenGlass', { userId, organId: '', caseId: null });
      // One at a time for each person, so that two at once cannot both find nothing that speaks against them. Notices may
      // be written to them meanwhile: of two who break glasses at the same moment, each is told of the other.
      await manager.findOneOrFail(UserAccount, {
        where: { id: userId },
        lock: { mode: 'for_no_key_update' },
      });
      await refuseOverdue(tx);
      await refuseSecond(tx, reference);
      const seen = await manager.findOneBy(Case, { reference });
      if (seen && abilityFor(actor).can('read', seen, 'statement')) {
        throw conflict('glass-not-needed', 'You may read this case as it is.');
      }
      const [found] = await manager.query<{ o_id: string; o_organ: string }[]>(
        'SELECT * FROM app.case_numbered($1)',
        [reference],
      );
      const glass = Object.assign(new BrokenGlass(), {
        id: newId(),
        userId,
        reference,
        caseId: found?.o_id ?? null,
        organId: found?.o_organ ?? organOf(actor),
        outcome: outcomeOf(actor, found?.o_id),
        category,
        reason,
        brokenAt: now,
        openUntil: new Date(now.getTime() + ALONE_MS),
        approvedBy: null,
        approvedAt: null,
        endedAt: null,
        reviewedBy: null,
        reviewedAt: null,
        verdict: null,
        reviewReason: null,
        version: 1,
      });
      await tx.insert(rowsOf(BrokenGlass, [glass]));
      const told = await this.tell(tx, glass, 'GLASS_BROKEN', watching);
      record(tx, glass, 'glass.broken', { reference, category, reason, told, with: actor.steppedUpWith });
      return viewOf(tx, glass);
    });
  }

  /** Four hours instead of a quarter of one. @throws 403 for its user, 409 when it is over or opened nothing */
  approve(actor: Actor, id: string, version: number, reason: string): Promise<BrokenGlassView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const glass = await lock(tx, id, version);
      if (glass.userId === actor.userId) {
        throw forbidden('Whoever broke the glass cannot approve it. Ask another person.');
      }
      tx.require('approve', 'BrokenGlass', glass);
      if (glass.outcome !== 'OPENED') {
        throw conflict('glass-opened-nothing', `It opened nothing: ${glass.outcome}.`);
      }
      refuseOver(tx, glass);
      if (glass.approvedBy) throw conflict('already-approved', 'A second person approved it already.');
      const openUntil = new Date(glass.brokenAt.getTime() + APPROVED_MS);
      Object.assign(glass, { approvedBy: actor.userId, approvedAt: tx.now, openUntil });
      await save(tx, glass);
      const told = await this.tell(tx, glass, 'GLASS_APPROVED', watching);
      record(tx, glass, 'glass.approved', { reason, openUntil, told, with: actor.steppedUpWith });
      return viewOf(tx, glass);
    });
  }

  /** Ends it before its time. @throws 403 for anybody but its user */
  end(actor: Actor, id: string, version: number): Promise<BrokenGlassView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const glass = await lock(tx, id, version);
      tx.require('end', 'BrokenGlass', glass);
      refuseOver(tx, glass);
      glass.endedAt = tx.now;
      await save(tx, glass);
      record(tx, glass, 'glass.ended', {});
      return viewOf(tx, glass);
    });
  }

  /** @throws 403 for who has a part in it: its user, who approved it, whoever ever investigated the case */
  review(
    actor: Actor,
    id: string,
    version: number,
    { verdict, reason }: ReviewGlassDto,
  ): Promise<BrokenGlassView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const glass = await lock(tx, id, version);
      tx.require('review', 'BrokenGlass', glass);
      await refuseInvolved(tx, glass);
      if (glass.verdict) throw conflict('already-reviewed', `It was reviewed already: ${glass.verdict}.`);
      if (!glass.isOver(tx.now)) {
        throw conflict('glass-open', `It is open until ${glass.openUntil.toISOString()}. Review it then.`);
      }
      Object.assign(glass, {
        verdict,
        reviewReason: reason,
        reviewedBy: actor.userId,
        reviewedAt: tx.now,
      });
      await save(tx, glass);
      const told =
        verdict === 'ESCALATE' ? await this.tell(tx, glass, 'GLASS_ESCALATED', ['AGENCY_HEAD']) : [];
      record(tx, glass, 'glass.reviewed', { verdict, reason, told });
      return viewOf(tx, glass);
    });
  }

  private async tell(
    tx: Transaction,
    glass: BrokenGlass,
    kind: NoticeKind,
    roles: readonly Role[],
  ): Promise<string[]> {
    const told = await watchersOf(tx, glass, roles);
    const { displayName, username } = await tx.manager.findOneByOrFail(UserAccount, { id: glass.userId });
    await this.notices.tell(tx, told, {
      kind,
      caseId: glass.caseId,
      text: textOf(kind, glass, `${displayName} (${username})`),
      link: `/break-glass/${glass.id}`,
    });
    return told;
  }
}

const viewOf = ({ actor, now }: Transaction, glass: BrokenGlass): BrokenGlassView =>
  BrokenGlassView.of(glass, actor.userId, now);

/** That of the first grant which lets them break glass. */
const organOf = (actor: Actor): string =>
  actor.grants.find((grant) => abilityFor({ ...actor, grants: [grant] }).can('break', 'BrokenGlass'))!
    .organId;

const outcomeOf = ({ conflicts }: Actor, caseId: string | undefined): BrokenGlass['outcome'] =>
  caseId === undefined ? 'NO_SUCH_CASE' : conflicts.includes(caseId) ? 'IN_CONFLICT' : 'OPENED';

/** @throws 404 unless the actor broke it or oversees it, 412 when it is no longer the version that they read */
async function lock(tx: Transaction, id: string, version: number): Promise<BrokenGlass> {
  const glass = await readableGlass(tx.manager, tx.ability)
    .andWhere('glass.id = :id', { id })
    .setLock('pessimistic_write')
    .getOne();
  if (!glass) throw notFound('breaking of a glass');
  checkVersion(glass, version);
  return glass;
}

async function save(tx: Transaction, glass: BrokenGlass): Promise<void> {
  glass.version++;
  await tx.save(glass);
}

/** In the stream of its user alone: a receipt of the case's would tell its user that there is such a case. */
function record(
  tx: Transaction,
  { id, userId, version }: BrokenGlass,
  type: EventType,
  values: Readonly<Record<string, unknown>>,
): void {
  tx.record({ type, stream: userId, target: { kind: 'broken-glass', id, rev: version }, values });
}

async function refuseOverdue({ manager, now, actor: { userId } }: Transaction): Promise<void> {
  const brokenAt = LessThan(new Date(now.getTime() - REVIEW_MS));
  const overdue = await manager.find(BrokenGlass, {
    where: { userId, brokenAt, verdict: IsNull() },
    order: { id: 'ASC' },
  });
  if (overdue.length === 0) return;
  throw conflict(
    'review-overdue',
    'You broke a glass more than 72 hours ago, and nobody has reviewed it. Ask an auditor or the head to do so first.',
    { overdue: overdue.map(({ id }) => id) },
  );
}

async function refuseSecond({ manager, now, actor }: Transaction, reference: string): Promise<void> {
  const rows = await manager.findBy(BrokenGlass, { userId: actor.userId, reference });
  const open = rows.find((row) => !row.isOver(now));
  if (!open) return;
  const until = open.openUntil.toISOString();
  throw conflict('glass-broken-already', `You broke it already, until ${until}.`, { id: open.id });
}

function refuseOver({ now }: Transaction, glass: BrokenGlass): void {
  if (!glass.isOver(now)) return;
  const end = (glass.endedAt ?? glass.openUntil).toISOString();
  throw conflict('glass-over', `It is over since ${end}.`);
}

async function refuseInvolved(
  { manager, actor: { userId } }: Transaction,
  glass: BrokenGlass,
): Promise<void> {
  const { caseId } = glass;
  const [{ investigated }] = await manager.query<[{ investigated: boolean }]>(
    'SELECT app.ever_investigated($1, $2) AS investigated',
    [userId, caseId],
  );
  const involved = [glass.userId, glass.approvedBy].includes(userId) || investigated;
  if (involved) throw forbidden('You have a part in it. Somebody who has none reviews it.');
}
