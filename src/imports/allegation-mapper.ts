import { DomainError, type InputError } from '../common/errors.js';
import type { AllegationCategory } from '../intake/categories.js';
import type { CommonFacts } from '../intake/dto/facts-common.dto.js';
import { parseFacts } from '../intake/facts.js';
import { sanctionable } from '../investigations/finding.entity.js';
import type {
  AffectedPlan,
  AllegationPlan,
  FindingPlan,
  OfficerRef,
  OrganRef,
  SanctionPlan,
  StagedRow,
  SubjectPlan,
} from './case-plan.js';
import type { SourceDate } from './dates.js';
import type { Additions, AllegationPart, FactPart, OrganPart, SubjectPart } from './mapping-parts.js';
import type { Warn } from './typed-values.js';
import { quoted, RowRefused, type Row, type Value } from './values.js';

/** A sanction that a row tells of, before it is known whether the allegation bears one. */
interface ToldSanction extends Pick<
  SanctionPlan,
  'status' | 'kind' | 'effectiveFrom' | 'reason' | 'sourceWords' | 'row'
> {
  readonly allegation: AllegationPlan;
}

/** What a row says of allegations: its own, or those of other rows. */
export interface Said {
  readonly affectedPersons: readonly AffectedPlan[];
  readonly findings: readonly FindingPlan[];
  readonly sanctions: readonly Omit<ToldSanction, 'allegation'>[];
}

const wordsOf = (words: readonly (readonly [string, Value])[], row: Row): Record<string, string> | null => {
  const found = words.flatMap(([name, value]) => {
    const text = value.get(row);
    return text === undefined ? [] : [[name, text] as const];
  });
  return found.length > 0 ? Object.fromEntries(found) : null;
};

/**
 * The allegation that a row gives.
 * @throws RowRefused with the reason why it gives none
 */
export function allegationOf(
  part: AllegationPart,
  row: StagedRow,
  received: SourceDate,
  warn: Warn,
): AllegationPlan {
  const category = part.category.get(row);
  if (category === undefined) throw new RowRefused('has no category; give the mapping one for rows without');
  const from = part.occurredFrom?.get(row, warn);
  let to = part.occurredTo?.get(row, warn);
  if (from && to && to.instant < from.instant) {
    warn('end-before-beginning-left-out');
    to = undefined;
  }
  if (from && from.day > received.day) warn('incident-after-complaint');
  return {
    row,
    category,
    occurredFrom: from?.instant ?? null,
    occurredTo: to?.instant ?? null,
    occurredPrecision: (from ?? to)?.precision ?? 'INSTANT',
    place: part.place?.get(row) ?? null,
    organ: organOf(part.organ, row),
    facts: factsOf(category, part.facts, row),
    subjects: part.subjects.filter(({ when }) => when(row)).flatMap((one) => subjectOf(one, row, warn)),
    affectedPersons: [],
    sourceWords: wordsOf(part.sourceWords, row),
    findings: [],
  };
}

/** What a row says of an allegation: persons, findings and sanctions. @throws RowRefused */
export function saidBy(parts: Additions, row: StagedRow, system: string, warn: Warn): Said {
  const affectedPersons = parts.affectedPersons
    .filter(({ when }) => when(row))
    .flatMap((part): AffectedPlan[] => {
      const [name, organisation] = [part.name?.get(row) ?? null, part.organisation?.get(row) ?? null];
      const injuryLevel = part.injuryLevel.get(row) ?? 'NONE';
      return name === null && organisation === null && injuryLevel === 'NONE'
        ? []
        : [{ name, organisation, injuryLevel }];
    });
  const findings = parts.findings
    .filter(({ when }) => when(row))
    .flatMap((part): FindingPlan[] => {
      const outcome = part.outcome.get(row);
      if (outcome === undefined) return [];
      const sourceWords = wordsOf(part.sourceWords, row);
      return [
        {
          stage: part.stage,
          outcome,
          reason: part.reason?.get(row) ?? asRecorded(system, sourceWords),
          sourceWords,
          row,
        },
      ];
    });
  const sanctions = parts.sanctions
    .filter(({ when }) => when(row))
    .flatMap((part): Said['sanctions'] => {
      const kind = part.kind.get(row);
      if (kind === undefined) return [];
      const sourceWords = wordsOf(part.sourceWords, row);
      return [
        {
          status: part.status,
          kind,
          effectiveFrom: part.effectiveFrom?.get(row, warn)?.day ?? null,
          reason: part.reason?.get(row) ?? asRecorded(system, sourceWords),
          sourceWords,
          row,
        },
      ];
    });
  return { affectedPersons, findings, sanctions };
}

const asRecorded = (system: string, words: Record<string, string> | null): string =>
  `As recorded in ${system}${words ? `: ${Object.values(words).join('; ')}` : ''}`;

function organOf(part: OrganPart | undefined, row: Row): OrganRef | undefined {
  const code = part?.code.get(row);
  if (!part || code === undefined) return undefined;
  return { code, name: part.name.get(row) ?? code };
}

function subjectOf(part: SubjectPart, row: Row, warn: Warn): SubjectPlan[] {
  const key = part.officer?.key.get(row);
  if (part.officer && key !== undefined) {
    const { badgeNumber, name, rank, post, birthYear, organ } = part.officer;
    const officer: OfficerRef = {
      key,
      badgeNumber: badgeNumber?.get(row),
      name: name?.get(row),
      rank: rank?.get(row),
      birthYear: yearOf(birthYear?.get(row), warn),
      post: post?.get(row),
      organ: organOf(organ, row),
    };
    return [{ officer, description: undefined, role: part.role.get(row) ?? 'PRINCIPAL' }];
  }
  const description = part.description?.get(row);
  // Who it was is not known, and so not what part they had in it.
  return description === undefined ? [] : [{ officer: undefined, description, role: 'UNKNOWN' }];
}

function yearOf(text: string | undefined, warn: Warn): number | undefined {
  if (text === undefined) return undefined;
  const year = /^\d{4}$/.test(text) ? Number(text) : NaN;
  if (year >= 1900 && year <= 2100) return year;
  warn('unusable-birth-year-left-out');
  return undefined;
}

const KEPT_FACTS = 500;
const keptFacts = new Map<string, CommonFacts>();

/** Most rows share a few sets of facts, and checking them is slow: each set is checked once. */
function factsOf(category: AllegationCategory, parts: readonly FactPart[], row: Row): CommonFacts {
  const input: Record<string, unknown> = {};
  for (const part of parts) {
    if (part.category !== undefined && part.category !== category) continue;
    const text = part.value.get(row);
    if (text !== undefined) input[part.name] = typed(text, part);
  }
  const id = `${category} ${JSON.stringify(input)}`;
  const kept = keptFacts.get(id);
  if (kept) return kept;
  try {
    const facts = parseFacts(category, input, '');
    if (keptFacts.size < KEPT_FACTS) keptFacts.set(id, facts);
    return facts;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const errors = error.extra['errors'] as InputError[];
    throw new RowRefused(
      errors.map(({ pointer, message }) => `fact ${pointer.slice(1)}: ${message}`).join('; '),
    );
  }
}

function typed(text: string, { type, name }: FactPart): unknown {
  if (type === 'text') return text;
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if (type === 'integer' && /^-?\d{1,15}$/.test(text)) return Number(text);
  throw new RowRefused(
    `fact ${name} ${quoted(text)} is no ${type}; give the mapping a table or a pattern for it`,
  );
}

/**
 * The sanctions of a case. The same one for several allegations is one sanction. As everywhere, it must rest on an
 * allegation found substantiated and be against an officer who is known; else only the source's words stay.
 */
export function sanctionsOf(told: readonly ToldSanction[], warn: Warn): SanctionPlan[] {
  const plans = new Map<string, SanctionPlan>();
  for (const { allegation, ...sanction } of told) {
    const deciding =
      allegation.findings.findLast(({ stage }) => stage === 'FINAL') ?? allegation.findings.at(-1);
    const officers = allegation.subjects.flatMap(({ officer }) => officer ?? []);
    if (!deciding || !sanctionable.includes(deciding.outcome)) {
      warn('sanction-without-substantiated-finding');
    } else if (officers.length === 0) {
      warn('sanction-without-known-officer');
    } else if (sanction.status === 'DECIDED' && sanction.effectiveFrom === null) {
      warn('sanction-without-date');
    } else {
      for (const officer of officers) {
        const id = [officer.key, sanction.status, sanction.kind, sanction.effectiveFrom].join('\n');
        const plan = plans.get(id) ?? { ...sanction, officer, allegations: [] };
        if (!plan.allegations.includes(allegation)) plan.allegations.push(allegation);
        plans.set(id, plan);
      }
    }
  }
  return [...plans.values()];
}
