import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { DomainError, type InputError } from '../common/errors.js';

/** A mapping file that cannot be used; the message names each place and what to do there. */
export const badMapping = (name: string, errors: readonly InputError[]): DomainError =>
  new DomainError('invalid-mapping', 400, `The mapping ${name} cannot be used.`, { errors });

type Path = readonly (string | number)[];

/** Collects what is wrong, so that one reading shows all of it. */
class Problems {
  readonly found: InputError[] = [];

  constructor(
    private readonly document: Document,
    private readonly lines: LineCounter,
  ) {}

  add(path: Path, message: string): void {
    const dotted = path.join('.') || 'the file';
    this.found.push({ pointer: `line ${this.lineOf(path)}, ${dotted}`, message });
  }

  /** The line of the nearest thing on the path that is written down. */
  private lineOf(path: Path): number {
    for (let length = path.length; length > 0; length--) {
      const node: unknown = this.document.getIn(path.slice(0, length), true);
      const range = (node as { range?: [number, number, number] } | undefined)?.range;
      if (range) return this.lines.linePos(range[0]).line;
    }
    return 1;
  }
}

/** A value in a mapping file together with its place, so that a complaint about it can say where it stands. */
export class Place {
  private constructor(
    readonly value: unknown,
    readonly path: Path,
    private readonly problems: Problems,
  ) {}

  /** The whole file. Every scalar is text: a code such as 01, 10E2 or NO stays as it is written. */
  static read(text: string, name: string): { root: Place; refuseProblems: () => void } {
    const lines = new LineCounter();
    const document = parseDocument(text, {
      schema: 'failsafe',
      merge: true,
      lineCounter: lines,
      prettyErrors: false,
    });
    const [broken] = document.errors;
    if (broken) {
      const { line, col } = lines.linePos(broken.pos[0]);
      throw badMapping(name, [
        { pointer: `line ${line}, column ${col}`, message: `is not YAML: ${broken.message}` },
      ]);
    }
    const problems = new Problems(document, lines);
    let value: unknown;
    try {
      value =
        isMap(document.contents) || isScalar(document.contents)
          ? document.toJS({ maxAliasCount: 100 })
          : undefined;
    } catch (error) {
      throw badMapping(name, [{ pointer: 'the file', message: (error as Error).message }]);
    }
    return {
      root: new Place(value, [], problems),
      refuseProblems: () => {
        if (problems.found.length > 0) throw badMapping(name, problems.found);
      },
    };
  }

  get present(): boolean {
    return this.value !== undefined;
  }

  get name(): string {
    return this.path.join('.');
  }

  problem(message: string): void {
    this.problems.add(this.path, message);
  }

  at(member: string | number): Place {
    const holder = this.value as Record<string | number, unknown> | undefined;
    const own = typeof holder === 'object' && holder !== null && Object.hasOwn(holder, member);
    return new Place(own ? holder[member] : undefined, [...this.path, member], this.problems);
  }

  /** True when it is a table of names and values; `known` refuses names other than these. */
  isRecord(known?: readonly string[]): boolean {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value)) {
      this.problem(`must be a table of names and values${known ? ` (${known.join(', ')})` : ''}`);
      return false;
    }
    for (const name of Object.keys(this.value)) {
      if (known && !known.includes(name)) {
        this.at(name).problem(`is not known here; known are ${known.join(', ')}${didYouMean(name, known)}`);
      }
    }
    return true;
  }

  /** The members of a table, each with its name. */
  members(): [string, Place][] {
    return this.present && this.isRecord()
      ? Object.keys(this.value as object).map((name) => [name, this.at(name)])
      : [];
  }

  /** The entries of a list; a single value counts as a list of one. */
  list(): Place[] {
    if (!this.present) return [];
    return Array.isArray(this.value) ? this.value.map((_, i) => this.at(i)) : [this];
  }

  /** Text that must be there. */
  text(): string {
    if (typeof this.value === 'string' && this.value !== '') return this.value;
    this.problem(this.present ? 'must be text' : 'is missing');
    return '';
  }

  optionalText(): string | undefined {
    return this.present ? this.text() : undefined;
  }

  texts(): string[] {
    return this.list().map((one) => {
      if (typeof one.value === 'string') return one.value;
      one.problem('must be text');
      return '';
    });
  }

  /** One of these words, or the fallback where nothing is written. */
  oneOf<T extends string>(words: readonly T[], fallback?: T): T {
    if (!this.present && fallback !== undefined) return fallback;
    const word = words.find((one) => one === this.value);
    if (word !== undefined) return word;
    const given = typeof this.value === 'string' ? this.value : '';
    this.problem(`must be one of ${words.join(', ')}${didYouMean(given, words)}`);
    return fallback ?? words[0]!;
  }

  wholeNumber(from: number, to: number, fallback?: number): number {
    if (!this.present && fallback !== undefined) return fallback;
    const number = typeof this.value === 'string' && /^\d{1,9}$/.test(this.value) ? Number(this.value) : NaN;
    if (number >= from && number <= to) return number;
    this.problem(`must be a whole number from ${from} to ${to}`);
    return from;
  }

  flag(fallback = false): boolean {
    return this.oneOf(['true', 'false'] as const, fallback ? 'true' : 'false') === 'true';
  }
}

/** A hint at the known word that differs least, when little differs. */
export function didYouMean(word: string, known: readonly string[]): string {
  const [best] = known
    .map((one) => ({ one, distance: distance(word.toLowerCase(), one.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= Math.max(1, word.length / 3) ? `; did you mean ${best.one}?` : '';
}

/** How many letters must be changed, added or taken away (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
