import type { Place } from './mapping-place.js';
import { MAX_MATCHED, patternProblem, replaced } from './patterns.js';

/** One row of a source, as the expressions of a mapping see it. */
export interface Row {
  /** The columns of its source that the mapping uses, as they were read. */
  readonly cells: readonly string[];
  /** The row of another source that belongs to this one. */
  other(source: string): Row | undefined;
}

/** A row that is not taken, and why. */
export class RowRefused extends Error {}

/** A text taken from a row; undefined where the source has none. */
export interface Value {
  /** What it is called in a message. */
  readonly label: string;
  get(row: Row): string | undefined;
}

/** What an expression of one source can refer to. */
export interface Scope {
  /** The value in a column of this source, or of another one (`complaints.date`), by the name in the mapping. */
  column(name: string, place: Place): Value;
  table(name: string, place: Place): ReadonlyMap<string, string> | undefined;
}

/** Spellings are compared without case and without regard to how many blanks stand where. */
export const folded = (text: string): string => text.trim().replaceAll(/\s+/g, ' ').toLowerCase();

const members = [
  'column',
  'constant',
  'template',
  'first',
  'missing',
  'pattern',
  'pad',
  'letters',
  'values',
  'unknown',
  'when',
] as const;
const sources = ['column', 'constant', 'template', 'first'] as const;

/**
 * Compiles how a value is made: the name of a column, or a table with one of column, constant, template and first,
 * and with what is then done to the text, in this order: missing, pattern, pad, letters, values.
 * @param also members that the caller reads itself
 */
export function compileValue(place: Place, scope: Scope, also: readonly string[] = []): Value {
  if (typeof place.value === 'string') return scope.column(place.text(), place);
  if (!place.isRecord([...members, ...also])) return nothing;
  const given = sources.filter((name) => place.at(name).present);
  if (given.length !== 1) {
    place.problem(`needs one of ${sources.join(', ')}`);
    return nothing;
  }
  const steps = [missing(place), ...patterns(place), pad(place), letters(place), table(place, scope)].filter(
    (step) => step !== undefined,
  );
  const source = sourceOf(place, given[0]!, scope);
  const when = place.at('when').present ? compileCondition(place.at('when'), scope) : undefined;
  if (steps.length === 0 && !when) return source;
  return {
    label: source.label,
    get: (row) => {
      if (when && !when(row)) return undefined;
      let text = source.get(row);
      for (const step of steps) {
        if (text === undefined) return undefined;
        text = step(text, source.label);
      }
      return text;
    },
  };
}

const nothing: Value = { label: '', get: () => undefined };

function sourceOf(place: Place, kind: (typeof sources)[number], scope: Scope): Value {
  const at = place.at(kind);
  switch (kind) {
    case 'column':
      return scope.column(at.text(), at);
    case 'constant': {
      const text = at.text();
      return { label: place.name, get: () => text };
    }
    case 'template':
      return template(at, scope);
    case 'first': {
      const options = at.list().map((one) => compileValue(one, scope));
      return {
        label: options[0]?.label ?? '',
        get: (row) => {
          for (const option of options) {
            const text = option.get(row);
            if (text !== undefined) return text;
          }
          return undefined;
        },
      };
    }
  }
}

/** Where a template's text ends, a reference begins, or a part that may be left out begins or ends. */
const TEMPLATE = /\{([^{}]+)\}|[[\]]/g;

/**
 * `{column}` stands for the value of a column. What is in square brackets is left out when a value in it is missing;
 * when another value is missing, the whole text is.
 */
function template(place: Place, scope: Scope): Value {
  const text = place.text();
  const groups: { optional: boolean; parts: (string | Value)[] }[] = [{ optional: false, parts: [] }];
  let last = 0;
  for (const found of text.matchAll(TEMPLATE)) {
    const group = groups.at(-1)!;
    group.parts.push(text.slice(last, found.index));
    last = found.index + found[0].length;
    if (found[1] !== undefined) {
      group.parts.push(scope.column(found[1].trim(), place));
    } else if ((found[0] === '[') === group.optional) {
      place.problem(group.optional ? 'has a [ inside of [ ]' : 'has a ] without a [');
    } else {
      groups.push({ optional: !group.optional, parts: [] });
    }
  }
  groups.at(-1)!.parts.push(text.slice(last));
  if (groups.at(-1)!.optional) place.problem('has a [ without a ]');
  const [first] = groups.flatMap(({ parts }) => parts).filter((part) => typeof part !== 'string');
  return {
    label: first?.label ?? place.name,
    get: (row) => {
      let made = '';
      for (const { optional, parts } of groups) {
        const values = parts.map((part) => (typeof part === 'string' ? part : part.get(row)));
        if (!values.includes(undefined)) made += values.join('');
        else if (!optional) return undefined;
      }
      return made.trim() || undefined;
    },
  };
}

type Step = (text: string, label: string) => string | undefined;

function missing(place: Place): Step | undefined {
  const spellings = new Set(place.at('missing').texts().map(folded));
  return spellings.size > 0 ? (text) => (spellings.has(folded(text)) ? undefined : text) : undefined;
}

/** Each replaces what it matches; a text that it does not match stays, unless `otherwise` says something else. */
const patterns = (place: Place): Step[] =>
  place
    .at('pattern')
    .list()
    .map((one): Step => {
      if (!one.isRecord(['match', 'replace', 'otherwise'])) return (text) => text;
      const source = one.at('match').text();
      const wrong = patternProblem(source);
      if (wrong) {
        one.at('match').problem(wrong);
        return (text) => text;
      }
      const expression = new RegExp(source, 'iu');
      const replace = one.at('replace').value === '' ? '' : one.at('replace').text();
      const otherwise = one.at('otherwise').oneOf(['keep', 'missing', 'reject'], 'keep');
      return (text, label) => {
        if (text.length > MAX_MATCHED) {
          throw new RowRefused(
            `${label} is longer than ${MAX_MATCHED} characters, the most that a pattern reads`,
          );
        }
        const result = replaced(expression, text, replace);
        if (result !== undefined) return result.trim() || undefined;
        if (otherwise === 'reject')
          throw new RowRefused(`${label} ${quoted(text)} is not written as expected (${source})`);
        return otherwise === 'keep' ? text : undefined;
      };
    });

function pad(place: Place): Step | undefined {
  const at = place.at('pad');
  if (!at.present || !at.isRecord(['to', 'with'])) return undefined;
  const to = at.at('to').wholeNumber(1, 50);
  const fill = at.at('with').optionalText() ?? '0';
  return (text) => text.padStart(to, fill);
}

function letters(place: Place): Step | undefined {
  const at = place.at('letters');
  if (!at.present) return undefined;
  return at.oneOf(['upper', 'lower']) === 'upper'
    ? (text) => text.toUpperCase()
    : (text) => text.toLowerCase();
}

const unknowns = ['reject', 'missing', 'keep'] as const;

function table(place: Place, scope: Scope): Step | undefined {
  const at = place.at('values');
  if (!at.present) {
    if (place.at('unknown').present) place.at('unknown').problem('needs values beside it');
    return undefined;
  }
  const values = typeof at.value === 'string' ? scope.table(at.text(), at) : valueTable(at);
  if (!values) return undefined;
  const name = typeof at.value === 'string' ? `table ${at.value}` : 'values';
  const unknown = place.at('unknown').oneOf(unknowns, 'reject');
  return (text, label) => {
    const known = values.get(folded(text));
    if (known !== undefined) return known || undefined;
    if (unknown === 'keep') return text;
    if (unknown === 'missing') return undefined;
    throw new RowRefused(`${label} ${quoted(text)} is not in the mapping's ${name}; add it there`);
  };
}

/** A table of a source's values and what they become; nothing behind a value makes it a missing one. */
export function valueTable(place: Place): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, member] of place.members()) {
    if (values.has(folded(name))) member.problem('stands in the table twice');
    if (typeof member.value === 'string') values.set(folded(name), member.value.trim());
    else member.problem('must be text');
  }
  return values;
}

/** A value for a message: short, and on one line. */
export const quoted = (text: string): string =>
  JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);

/** Decides about a row: `value` with `in`, `notIn` or `present`, or `all`, `any`, `not` of such conditions. */
export function compileCondition(place: Place, scope: Scope): (row: Row) => boolean {
  if (!place.isRecord(['value', 'in', 'notIn', 'present', 'all', 'any', 'not'])) return () => false;
  const nested = (name: string): ((row: Row) => boolean)[] =>
    place
      .at(name)
      .list()
      .map((one) => compileCondition(one, scope));
  const tests: ((row: Row) => boolean)[] = [];
  const [any, all, not] = [nested('any'), nested('all'), nested('not')];
  if (any.length > 0) tests.push((row) => any.some((test) => test(row)));
  tests.push(...all, ...not.map((test) => (row: Row) => !test(row)));
  if (place.at('value').present) {
    const value = compileValue(place.at('value'), scope);
    const spellings = (name: string): Set<string> => new Set(place.at(name).texts().map(folded));
    const [wanted, unwanted] = [spellings('in'), spellings('notIn')];
    if (wanted.size > 0) tests.push((row) => wanted.has(folded(value.get(row) ?? '')));
    if (unwanted.size > 0) tests.push((row) => !unwanted.has(folded(value.get(row) ?? '')));
    if (place.at('present').present) {
      const present = place.at('present').flag();
      tests.push((row) => (value.get(row) !== undefined) === present);
    } else if (wanted.size + unwanted.size === 0) {
      place.problem('needs in, notIn or present beside value');
    }
  }
  if (tests.length === 0) place.problem('is empty');
  return (row) => tests.every((test) => test(row));
}
