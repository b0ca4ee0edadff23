import type {
  AllegationView,
  CaseFileView,
  CaseHistory,
  HistoryValueView,
  SubjectView,
} from '../casefiles/dto/case-file.view.js';
import { CSV_BOM, csvLine, type CsvValue } from '../common/csv.js';
import { findingInForce } from './in-force.js';
import { missingValues } from './readable.js';

const eventColumns = [
  'reference',
  'seq',
  'at',
  'type',
  'words',
  'actor',
  'actorId',
  'role',
  'unit',
  'targetKind',
  'targetId',
  'targetRev',
  'values',
  'event',
  'leaf',
  'writer',
] as const;

/** The events of one case, one a row, for a spreadsheet. */
export function* caseCsv({ file, events }: CaseHistory): Generator<string> {
  yield CSV_BOM + csvLine(eventColumns);
  for (const { seq, at, type, words, actor, target, values, erased, altered, event, proof } of events) {
    const row: Record<(typeof eventColumns)[number], CsvValue> = {
      reference: file.reference,
      seq,
      at,
      type,
      words,
      actor: actor.name,
      actorId: actor.uid,
      role: actor.role,
      unit: actor.unit,
      targetKind: target.kind,
      targetId: target.id,
      targetRev: target.rev,
      values: [...values.map(valueText), ...missingValues({ erased, altered })].join('; '),
      event,
      leaf: proof.leaf,
      writer: proof.writer,
    };
    yield csvLine(eventColumns.map((column) => row[column]));
  }
}

const scalar = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);

/** `status: FILED -> INVESTIGATING` for a change, `reason: …` for a value. */
function valueText({ name, value }: HistoryValueView): string {
  const change = typeof value === 'object' && value !== null && 'from' in value && 'to' in value;
  return change ? `${name}: ${scalar(value.from)} -> ${scalar(value.to)}` : `${name}: ${scalar(value)}`;
}

const caseColumns = [
  'reference',
  'status',
  'channel',
  'receivedAt',
  'registeredAt',
  'organ',
  'reporterKind',
  'filedOn',
  'decisionDueOn',
  'decidedOn',
  'allegation',
  'category',
  'occurredFrom',
  'occurredTo',
  'place',
  'organConcerned',
  'subjectOfficer',
  'subjectDescription',
  'subjectRole',
  'affectedPersons',
  'recommendedFinding',
  'finalFinding',
  'sanctions',
] as const;

type CaseRow = Partial<Record<(typeof caseColumns)[number], CsvValue>>;

export const caseListHead = (): string => CSV_BOM + csvLine(caseColumns);

/** The rows of one case in a list: one for each allegation and subject, and one at the least. */
export function* caseListRows(file: CaseFileView): Generator<string> {
  const { reference, status, channel, receivedAt, registeredAt, organ, reporterKind } = file;
  const { filedOn, decisionDueOn, decidedOn } = file;
  const ofCase: CaseRow = {
    ...{ reference, status, channel, receivedAt, registeredAt, organ, reporterKind },
    ...{ filedOn, decisionDueOn, decidedOn },
  };
  const allegations: (AllegationView | undefined)[] =
    file.allegations.length > 0 ? file.allegations : [undefined];
  for (const allegation of allegations) {
    const ofAllegation = allegation ? allegationRow(allegation) : {};
    const subjects: (SubjectView | undefined)[] = allegation?.subjects.length
      ? allegation.subjects
      : [undefined];
    for (const subject of subjects) {
      const row: CaseRow = {
        ...ofCase,
        ...ofAllegation,
        subjectOfficer: subject?.officer,
        subjectDescription: subject?.description,
        subjectRole: subject?.role,
        sanctions: sanctionsOf(file, allegation, subject),
      };
      yield csvLine(caseColumns.map((column) => row[column]));
    }
  }
}

const allegationRow = (allegation: AllegationView): CaseRow => ({
  allegation: allegation.no,
  category: allegation.category,
  occurredFrom: allegation.occurredFrom,
  occurredTo: allegation.occurredTo,
  place: allegation.place,
  organConcerned: allegation.organ,
  affectedPersons: allegation.affectedPersons.length,
  recommendedFinding: findingInForce(allegation, 'RECOMMENDED')?.outcome,
  finalFinding: findingInForce(allegation, 'FINAL')?.outcome,
});

function sanctionsOf(
  { sanctions }: CaseFileView,
  allegation?: AllegationView,
  subject?: SubjectView,
): string {
  if (!allegation || !subject?.officerId) return '';
  return sanctions
    .filter(
      ({ officerId, allegationIds }) =>
        officerId === subject.officerId && allegationIds.includes(allegation.id),
    )
    .map(({ kind, status, effectiveFrom, endsOn }) =>
      [kind, status, effectiveFrom && `from ${effectiveFrom}`, endsOn && `to ${endsOn}`]
        .filter(Boolean)
        .join(' '),
    )
    .join('; ');
}
