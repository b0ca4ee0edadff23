import { allegationCategories, type AllegationCategory } from '../intake/categories.js';
import { reporterKinds, type ReporterKind } from '../intake/case.entity.js';
import { subjectRoles, type SubjectRole } from '../intake/allegation.entity.js';
import { injuryLevels, type InjuryLevel } from '../intake/dto/facts-shared.dto.js';
import {
  findingOutcomes,
  findingStages,
  type FindingOutcome,
  type FindingStage,
} from '../investigations/finding.entity.js';
import { sanctionKinds, type SanctionKind } from '../sanctions/sanction.entity.js';
import type { Place } from './mapping-place.js';
import { codeValue, dateValue, type Code, type DateScope, type DateValue } from './typed-values.js';
import { compileCondition, compileValue, type Row, type Scope, type Value } from './values.js';

type Test = (row: Row) => boolean;
type Words = readonly (readonly [name: string, value: Value])[];

/** What compiling the parts of a source needs beside its scope. */
export interface PartScope extends DateScope {
  /** Pairs of values that must agree in this source's row and in that of another. */
  same(other: string, place: Place): readonly Pair[];
  /** The name of another source of the mapping. */
  sourceName(place: Place): string;
}

export type Pair = readonly [mine: Value, theirs: Value];

export interface CasePart {
  readonly receivedAt: DateValue;
  readonly statement: Value;
  /** Without it a case is closed when all of its allegations have a final finding. */
  readonly status: Code<'REGISTERED' | 'CLOSED'> | undefined;
  readonly reporter: { kind: Code<ReporterKind>; name?: Value; contact?: Value } | undefined;
}

export interface OrganPart {
  readonly code: Value;
  readonly name: Value;
}

export interface SubjectPart {
  readonly officer:
    | (Partial<Record<'badgeNumber' | 'name' | 'rank' | 'birthYear' | 'post', Value>> & {
        key: Value;
        organ?: OrganPart;
      })
    | undefined;
  readonly description: Value | undefined;
  readonly role: Code<SubjectRole>;
  readonly when: Test;
}

export interface AffectedPart {
  readonly name: Value | undefined;
  readonly organisation: Value | undefined;
  readonly injuryLevel: Code<InjuryLevel>;
  readonly when: Test;
}

export interface FindingPart {
  readonly stage: FindingStage;
  readonly outcome: Code<FindingOutcome>;
  readonly reason: Value | undefined;
  readonly sourceWords: Words;
  readonly when: Test;
}

export interface SanctionPart {
  readonly status: 'PROPOSED' | 'DECIDED';
  readonly kind: Code<SanctionKind>;
  readonly effectiveFrom: DateValue | undefined;
  readonly reason: Value | undefined;
  readonly sourceWords: Words;
  readonly when: Test;
}

/** What a row adds to an allegation, be it its own or that of another row. */
export interface Additions {
  readonly affectedPersons: readonly AffectedPart[];
  readonly findings: readonly FindingPart[];
  readonly sanctions: readonly SanctionPart[];
}

export interface FactPart {
  readonly name: string;
  /** Undefined: of every category. */
  readonly category: AllegationCategory | undefined;
  readonly value: Value;
  readonly type: 'text' | 'boolean' | 'integer';
}

export interface AllegationPart extends Additions {
  readonly when: Test;
  /** The row gives no allegation when the case has a row of that source with the same values. */
  readonly onlyWithout: { source: string; same: readonly Pair[] } | undefined;
  readonly category: Code<AllegationCategory>;
  readonly occurredFrom: DateValue | undefined;
  readonly occurredTo: DateValue | undefined;
  readonly place: Value | undefined;
  readonly organ: OrganPart | undefined;
  readonly facts: readonly FactPart[];
  readonly subjects: readonly SubjectPart[];
  readonly sourceWords: Words;
}

const always: Test = () => true;

export function casePart(place: Place, scope: PartScope): CasePart | undefined {
  if (!place.present || !place.isRecord(['receivedAt', 'statement', 'status', 'reporter'])) return undefined;
  const reporter = place.at('reporter');
  return {
    receivedAt: dateValue(required(place, 'receivedAt'), scope),
    statement: compileValue(required(place, 'statement'), scope),
    status: optional(place.at('status'), (at) => codeValue(at, scope, ['REGISTERED', 'CLOSED'])),
    reporter:
      reporter.present && reporter.isRecord(['kind', 'name', 'contact'])
        ? {
            kind: codeValue(required(reporter, 'kind'), scope, reporterKinds),
            ...texts(reporter, ['name', 'contact'], scope),
          }
        : undefined,
  };
}

const additions = ['affectedPersons', 'findings', 'sanctions'] as const;

export function allegationPart(place: Place, scope: PartScope): AllegationPart | undefined {
  const known = [
    'when',
    'onlyWithout',
    'category',
    'occurredFrom',
    'occurredTo',
    'place',
    'organ',
    'facts',
    'subjects',
  ];
  if (!place.present || !place.isRecord([...known, 'sourceWords', ...additions])) return undefined;
  return {
    when: whenOf(place, scope),
    onlyWithout: onlyWithout(place.at('onlyWithout'), scope),
    category: codeValue(required(place, 'category'), scope, allegationCategories),
    occurredFrom: optional(place.at('occurredFrom'), (at) => dateValue(at, scope)),
    occurredTo: optional(place.at('occurredTo'), (at) => dateValue(at, scope)),
    place: optional(place.at('place'), (at) => compileValue(at, scope)),
    organ: organPart(place.at('organ'), scope),
    facts: factParts(place.at('facts'), scope),
    subjects: place
      .at('subjects')
      .list()
      .map((one) => subjectPart(one, scope)),
    sourceWords: words(place.at('sourceWords'), scope),
    ...additionsOf(place, scope),
  };
}

/** What the rows of a source add to the allegations of another one. */
export interface AddsPart extends Additions {
  readonly to: string;
  readonly same: readonly Pair[];
}

export function addsPart(place: Place, scope: PartScope): AddsPart | undefined {
  if (!place.present || !place.isRecord(['to', 'same', ...additions])) return undefined;
  const to = scope.sourceName(required(place, 'to'));
  return { to, same: scope.same(to, place.at('same')), ...additionsOf(place, scope) };
}

const additionsOf = (place: Place, scope: PartScope): Additions => ({
  affectedPersons: place
    .at('affectedPersons')
    .list()
    .map((one) => affectedPart(one, scope)),
  findings: place
    .at('findings')
    .list()
    .map((one) => findingPart(one, scope)),
  sanctions: place
    .at('sanctions')
    .list()
    .map((one) => sanctionPart(one, scope)),
});

function onlyWithout(place: Place, scope: PartScope): AllegationPart['onlyWithout'] {
  if (!place.present) return undefined;
  if (typeof place.value === 'string') return { source: scope.sourceName(place), same: [] };
  place.isRecord(['source', 'same']);
  const source = scope.sourceName(required(place, 'source'));
  return { source, same: scope.same(source, place.at('same')) };
}

function organPart(place: Place, scope: PartScope): OrganPart | undefined {
  if (!place.present || !place.isRecord(['code', 'name'])) return undefined;
  return {
    code: compileValue(required(place, 'code'), scope),
    name: compileValue(required(place, 'name'), scope),
  };
}

const officerTexts = ['badgeNumber', 'name', 'rank', 'birthYear', 'post'] as const;

function subjectPart(place: Place, scope: PartScope): SubjectPart {
  place.isRecord(['officer', 'description', 'role', 'when']);
  const officer = place.at('officer');
  const organ = organPart(officer.at('organ'), scope);
  if (!officer.present && !place.at('description').present)
    place.problem('needs an officer or a description');
  return {
    officer:
      officer.present && officer.isRecord(['key', ...officerTexts, 'organ'])
        ? {
            key: compileValue(required(officer, 'key'), scope),
            ...texts(officer, officerTexts, scope),
            ...(organ ? { organ } : {}),
          }
        : undefined,
    description: optional(place.at('description'), (at) => compileValue(at, scope)),
    role: codeValue(place.at('role'), scope, subjectRoles, 'PRINCIPAL'),
    when: whenOf(place, scope),
  };
}

function affectedPart(place: Place, scope: PartScope): AffectedPart {
  place.isRecord(['name', 'organisation', 'injuryLevel', 'when']);
  return {
    name: optional(place.at('name'), (at) => compileValue(at, scope)),
    organisation: optional(place.at('organisation'), (at) => compileValue(at, scope)),
    injuryLevel: codeValue(place.at('injuryLevel'), scope, injuryLevels, 'NONE'),
    when: whenOf(place, scope),
  };
}

function findingPart(place: Place, scope: PartScope): FindingPart {
  place.isRecord(['stage', 'outcome', 'reason', 'sourceWords', 'when']);
  return {
    stage: place.at('stage').oneOf(findingStages),
    outcome: codeValue(required(place, 'outcome'), scope, findingOutcomes),
    reason: optional(place.at('reason'), (at) => compileValue(at, scope)),
    sourceWords: words(place.at('sourceWords'), scope),
    when: whenOf(place, scope),
  };
}

function sanctionPart(place: Place, scope: PartScope): SanctionPart {
  place.isRecord(['status', 'kind', 'effectiveFrom', 'reason', 'sourceWords', 'when']);
  const status = place.at('status').oneOf(['PROPOSED', 'DECIDED']);
  if ((status === 'DECIDED') !== place.at('effectiveFrom').present) {
    place.problem('a decided sanction needs effectiveFrom, and a proposed one has none');
  }
  return {
    status,
    kind: codeValue(required(place, 'kind'), scope, sanctionKinds),
    effectiveFrom: optional(place.at('effectiveFrom'), (at) => dateValue(at, scope)),
    reason: optional(place.at('reason'), (at) => compileValue(at, scope)),
    sourceWords: words(place.at('sourceWords'), scope),
    when: whenOf(place, scope),
  };
}

/** Facts by name; under the code of a category stand those that only it has. */
function factParts(place: Place, scope: PartScope, category?: AllegationCategory): FactPart[] {
  return place.members().flatMap(([name, member]) => {
    const own = allegationCategories.find((code) => code === name);
    if (own && !category) return factParts(member, scope, own);
    const type =
      typeof member.value === 'string'
        ? 'text'
        : member.at('type').oneOf(['text', 'boolean', 'integer'], 'text');
    return [{ name, category, value: compileValue(member, scope, ['type']), type }];
  });
}

/** Names as the trail can hold them. */
const WORD_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

const words = (place: Place, scope: Scope): Words =>
  place.members().map(([name, member]) => {
    if (!WORD_NAME.test(name)) member.problem('must be named with letters, digits and _ only');
    return [name, compileValue(member, scope)] as const;
  });

const whenOf = (place: Place, scope: Scope): Test =>
  place.at('when').present ? compileCondition(place.at('when'), scope) : always;

/** A member without which the part makes no sense. */
function required(place: Place, name: string): Place {
  const member = place.at(name);
  if (!member.present) member.problem('is missing');
  return member;
}

const optional = <T>(place: Place, compile: (place: Place) => T): T | undefined =>
  place.present ? compile(place) : undefined;

const texts = <N extends string>(
  place: Place,
  names: readonly N[],
  scope: Scope,
): Partial<Record<N, Value>> =>
  Object.fromEntries(
    names.filter((name) => place.at(name).present).map((name) => [name, compileValue(place.at(name), scope)]),
  ) as Partial<Record<N, Value>>;
