import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { legalDay } from '../common/clock.js';
import { newId } from '../common/ids.js';
import { rowsOf } from '../database/insert-rows.js';
import type { Case } from '../intake/case.entity.js';
import { RegistrationService, type NewAllegation, type NewCase } from '../intake/registration.service.js';
import { Finding } from '../investigations/finding.entity.js';
import { rulebookOn } from '../rulebook/rulebook.js';
import { endOfPeriod } from '../sanctions/period.js';
import { Sanction, type Track } from '../sanctions/sanction.entity.js';
import type { AllegationPlan, CasePlan, StagedRow, SubjectPlan } from './case-plan.js';

/** What the plans of a run have in common. */
export interface WriteContext {
  readonly actor: Actor;
  readonly importId: string;
  readonly organId: string;
  readonly system: string;
  readonly track: Track;
  organIdOf(code: string): string;
  officerIdOf(key: string): string;
}

interface Planned {
  readonly plan: CasePlan;
  readonly input: NewCase;
  readonly allegationIds: ReadonlyMap<AllegationPlan, string>;
}

/** Writes planned cases, whole or not at all: cases, findings, sanctions, provenance and their events. */
@Injectable()
export class CaseWriter {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly registration: RegistrationService,
  ) {}

  write(context: WriteContext, plans: readonly CasePlan[]): Promise<void> {
    return this.unitOfWork.run(context.actor, async (tx) => {
      const planned = plans.map((plan) => newCaseOf(context, plan));
      const cases = await this.registration.register(
        tx,
        planned.map(({ input }) => input),
      );
      await tx.insert(
        rowsOf(
          Finding,
          planned.flatMap((one) => findings(tx, one)),
        ),
        rowsOf(
          Sanction,
          planned.flatMap((one) => sanctions(tx, context, one)),
        ),
      );
      await keepProvenance(tx, context, plans, cases);
    });
  }
}

function newCaseOf(context: WriteContext, plan: CasePlan): Planned {
  const allegationIds = new Map<AllegationPlan, string>();
  const allegations = plan.allegations.map((one): NewAllegation => {
    const id = newId();
    allegationIds.set(one, id);
    return {
      id,
      category: one.category,
      occurredFrom: one.occurredFrom,
      occurredTo: one.occurredTo,
      occurredPrecision: one.occurredPrecision,
      place: one.place,
      organId: one.organ ? context.organIdOf(one.organ.code) : null,
      facts: one.facts,
      subjects: one.subjects.map((subject) => subjectOf(context, subject)),
      affectedPersons: one.affectedPersons.map((person) => ({
        ...person,
        id: newId(),
        vulnerabilities: [],
        loss: null,
      })),
      sourceWords: one.sourceWords,
    };
  });
  const input: NewCase = {
    id: newId(),
    status: plan.status,
    channel: 'IMPORT',
    receivedAt: plan.receivedAt,
    receivingOrganId: context.organId,
    reporter: plan.reporter,
    statement: plan.statement,
    allegations,
    provenance: {
      system: context.system,
      source: plan.head.source.name,
      key: plan.key,
      ...(plan.receivedPrecision === 'DAY' ? {} : { receivedPrecision: plan.receivedPrecision }),
      rows: plan.rows.map(placeOf),
    },
  };
  return { plan, input, allegationIds };
}

const placeOf = ({ file, rowNo }: StagedRow): { file: string; row: number } => ({ file, row: rowNo });

const subjectOf = (
  context: WriteContext,
  { officer, description, role }: SubjectPlan,
): NewAllegation['subjects'][number] => ({
  officerId: officer ? context.officerIdOf(officer.key) : null,
  description: description ?? null,
  role,
});

/** The findings of a case, each with its event. */
const findings = (tx: Transaction, { plan, input, allegationIds }: Planned): Finding[] =>
  plan.allegations.flatMap((allegation) => {
    const revisions = { RECOMMENDED: 0, FINAL: 0 };
    return allegation.findings.map(({ stage, outcome, reason, sourceWords, row }): Finding => {
      const finding = {
        id: newId(),
        caseId: input.id,
        allegationId: allegationIds.get(allegation)!,
        revision: ++revisions[stage],
        stage,
        outcome,
        reason,
        mitigating: [],
        aggravating: [],
        sourceWords,
        recordedBy: tx.actor.userId,
        recordedAt: tx.now,
      };
      const { allegationId, mitigating, aggravating } = finding;
      tx.record({
        type: stage === 'FINAL' ? 'finding.final' : 'finding.recommended',
        stream: input.id,
        target: { kind: 'finding', id: finding.id, rev: finding.revision },
        values: {
          allegationId,
          outcome,
          reason,
          mitigating,
          aggravating,
          sourceWords,
          provenance: placeOf(row),
        },
      });
      return finding;
    });
  });

/** The sanctions of a case, each with its event. One that the source decided is here as decided from the start. */
const sanctions = (
  tx: Transaction,
  context: WriteContext,
  { plan, input, allegationIds }: Planned,
): Partial<Sanction>[] =>
  plan.sanctions.map((one): Partial<Sanction> => {
    const values = {
      officerId: context.officerIdOf(one.officer.key),
      track: context.track,
      kind: one.kind,
      status: one.status,
      allegationIds: one.allegations.map((allegation) => allegationIds.get(allegation)!),
      basis: [],
      reason: one.reason,
      effectiveFrom: one.effectiveFrom,
      endsOn: one.effectiveFrom && endOfPeriod(rulebookOn(legalDay(tx.now)), one.kind, one.effectiveFrom),
      sourceWords: one.sourceWords,
    };
    const id = newId();
    tx.record({
      type: one.status === 'DECIDED' ? 'sanction.decided' : 'sanction.proposed',
      stream: input.id,
      target: { kind: 'sanction', id, rev: 1 },
      values: { ...values, provenance: placeOf(one.row) },
    });
    return {
      ...values,
      id,
      caseId: input.id,
      proposedBy: tx.actor.userId,
      proposedAt: tx.now,
      decidedBy: null,
      servedOn: null,
      version: 1,
    };
  });

/** By these rows the next import knows what is here already. */
async function keepProvenance(
  tx: Transaction,
  { importId, system }: WriteContext,
  plans: readonly CasePlan[],
  cases: readonly Case[],
): Promise<void> {
  const rows = plans.flatMap(({ key, rows }, i) => rows.map((row) => ({ key, row, of: cases[i]! })));
  await tx.manager.query(
    `INSERT INTO app.import_provenance (system, import_id, source, hash, key, case_id, reference, file, row_no)
     SELECT $1, $2, s, h, k, c, n, f, r
     FROM unnest($3::text[], $4::bytea[], $5::text[], $6::uuid[], $7::text[], $8::text[], $9::bigint[])
       AS t (s, h, k, c, n, f, r)`,
    [
      system,
      importId,
      rows.map(({ row }) => row.source.name),
      rows.map(({ row }) => row.hash),
      rows.map(({ key }) => key),
      rows.map(({ of }) => of.id),
      rows.map(({ of }) => of.reference),
      rows.map(({ row }) => row.file),
      rows.map(({ row }) => row.rowNo),
    ],
  );
}
