import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { conflict, invalidInput, notFound } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { checkVersion } from '../common/versions.js';
import { rowsOf } from '../database/insert-rows.js';
import { futureIn, occurrence } from './future.js';
import { AffectedPerson, Allegation, AllegationSubject } from './allegation.entity.js';
import type { Case } from './case.entity.js';
import { openForAllegations } from './case.states.js';
import { CasesService } from './cases.service.js';
import type { AllegationDto, UpdateAllegationDto } from './dto/allegation.dto.js';
import { RegisteredAllegationView } from './dto/case.view.js';
import { parseFacts } from './facts.js';
import { refuseUnknownReferences } from './references.js';
import {
  affectedPerson,
  allegationRows,
  newAllegation,
  personName,
  recordAllegation,
  referencesIn,
  type NewAllegation,
} from './registration.service.js';

/** Adds and completes the allegations of a case. */
@Injectable()
export class AllegationsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly cases: CasesService,
  ) {}

  add(actor: Actor, caseId: string, dto: AllegationDto): Promise<RegisteredAllegationView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, caseId);
      this.refuseUnlessOpen(tx, row);
      refuseFuture(dto, tx.now);
      const allegation = newAllegation(dto);
      await refuseUnknownReferences(tx.manager, referencesIn(dto));
      const no = await this.append(tx, row, allegation);
      return Object.assign(new RegisteredAllegationView(), {
        id: allegation.id,
        no,
        category: dto.category,
        version: 1,
      });
    });
  }

  update(
    actor: Actor,
    id: string,
    version: number,
    dto: UpdateAllegationDto,
  ): Promise<RegisteredAllegationView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const found = await tx.manager.findOneBy(Allegation, { id });
      const row = found && (await this.cases.lockIfReadable(tx, found.caseId));
      if (!row) throw notFound('allegation');
      this.refuseUnlessOpen(tx, row);
      // Read again: now that the case is locked, nobody else changes it.
      const allegation = await tx.manager.findOneByOrFail(Allegation, { id });
      checkVersion(allegation, version);
      refuseFuture(dto, tx.now);
      await refuseUnknownReferences(tx.manager, referencesIn(dto));

      const changes = applyContent(allegation, dto);
      if (dto.subjects) changes['subjects'] = await replaceSubjects(tx, allegation, dto.subjects);
      if (dto.affectedPersons) {
        Object.assign(changes, await replacePersons(tx, allegation, dto.affectedPersons));
      }
      if (Object.keys(changes).length === 0) {
        throw invalidInput([{ pointer: '', message: 'names nothing that would change' }]);
      }
      allegation.version++;
      await tx.save(allegation);
      tx.record({
        type: 'allegation.updated',
        stream: allegation.caseId,
        target: { kind: 'allegation', id, rev: allegation.version },
        values: { no: allegation.no, ...changes, reason: dto.reason },
      });
      await keepInStep(tx, row);
      const { no, category } = allegation;
      return Object.assign(new RegisteredAllegationView(), { id, no, category, version: allegation.version });
    });
  }

  /** Adds an allegation to a case that is locked. Whether the actor may is judged before. */
  async append(tx: Transaction, row: Case, allegation: NewAllegation): Promise<number> {
    const no = 1 + (await tx.manager.countBy(Allegation, { caseId: row.id }));
    await tx.insert(...allegationRows(tx, [{ caseId: row.id, no, allegation }]));
    recordAllegation(tx, row.id, no, allegation);
    await keepInStep(tx, row);
    return no;
  }

  private refuseUnlessOpen(tx: Transaction, row: Case): void {
    tx.require('update', 'Case', row);
    if (!openForAllegations.includes(row.status)) {
      throw conflict(
        'case-not-open',
        `The allegations of a case that is ${row.status} are no longer changed.`,
        {
          state: row.status,
        },
      );
    }
  }
}

function refuseFuture(dto: Pick<AllegationDto, (typeof occurrence)[number]>, now: Date): void {
  const errors = futureIn(dto, occurrence, now);
  if (errors.length > 0) throw invalidInput(errors);
}

type Changes = Record<string, { from: unknown; to: unknown }>;

/** Sets what the body names, and says what changed. */
function applyContent(allegation: Allegation, dto: UpdateAllegationDto): Changes {
  const changes: Changes = {};
  const set = <F extends 'occurredFrom' | 'occurredTo' | 'place' | 'organId' | 'facts'>(
    field: F,
    to: Allegation[F] | undefined,
  ): void => {
    if (to === undefined || JSON.stringify(to) === JSON.stringify(allegation[field])) return;
    changes[field] = { from: allegation[field], to };
    allegation[field] = to;
  };
  const instant = (text: string | null | undefined): Date | null | undefined =>
    text ? new Date(text) : (text as null | undefined);
  set('occurredFrom', instant(dto.occurredFrom));
  set('occurredTo', instant(dto.occurredTo));
  set('place', dto.place);
  set('organId', dto.organId);
  if (dto.facts) set('facts', parseFacts(allegation.category, dto.facts));
  if (allegation.occurredFrom && allegation.occurredTo && allegation.occurredTo < allegation.occurredFrom) {
    throw invalidInput([{ pointer: '/occurredTo', message: 'must not be before occurredFrom' }]);
  }
  return changes;
}

const described = ({ officerId, description, role }: AllegationSubject): object => ({
  officerId,
  description,
  role,
});

/**
 * Replaces the subjects. One who was known by description only and is named now was identified; when is kept.
 */
async function replaceSubjects(
  tx: Transaction,
  { id: allegationId, caseId }: Allegation,
  subjects: NonNullable<UpdateAllegationDto['subjects']>,
): Promise<{ from: unknown; to: unknown }> {
  const before = await tx.manager.find(AllegationSubject, { where: { allegationId }, order: { id: 'ASC' } });
  const wasUnknown = before.some((subject) => subject.officerId === null);
  const known = new Set(before.map((subject) => subject.officerId));
  subjects.forEach((subject, i) => {
    if (!subject.officerId && !subject.description) {
      throw invalidInput([
        { pointer: `/subjects/${i}`, message: 'name the officer, or describe them while unknown' },
      ]);
    }
  });
  const after = subjects.map(({ officerId = null, description = null, role }) =>
    Object.assign(new AllegationSubject(), {
      id: newId(),
      caseId,
      allegationId,
      officerId,
      description,
      role,
      identifiedAt: officerId && wasUnknown && !known.has(officerId) ? tx.now : null,
    }),
  );
  await tx.remove(before);
  await tx.insert(rowsOf(AllegationSubject, after));
  return { from: before.map(described), to: after.map(described) };
}

/** Replaces the persons affected. @returns what changed, under the name of each person */
async function replacePersons(
  tx: Transaction,
  { id: allegationId, caseId }: Allegation,
  persons: NonNullable<UpdateAllegationDto['affectedPersons']>,
): Promise<Changes> {
  const before = await tx.manager.find(AffectedPerson, { where: { allegationId }, order: { id: 'ASC' } });
  const after = persons.map((person) => ({ ...affectedPerson(person), caseId, allegationId }));
  await tx.remove(before);
  await tx.insert(rowsOf(AffectedPerson, after));
  const shown = ({ caseId: _case, allegationId: _allegation, ...rest }: AffectedPerson): object => rest;
  const changes: Changes = {};
  for (const person of before) changes[personName(person)] = { from: shown(person), to: null };
  for (const person of after) changes[personName(person)] = { from: null, to: shown(person) };
  return changes;
}

/** What rules and filters look at stands in the case's own row. */
async function keepInStep(tx: Transaction, row: Case): Promise<void> {
  const [found] = await tx.manager.query<[{ categories: Case['categories']; officers: string[] }]>(
    `SELECT ARRAY(SELECT category FROM app.allegation WHERE case_id = $1 GROUP BY category ORDER BY min(no)) AS categories,
            ARRAY(SELECT DISTINCT officer_id::text FROM app.allegation_subject
                  WHERE case_id = $1 AND officer_id IS NOT NULL) AS officers`,
    [row.id],
  );
  row.categories = found.categories;
  row.subjectOfficerIds = found.officers;
  row.version++;
  await tx.save(row);
}
