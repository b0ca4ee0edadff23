import { Injectable } from '@nestjs/common';
import { Brackets, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { CaseDatabase } from '../access/case-database.js';
import { whereAccessible } from '../access/where-accessible.js';
import { UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { legalDay } from '../common/clock.js';
import { conflict, notFound } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { rowsOf } from '../database/insert-rows.js';
import { checkVersion } from '../common/versions.js';
import { newestFirst } from '../database/newest-first.js';
import { Case } from '../intake/case.entity.js';
import { recordableIn, type CaseStatus } from '../intake/case.states.js';
import { CasesService } from '../intake/cases.service.js';
import { refuseSecondOffice } from '../intake/offices.js';
import { paperDay } from '../intake/paper-day.js';
import { ProcedureService } from '../intake/procedure.service.js';
import { FindingsService } from '../investigations/findings.service.js';
import { rulebookOf } from '../rulebook/rulebook.js';
import type {
  DecideSanctionDto,
  ListSanctionsQuery,
  MeetingDto,
  ProposeSanctionDto,
  ServeSanctionDto,
} from './dto/sanction.dto.js';
import { SanctionPage, SanctionView } from './dto/sanction.view.js';
import { refuseUnfounded, refuseUnproven } from './grounds.js';
import { endOfPeriod } from './period.js';
import { Sanction } from './sanction.entity.js';
import { sanctionDeeds } from './sanction.states.js';

@Injectable()
export class SanctionsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly database: CaseDatabase,
    private readonly cases: CasesService,
    private readonly procedure: ProcedureService,
    private readonly findings: FindingsService,
  ) {}

  propose(actor: Actor, caseId: string, dto: ProposeSanctionDto): Promise<SanctionView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, caseId);
      tx.require('propose-sanction', 'Case', row);
      refuseOutOfTurn(row, recordableIn['propose-sanction'], 'proposed');
      await refuseSecondOffice(tx, caseId, 'LEGAL');
      await refuseUnfounded(tx, caseId, dto, await this.findings.inForce(tx, caseId));
      const { officerId, track, kind, allegationIds, basis, reason } = dto;
      const sanction = tx.manager.create(Sanction, {
        id: newId(),
        caseId,
        officerId,
        track,
        kind,
        status: 'PROPOSED',
        allegationIds,
        basis,
        reason,
        proposedBy: actor.userId,
        proposedAt: tx.now,
        decidedBy: null,
        effectiveFrom: null,
        endsOn: null,
        servedOn: null,
        sourceWords: null,
        version: 1,
      });
      await tx.insert(rowsOf(Sanction, [sanction]));
      tx.record({
        type: 'sanction.proposed',
        stream: caseId,
        target: { kind: 'sanction', id: sanction.id, rev: 1 },
        values: { ...dto, status: 'PROPOSED' },
      });
      return SanctionView.of(sanction);
    });
  }

  /** Follows a proposal or refuses it, before the case is decided; by a meeting with its minutes, as the case is. */
  decide(
    actor: Actor,
    id: string,
    version: number,
    { outcome, meeting, reason }: DecideSanctionDto,
  ): Promise<SanctionView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const { sanction, row } = await this.lock(tx, id);
      tx.require('decide', 'Sanction', sanction);
      tx.require('decide', 'Case', row);
      checkVersion(sanction, version);
      refuseOutOfTurn(row, sanctionDeeds.decide.inCases, 'decided');
      await refuseSecondOffice(tx, row.id, 'DECISION');
      const details = { meeting, ...(await this.judgeMeeting(tx, row, meeting)) };
      if (outcome === 'DECIDED') await this.enact(tx, row, sanction, meeting.heldOn, reason, details);
      else await this.refuse(tx, sanction, reason, details);
      return SanctionView.of(sanction);
    });
  }

  /** A meeting decides on what was reviewed, so it is not held before that. */
  async judgeMeeting(tx: Transaction, row: Case, { heldOn }: MeetingDto): Promise<{ recordedLate?: true }> {
    const review = await this.procedure.latest(tx, row.id, 'legal-review');
    return paperDay(heldOn, {
      from: legalDay(review?.doneAt ?? row.receivedAt),
      today: legalDay(tx.now),
      pointer: '/meeting/heldOn',
    });
  }

  /** Records that the officer received it. */
  serve(
    actor: Actor,
    id: string,
    version: number,
    { servedOn, reason }: ServeSanctionDto,
  ): Promise<SanctionView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const { sanction, row } = await this.lock(tx, id);
      tx.require('serve', 'Sanction', sanction);
      tx.require('serve-decision', 'Case', row);
      checkVersion(sanction, version);
      refuseOutOfTurn(row, sanctionDeeds.serve.inCases, 'served');
      await this.markServed(tx, sanction, servedOn, reason);
      return SanctionView.of(sanction);
    });
  }

  /** Decides every proposal of a case that is still open, on the day of the meeting. @returns the decided ones */
  async decideOpen(tx: Transaction, row: Case, day: string, reason: string): Promise<Sanction[]> {
    const all = await this.ofCase(tx, row.id);
    for (const sanction of all.filter(({ status }) => status === 'PROPOSED')) {
      await this.enact(tx, row, sanction, day, reason);
    }
    return all.filter(({ status }) => status === 'DECIDED');
  }

  async refuseOpen(tx: Transaction, caseId: string, reason: string): Promise<void> {
    for (const sanction of await this.ofCase(tx, caseId)) {
      if (sanction.status === 'PROPOSED') await this.refuse(tx, sanction, reason);
    }
  }

  async serveDecided(tx: Transaction, caseId: string, servedOn: string, reason: string): Promise<void> {
    for (const sanction of await this.ofCase(tx, caseId)) {
      if (sanction.status === 'DECIDED') await this.markServed(tx, sanction, servedOn, reason);
    }
  }

  ofCase(tx: Transaction, caseId: string): Promise<Sanction[]> {
    return tx.manager.find(Sanction, { where: { caseId }, order: { id: 'ASC' } });
  }

  async get(actor: Actor, id: string): Promise<SanctionView> {
    const sanction = await this.database.as(actor, (manager) =>
      readable(manager, actor).andWhere('sanction.id = :id', { id }).getOne(),
    );
    if (!sanction) throw notFound('sanction');
    return SanctionView.of(sanction);
  }

  /** Of the cases that you may see, and your own once decided; newest first. */
  list(actor: Actor, query: ListSanctionsQuery): Promise<SanctionPage> {
    return this.database.as(actor, (manager) => {
      const matching = readable(manager, actor);
      if (query.officerId)
        matching.andWhere('sanction.officerId = :officerId', { officerId: query.officerId });
      if (query.status) matching.andWhere('sanction.status = :status', { status: query.status });
      if (query.kind) matching.andWhere('sanction.kind = :kind', { kind: query.kind });
      return newestFirst(matching, query, (sanction) => SanctionView.of(sanction));
    });
  }

  private async lock(tx: Transaction, id: string): Promise<{ sanction: Sanction; row: Case }> {
    const found = await tx.manager.findOneBy(Sanction, { id });
    const row = found && (await this.cases.lockIfReadable(tx, found.caseId));
    if (!row) throw notFound('sanction');
    // Read again: the lock on the case keeps its sanctions still.
    return { sanction: await tx.manager.findOneByOrFail(Sanction, { id }), row };
  }

  private async enact(
    tx: Transaction,
    row: Case,
    sanction: Sanction,
    day: string,
    reason: string,
    details: object = {},
  ): Promise<void> {
    refuseUnproven(sanction, await this.findings.inForce(tx, row.id));
    const status = sanction.advance('DECIDED');
    sanction.decidedBy = tx.actor.userId;
    sanction.effectiveFrom = day;
    sanction.endsOn = endOfPeriod(rulebookOf(row.rulebookVersion), sanction.kind, day);
    await tx.save(sanction);
    tx.record({
      type: 'sanction.decided',
      stream: sanction.caseId,
      target: { kind: 'sanction', id: sanction.id, rev: sanction.version },
      values: {
        status,
        effectiveFrom: { from: null, to: day },
        endsOn: { from: null, to: sanction.endsOn },
        decidedBy: { from: null, to: sanction.decidedBy },
        reason,
        ...details,
      },
    });
  }

  private async refuse(
    tx: Transaction,
    sanction: Sanction,
    reason: string,
    details: object = {},
  ): Promise<void> {
    const status = sanction.advance('REFUSED');
    sanction.decidedBy = tx.actor.userId;
    await tx.save(sanction);
    tx.record({
      type: 'sanction.refused',
      stream: sanction.caseId,
      target: { kind: 'sanction', id: sanction.id, rev: sanction.version },
      values: { status, decidedBy: { from: null, to: sanction.decidedBy }, reason, ...details },
    });
  }

  private async markServed(
    tx: Transaction,
    sanction: Sanction,
    servedOn: string,
    reason: string,
  ): Promise<void> {
    const status = sanction.advance('SERVED');
    const late = paperDay(servedOn, {
      from: sanction.effectiveFrom ?? servedOn,
      today: legalDay(tx.now),
      pointer: '/servedOn',
    });
    sanction.servedOn = servedOn;
    await tx.save(sanction);
    tx.record({
      type: 'sanction.served',
      stream: sanction.caseId,
      target: { kind: 'sanction', id: sanction.id, rev: sanction.version },
      values: { status, servedOn: { from: null, to: servedOn }, reason, ...late },
    });
  }
}

function refuseOutOfTurn(row: Case, states: readonly CaseStatus[], deed: string): void {
  if (states.includes(row.status)) return;
  throw conflict('sanction-out-of-turn', `In a case that is ${row.status} no sanction is ${deed}.`, {
    state: row.status,
    allowedIn: states,
  });
}

function readable(manager: EntityManager, actor: Actor): SelectQueryBuilder<Sanction> {
  const ability = abilityFor(actor);
  const own = whereAccessible(
    manager.createQueryBuilder(Sanction, 'own').select('own.id'),
    ability,
    'read',
    'Sanction',
  );
  const cases = whereAccessible(
    manager.createQueryBuilder(Case, 'case').select('case.id'),
    ability,
    'read',
    'Case',
    'sanctions',
  );
  return manager.createQueryBuilder(Sanction, 'sanction').where(
    new Brackets((where) => {
      where
        .where(`sanction.id IN (${own.getQuery()})`, own.getParameters())
        .orWhere(`sanction.caseId IN (${cases.getQuery()})`, cases.getParameters());
    }),
  );
}
