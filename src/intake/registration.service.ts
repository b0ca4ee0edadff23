import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { sha256 } from '../audit/envelope.js';
import type { EventType } from '../audit/events.js';
import { UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { legalDay } from '../common/clock.js';
import { invalidInput, type InputError } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { rowsOf } from '../database/insert-rows.js';
import { rulebookOn } from '../rulebook/rulebook.js';
import { Identity } from '../vault/vault.entity.js';
import { Vault } from '../vault/vault.js';
import { futureIn, occurrence } from './future.js';
import {
  AffectedPerson,
  Allegation,
  AllegationSubject,
  type OccurredPrecision,
  type SubjectRole,
} from './allegation.entity.js';
import { Case, Statement, type Channel, type ReporterKind } from './case.entity.js';
import type { CaseStatus } from './case.states.js';
import type { AllegationCategory } from './categories.js';
import type { AllegationDto } from './dto/allegation.dto.js';
import type { CreateCaseDto } from './dto/case.dto.js';
import { CaseHeaderView, RegisteredCaseView } from './dto/case.view.js';
import type { CommonFacts } from './dto/facts-common.dto.js';
import { parseFacts } from './facts.js';
import { refuseUnknownReferences } from './references.js';

/** An allegation as it is to be written: checked, with its id. */
export interface NewAllegation {
  readonly id: string;
  readonly category: AllegationCategory;
  readonly occurredFrom: Date | null;
  readonly occurredTo: Date | null;
  readonly occurredPrecision: OccurredPrecision;
  readonly place: string | null;
  readonly organId: string | null;
  readonly facts: CommonFacts;
  readonly subjects: readonly { officerId: string | null; description: string | null; role: SubjectRole }[];
  readonly affectedPersons: readonly Omit<AffectedPerson, 'caseId' | 'allegationId'>[];
  readonly sourceWords: Record<string, string> | null;
}

/** A case as it is to be written: checked, with its id. */
export interface NewCase {
  readonly id: string;
  readonly status: CaseStatus;
  readonly channel: Channel;
  readonly receivedAt: Date;
  readonly receivingOrganId: string;
  readonly reporter: {
    kind: ReporterKind;
    name: string | null;
    contact: string | null;
    officerId?: string | null;
  };
  readonly statement: string;
  readonly allegations: readonly NewAllegation[];
  /** Where an imported case comes from; it goes into the trail. */
  readonly provenance?: Record<string, unknown>;
}

/** Opens cases: the one way in, for what an officer types and for what an import brings. */
@Injectable()
export class RegistrationService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly vault: Vault,
  ) {}

  create(actor: Actor, dto: CreateCaseDto): Promise<RegisteredCaseView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const input = newCase(dto, tx.now);
      await refuseUnknownReferences(tx.manager, [
        { organId: dto.receivingOrganId, pointer: '/receivingOrganId' },
        ...(dto.reporter.officerId
          ? [{ officerId: dto.reporter.officerId, pointer: '/reporter/officerId' }]
          : []),
        ...dto.allegations.flatMap((allegation, i) => referencesIn(allegation, `/allegations/${i}`)),
      ]);
      const [row] = await this.register(tx, [input]);
      const allegations = input.allegations.map(({ id, category }, i) => ({
        id,
        no: i + 1,
        category,
        version: 1,
      }));
      return Object.assign(new RegisteredCaseView(), CaseHeaderView.of(row!), { allegations });
    });
  }

  /** Writes new cases and their events inside a transaction, in two statements however many there are. */
  async register(tx: Transaction, inputs: readonly NewCase[]): Promise<Case[]> {
    const references = await nextReferences(tx, inputs.length);
    const cases = inputs.map((input, i) => caseRow(tx, input, references[i]!));
    cases.forEach((row, i) => requirePermission(tx, row, inputs[i]!));
    const allegations = inputs.flatMap((input) =>
      input.allegations.map((one, i) => ({ input, one, no: i + 1 })),
    );
    await tx.insert(
      rowsOf(Case, cases),
      rowsOf(
        Statement,
        inputs.map(({ id, statement }) => ({ caseId: id, text: statement, sha256: sha256(statement) })),
      ),
      rowsOf(
        Identity,
        inputs
          .filter(({ reporter: { kind } }) => kind !== 'ANONYMOUS')
          .map(({ id, reporter }) => ({
            caseId: id,
            open: reporter.kind === 'NAMED',
            officerId: reporter.officerId ?? null,
            sealed: this.vault.sealIdentity(id, reporter),
          })),
      ),
      ...allegationRows(
        tx,
        allegations.map(({ input, one, no }) => ({ caseId: input.id, allegation: one, no })),
      ),
    );
    inputs.forEach((input, i) => recordRegistration(tx, input, cases[i]!));
    return cases;
  }
}

/** Who may import to an organ may open the cases that the source holds, and no others. */
function requirePermission(tx: Transaction, row: Case, { provenance }: NewCase): void {
  if (provenance) tx.require('create', 'Import', { organId: row.organId, createdBy: tx.actor.userId });
  else tx.require('create', 'Case', row);
}

function newCase(dto: CreateCaseDto, now: Date): NewCase {
  const errors: InputError[] = [
    ...futureIn(dto, ['receivedAt'], now),
    ...dto.allegations.flatMap((one, i) => futureIn(one, occurrence, now, `/allegations/${i}`)),
  ];
  if (
    dto.reporter.kind === 'ANONYMOUS' &&
    (dto.reporter.name || dto.reporter.contact || dto.reporter.officerId)
  ) {
    errors.push({
      pointer: '/reporter',
      message: 'an anonymous reporter has neither name nor contact nor officer',
    });
  }
  if (dto.reporter.kind !== 'ANONYMOUS' && !dto.reporter.name?.trim()) {
    errors.push({ pointer: '/reporter/name', message: `a reporter of kind ${dto.reporter.kind} has a name` });
  }
  if (errors.length > 0) throw invalidInput(errors);
  return {
    id: newId(),
    status: 'REGISTERED',
    channel: dto.channel,
    receivedAt: new Date(dto.receivedAt),
    receivingOrganId: dto.receivingOrganId,
    reporter: {
      kind: dto.reporter.kind,
      name: dto.reporter.name ?? null,
      contact: dto.reporter.contact ?? null,
      officerId: dto.reporter.officerId ?? null,
    },
    statement: dto.statement,
    allegations: dto.allegations.map((allegation, i) => newAllegation(allegation, `/allegations/${i}`)),
  };
}

/** Checks an allegation's facts against its category. @param pointer where it stands in the body */
export function newAllegation(dto: AllegationDto, pointer = ''): NewAllegation {
  const undescribed = (dto.subjects ?? []).flatMap((subject, i) =>
    subject.officerId || subject.description
      ? []
      : [
          {
            pointer: `${pointer}/subjects/${i}`,
            message: 'name the officer, or describe them while unknown',
          },
        ],
  );
  if (undescribed.length > 0) throw invalidInput(undescribed);
  return {
    id: newId(),
    category: dto.category,
    occurredFrom: dto.occurredFrom ? new Date(dto.occurredFrom) : null,
    occurredTo: dto.occurredTo ? new Date(dto.occurredTo) : null,
    occurredPrecision: 'INSTANT',
    place: dto.place ?? null,
    organId: dto.organId ?? null,
    facts: parseFacts(dto.category, dto.facts ?? {}, `${pointer}/facts`),
    subjects: (dto.subjects ?? []).map(({ officerId, description, role }) => ({
      officerId: officerId ?? null,
      description: description ?? null,
      role,
    })),
    affectedPersons: (dto.affectedPersons ?? []).map(affectedPerson),
    sourceWords: null,
  };
}

/** A person affected, as they are to be written. */
export const affectedPerson = (
  dto: NonNullable<AllegationDto['affectedPersons']>[number],
): Omit<AffectedPerson, 'caseId' | 'allegationId'> => ({
  id: newId(),
  name: dto.name ?? null,
  organisation: dto.organisation ?? null,
  vulnerabilities: dto.vulnerabilities ?? [],
  injuryLevel: dto.injuryLevel ?? 'NONE',
  loss: dto.loss ?? null,
});

/** Under this name a person stands in an event, so that their data can be erased apart from the rest. */
export const personName = ({ id }: Pick<AffectedPerson, 'id'>): string => `person.${id}`;

/** The organs and officers that an allegation names, each with its place in the body. */
export const referencesIn = (
  dto: Pick<AllegationDto, 'organId' | 'subjects'>,
  pointer = '',
): { officerId?: string; organId?: string; pointer: string }[] => [
  ...(dto.organId ? [{ organId: dto.organId, pointer: `${pointer}/organId` }] : []),
  ...(dto.subjects ?? []).flatMap((subject, i) =>
    subject.officerId
      ? [{ officerId: subject.officerId, pointer: `${pointer}/subjects/${i}/officerId` }]
      : [],
  ),
];

/** The rows of allegations, their subjects and the persons affected. */
export const allegationRows = (
  tx: Transaction,
  entries: readonly { caseId: string; no: number; allegation: NewAllegation }[],
) => [
  rowsOf(
    Allegation,
    entries.map(
      ({ caseId, no, allegation: { subjects: _subjects, affectedPersons: _persons, ...rest } }) => ({
        ...rest,
        caseId,
        no,
        version: 1,
        createdAt: tx.now,
      }),
    ),
  ),
  rowsOf(
    AllegationSubject,
    entries.flatMap(({ caseId, allegation }) =>
      allegation.subjects.map((subject) => ({
        ...subject,
        id: newId(),
        caseId,
        allegationId: allegation.id,
        identifiedAt: null,
      })),
    ),
  ),
  rowsOf(
    AffectedPerson,
    entries.flatMap(({ caseId, allegation }) =>
      allegation.affectedPersons.map((person) => ({
        ...person,
        caseId,
        allegationId: allegation.id,
      })),
    ),
  ),
];

async function nextReferences(tx: Transaction, count: number): Promise<string[]> {
  const rows = await tx.manager.query<{ n: string }[]>(
    `SELECT nextval('app.case_number') AS n FROM generate_series(1, $1)`,
    [count],
  );
  const year = legalDay(tx.now).slice(0, 4);
  return rows.map(({ n }) => `PL-${year}-${n.padStart(6, '0')}`);
}

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];

const caseRow = (tx: Transaction, input: NewCase, reference: string): Case =>
  Object.assign(new Case(), {
    id: input.id,
    reference,
    status: input.status,
    channel: input.channel,
    receivedAt: input.receivedAt,
    registeredAt: tx.now,
    organId: input.receivingOrganId,
    receivingOrganId: input.receivingOrganId,
    reporterKind: input.reporter.kind,
    registeredBy: tx.actor.userId,
    rulebookVersion: rulebookOn(legalDay(tx.now)).version,
    filedOn: null,
    decisionDueOn: null,
    decidedOn: null,
    masterCaseId: null,
    categories: distinct(input.allegations.map(({ category }) => category)),
    investigatorIds: [],
    subjectOfficerIds: distinct(
      input.allegations.flatMap(({ subjects }) => subjects.flatMap(({ officerId }) => officerId ?? [])),
    ),
    version: 1,
  });

function recordRegistration(tx: Transaction, input: NewCase, row: Case): void {
  const type: EventType = input.channel === 'IMPORT' ? 'case.imported' : 'case.registered';
  tx.record({
    type,
    stream: row.id,
    target: { kind: 'case', id: row.id, rev: 1 },
    values: {
      ...(input.provenance ? { provenance: input.provenance } : {}),
      reference: row.reference,
      status: row.status,
      channel: row.channel,
      receivedAt: row.receivedAt,
      registeredAt: row.registeredAt,
      receivingOrganId: row.receivingOrganId,
      rulebookVersion: row.rulebookVersion,
      statement: input.statement,
      'reporter.kind': input.reporter.kind,
      'reporter.name': input.reporter.name ?? undefined,
      'reporter.contact': input.reporter.contact ?? undefined,
      'reporter.officerId': input.reporter.officerId ?? undefined,
    },
  });
  input.allegations.forEach((allegation, i) => recordAllegation(tx, row.id, i + 1, allegation));
}

/** The event of a new allegation: all of its values. */
export function recordAllegation(
  tx: Transaction,
  caseId: string,
  no: number,
  allegation: NewAllegation,
): void {
  const { id, affectedPersons, ...values } = allegation;
  tx.record({
    type: 'allegation.added',
    stream: caseId,
    target: { kind: 'allegation', id, rev: 1 },
    values: {
      no,
      ...values,
      ...Object.fromEntries(affectedPersons.map((person) => [personName(person), person])),
    },
  });
}
