import { Injectable } from '@nestjs/common';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { CaseDatabase } from '../access/case-database.js';
import { whereAccessible } from '../access/where-accessible.js';
import type { Subject } from '../audit/row-changes.js';
import { UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { conflict, forbidden, notFound } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { rowsOf } from '../database/insert-rows.js';
import { AffectedPerson } from '../intake/allegation.entity.js';
import { Case } from '../intake/case.entity.js';
import { finalStatuses } from '../intake/case.states.js';
import { CasesService } from '../intake/cases.service.js';
import type { ReasonDto } from '../intake/dto/deeds.dto.js';
import type { ProposeErasureDto } from './dto/erasure.dto.js';
import { ErasureView } from './dto/erasure.view.js';
import { Erasure } from './erasure.entity.js';

/**
 * Erases the data of a person in a case: their row is emptied (a reporter's in the vault), their key is destroyed and with it every value about
 * them beside the trail. The entries of the trail stay and verify; one of them says who erased, why and by which
 * article. One person proposes, another decides.
 */
@Injectable()
export class ErasuresService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly database: CaseDatabase,
    private readonly cases: CasesService,
  ) {}

  list(actor: Actor, caseId: string): Promise<ErasureView[]> {
    return this.database.as(actor, async (manager) => {
      const readable = await whereAccessible(
        manager.createQueryBuilder(Case, 'case').where('case.id = :caseId', { caseId }),
        abilityFor(actor),
        'read',
        'Case',
      ).getExists();
      if (!readable) throw notFound('case');
      const rows = await manager.find(Erasure, { where: { caseId }, order: { id: 'DESC' } });
      return rows.map((row) => ErasureView.of(row));
    });
  }

  /** @throws 409 while the case is open (个人信息保护法 47, second sentence: then storage is all that is left) */
  propose(actor: Actor, caseId: string, dto: ProposeErasureDto): Promise<ErasureView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, caseId);
      tx.require('propose-erasure', 'Case', row);
      refuseWhileOpen(row);
      await personIn(tx, { caseId, person: dto.person, personId: dto.personId ?? null });
      const erasure = Object.assign(new Erasure(), {
        id: newId(),
        caseId,
        person: dto.person,
        personId: dto.personId ?? null,
        legalBasis: dto.legalBasis,
        status: 'PROPOSED',
        proposedBy: actor.userId,
        proposedAt: tx.now,
        reason: dto.reason,
        decidedBy: null,
        decidedAt: null,
      });
      await tx.insert(rowsOf(Erasure, [erasure]));
      record(tx, erasure, 'subject.erase-proposed', dto.reason);
      return ErasureView.of(erasure);
    });
  }

  confirm(actor: Actor, id: string, { reason }: ReasonDto): Promise<ErasureView> {
    return this.decide(actor, id, async (tx, erasure) => {
      const person = await personIn(tx, erasure);
      // First, since the database lets nothing else empty a person's row.
      await this.settle(tx, erasure, 'DONE');
      if (person) {
        await tx.save(Object.assign(person, { name: null, organisation: null, vulnerabilities: [] }));
      } else await tx.manager.query('SELECT vault.erase($1)', [erasure.caseId]);
      record(tx, erasure, 'subject.erase', reason, subjectOf(erasure));
    });
  }

  refuse(actor: Actor, id: string, { reason }: ReasonDto): Promise<ErasureView> {
    return this.decide(actor, id, async (tx, erasure) => {
      await this.settle(tx, erasure, 'REFUSED');
      record(tx, erasure, 'subject.erase-refused', reason);
    });
  }

  /** @throws 403 for the person who proposed it, 409 when it was decided before */
  private decide(
    actor: Actor,
    id: string,
    decision: (tx: Transaction, erasure: Erasure) => Promise<void>,
  ): Promise<ErasureView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const found = await tx.manager.findOneBy(Erasure, { id });
      const row = found && (await this.cases.lockIfReadable(tx, found.caseId));
      if (!row) throw notFound('erasure');
      tx.require('decide-erasure', 'Case', row);
      // Read again: now that the case is locked, nobody else decides.
      const erasure = await tx.manager.findOneByOrFail(Erasure, { id });
      if (erasure.status !== 'PROPOSED') {
        throw conflict('already-decided', `This erasure is ${erasure.status} already.`);
      }
      if (erasure.proposedBy === actor.userId)
        throw forbidden('Whoever proposed the erasure cannot decide on it.');
      refuseWhileOpen(row);
      await decision(tx, erasure);
      return ErasureView.of(erasure);
    });
  }

  private async settle(tx: Transaction, erasure: Erasure, status: 'DONE' | 'REFUSED'): Promise<void> {
    Object.assign(erasure, { status, decidedBy: tx.actor.userId, decidedAt: tx.now });
    await tx.save(erasure);
  }
}

function refuseWhileOpen({ status }: Case): void {
  if ((finalStatuses as readonly string[]).includes(status)) return;
  throw conflict(
    'legal-hold',
    `The data of a case that is ${status} are needed as evidence. Close it first.`,
    {
      state: status,
    },
  );
}

/** @returns null for the reporter, of whom there is one; @throws 404 unless there is such a person in the case */
async function personIn(
  tx: Transaction,
  { caseId, person, personId }: Pick<Erasure, 'caseId' | 'person' | 'personId'>,
): Promise<AffectedPerson | null> {
  if (person === 'REPORTER') return null;
  const found = await tx.manager.findOneBy(AffectedPerson, { caseId, id: personId! });
  if (!found) throw notFound('person');
  return found;
}

const subjectOf = ({ person, caseId, personId }: Erasure): Subject =>
  person === 'REPORTER' ? `reporter:${caseId}` : `person:${personId!}`;

function record(
  tx: Transaction,
  erasure: Erasure,
  type: 'subject.erase' | 'subject.erase-proposed' | 'subject.erase-refused',
  reason: string,
  erases?: Subject,
): void {
  tx.record({
    type,
    stream: erasure.caseId,
    target: { kind: 'erasure', id: erasure.id },
    values: { legalBasis: erasure.legalBasis, reason },
    data: { subject: subjectOf(erasure), proposedBy: erasure.proposedBy },
    ...(erases === undefined ? {} : { erases }),
  });
}
