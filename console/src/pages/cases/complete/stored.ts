import { factsType, fieldsOf, type FactField } from '../../../i18n/facts/description.ts';
import type { AllegationDraft, ChosenOfficer, FactValues, Moment } from '../../../ui/intake/draft.ts';
import type { CaseFile } from '../case-file.ts';

type Stored = CaseFile['allegations'][number];
type Values = Readonly<Record<string, unknown>>;

/** A stored instant as it would have been typed. It may hold seconds, which no form asks for, so it goes along. */
interface StoredMoment extends Moment {
  readonly at?: string;
}

export function momentOf(at: string | null): StoredMoment {
  if (at === null) return { day: '', time: '' };
  // In the legal zone, which is eight hours ahead throughout.
  const local = new Date(Date.parse(at) + 8 * 3_600_000).toISOString();
  return { day: local.slice(0, 10), time: local.slice(11, 16), at };
}

/** What is recorded of an allegation, as the intake's form would hold it. @param row says who the officers are */
export function draftOf(stored: Stored, row: CaseFile): AllegationDraft {
  const officers = officersIn(row);
  const officer = (id: string): ChosenOfficer => ({ id, label: officers.get(id) ?? id });
  return {
    category: stored.category,
    occurredFrom: momentOf(stored.occurredFrom),
    occurredTo: momentOf(stored.occurredTo),
    place: stored.place ?? '',
    organId: stored.organId,
    subjects: stored.subjects.map(({ officerId, description, role }) => ({
      officerId: officerId === null ? null : officer(officerId),
      description: description ?? '',
      role,
    })),
    affectedPersons: stored.affectedPersons.map((one) => ({
      name: one.name ?? '',
      organisation: one.organisation ?? '',
      injuryLevel: one.injuryLevel,
      vulnerabilities: one.vulnerabilities,
      loss: one.loss ?? { amount: '', currency: 'CNY' },
    })),
    facts: typedFacts(factsType(stored.category), stored.facts, officer),
    factsBefore: {},
  };
}

const officersIn = ({ allegations }: CaseFile): ReadonlyMap<string, string> =>
  new Map(
    allegations.flatMap(({ subjects }) =>
      subjects.flatMap(({ officerId, officer }) =>
        officerId !== null && officer !== null ? [[officerId, officer] as const] : [],
      ),
    ),
  );

type OfficerOf = (id: string) => ChosenOfficer;

/** What no form asks for, such as the id of evidence, stays in its place as it is. */
function typedFacts(type: string, facts: Values, officer: OfficerOf): FactValues {
  const fields = new Map(fieldsOf(type).map((field) => [field.name, field]));
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => {
      const field = fields.get(name);
      return [name, field && value !== null ? typedFact(field, value, officer) : value];
    }),
  );
}

function typedFact(field: FactField, value: unknown, officer: OfficerOf): unknown {
  switch (field.kind) {
    case 'boolean':
      return value === true ? 'yes' : 'no';
    case 'integer':
      return String(value);
    case 'instant':
      return momentOf(value as string);
    case 'officer':
      return officer(value as string);
    case 'group':
      return typedFacts(field.of ?? '', value as Values, officer);
    case 'list':
      return (value as Values[]).map((one) => typedFacts(field.of ?? '', one, officer));
    case 'text':
    case 'long':
    case 'code':
    case 'choice':
    case 'choices':
    case 'day':
    case 'money':
      return value;
  }
}

/** What is sent of facts, with what no form asks for and the seconds of instants that nobody changed. */
export function withTheRest(type: string, typed: FactValues, sent: Values): Values {
  const fields = new Map(fieldsOf(type).map((field) => [field.name, field]));
  const all: Record<string, unknown> = { ...sent };
  for (const [name, value] of Object.entries(typed)) {
    const field = fields.get(name);
    if (!field) all[name] = value;
    else if (all[name] !== undefined) all[name] = restOf(field, value, all[name]);
  }
  return all;
}

function restOf({ kind, of = '' }: FactField, typed: unknown, sent: unknown): unknown {
  if (kind === 'group') return withTheRest(of, typed as FactValues, sent as Values);
  if (kind === 'list') {
    return (sent as Values[]).map((one, i) => withTheRest(of, (typed as FactValues[])[i] ?? {}, one));
  }
  if (kind !== 'instant') return sent;
  const { day, time, at } = typed as StoredMoment;
  if (at === undefined) return sent;
  const stored = momentOf(at);
  return stored.day === day && stored.time === time ? at : sent;
}
