import { organLevels, type OrganLevel } from '../organs/organ.entity.js';
import { tracks, type Track } from '../sanctions/sanction.entity.js';
import { formatProblem, isTimeZone } from './dates.js';
import {
  addsPart,
  allegationPart,
  casePart,
  type AddsPart,
  type AllegationPart,
  type CasePart,
  type Pair,
  type PartScope,
} from './mapping-parts.js';
import { formatOf, type Format } from './file-format.js';
import { didYouMean, Place } from './mapping-place.js';
import { compileValue, folded, valueTable, type Row, type Value } from './values.js';

/** Which row of another source belongs to a row: that of the same case in which these values agree. */
export type Join = readonly Pair[];

/** One kind of file of a mapping. */
export interface Source {
  readonly name: string;
  readonly files: readonly string[];
  readonly optional: boolean;
  readonly format: Format;
  /** The columns that the mapping uses, in the order of a row's cells. */
  readonly columns: readonly string[];
  /** Columns that say nothing about the record, so that a change in them is no change. */
  readonly ignored: ReadonlySet<string>;
  /** The column with the source's own number of a row: rows that differ in it only are two records. */
  readonly numberedBy: string | undefined;
  readonly repairsC1: boolean;
  /** To which case a row belongs; undefined for a source in which others look things up. */
  readonly key: Value | undefined;
  /** What a row of a source to look things up in is found by. */
  readonly lookupKey: Value | undefined;
  /** Whether a case may have several rows of this source. */
  readonly perCase: 'one' | 'many';
  readonly joins: ReadonlyMap<string, Join>;
  readonly lookups: ReadonlyMap<string, Value>;
  readonly case: CasePart | undefined;
  readonly allegation: AllegationPart | undefined;
  readonly adds: AddsPart | undefined;
}

/** A mapping file, checked and compiled. */
export interface Mapping {
  /** What it was asked for by: the name of a built-in mapping, or of a file. */
  readonly name: string;
  readonly text: string;
  /** The name of the source system; it goes into the provenance and into the codes of organs. */
  readonly system: string;
  readonly title: string;
  readonly organ: { readonly code: string; readonly name: string; readonly level: OrganLevel };
  readonly track: Track;
  readonly sources: readonly Source[];
}

const ORGAN_CODE = /^[A-Za-z0-9][A-Za-z0-9 ._:/-]{0,79}$/;
const FILE_NAME = /^[^/\\\p{Cc}]{1,200}$/u;
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,31}$/;

/**
 * Reads a mapping file.
 * @throws DomainError that names each wrong place, its line, and what to do
 */
export function readMapping(text: string, name: string): Mapping {
  const { root, refuseProblems } = Place.read(text, name);
  const known = ['system', 'title', 'organ', 'timeZone', 'dates', 'missing', 'track', 'tables', 'sources'];
  if (!root.isRecord(known)) refuseProblems();
  const system = root.at('system').text();
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(system)) {
    root.at('system').problem('must be a short name of small letters, digits and -, beginning with a letter');
  }
  const sources = sourcesOf(root);
  const mapping = {
    name,
    text,
    system,
    title: root.at('title').optionalText() ?? system,
    organ: organOf(root.at('organ')),
    track: root.at('track').oneOf(tracks, 'EMPLOYER_DISCIPLINE'),
    sources,
  };
  if (sources.length > 0 && !sources.some((source) => source.case)) {
    root.at('sources').problem('none of the sources has a case, so that nothing would be imported');
  }
  for (const { name: source, columns, format } of sources)
    refuseUnknownColumns(root.at('sources').at(source), columns, format);
  refuseProblems();
  return mapping;
}

/** Where the mapping itself lists the columns; of a file with a header its reader decides. */
function refuseUnknownColumns(place: Place, used: readonly string[], format: Format): void {
  const known = format.type === 'fixed' ? [...format.columns.keys()] : format.header;
  for (const column of known ? used : []) {
    if (!known!.includes(column)) {
      place.at('format').problem(`has no column ${column}, which is used${didYouMean(column, known!)}`);
    }
  }
}

function organOf(place: Place): Mapping['organ'] {
  place.isRecord(['code', 'name', 'level']);
  const code = place.at('code').text();
  if (code && !ORGAN_CODE.test(code)) {
    place
      .at('code')
      .problem('must begin with a letter or digit and have at most 80 letters, digits, blanks or . _ : / -');
  }
  return { code, name: place.at('name').text(), level: place.at('level').oneOf(organLevels) };
}

/** The columns of a source that are used, collected while its expressions are compiled. */
class Columns {
  readonly used: string[] = [];
  private readonly missing: ReadonlySet<string>;
  private readonly longestMissing: number;

  constructor(
    readonly name: string,
    readonly place: Place,
    missing: readonly string[],
  ) {
    this.missing = new Set(['', ...missing].map(folded));
    this.longestMissing = Math.max(...[...this.missing].map(({ length }) => length));
  }

  index(column: string): number {
    const index = this.used.indexOf(column);
    return index >= 0 ? index : this.used.push(column) - 1;
  }

  value(column: string, rowOf: (row: Row) => Row | undefined = (row) => row): Value {
    const index = this.index(column);
    const { missing, longestMissing } = this;
    return {
      label: column,
      get: (row) => {
        const text = rowOf(row)?.cells[index]?.trim();
        // A narrative is not worth folding only to learn that it is none of a few short spellings.
        const present =
          text !== undefined && (text.length > 2 * longestMissing || !missing.has(folded(text)));
        return present ? text : undefined;
      },
    };
  }
}

function sourcesOf(root: Place): Source[] {
  const timeZone = root.at('timeZone').text() || 'UTC';
  if (!isTimeZone(timeZone)) root.at('timeZone').problem('is no time zone; write one such as Asia/Shanghai');
  const dateFormats = root.at('dates').present ? root.at('dates').texts() : ['YYYY-MM-DD'];
  for (const format of dateFormats) {
    const wrong = formatProblem(format);
    if (wrong) root.at('dates').problem(`the date format ${format} ${wrong}`);
  }
  const tables = new Map(
    root
      .at('tables')
      .members()
      .map(([name, place]) => [name, valueTable(place)]),
  );
  const missing = root.at('missing').texts();
  const places = root.at('sources').members();
  if (places.length === 0) root.at('sources').problem('is missing or empty');
  const all = new Map(
    places.map(([name, place]) => {
      if (!NAME.test(name))
        place.problem('a source is named with letters, digits and _, beginning with a letter');
      return [
        name,
        new Columns(name, place, place.at('missing').present ? place.at('missing').texts() : missing),
      ];
    }),
  );
  const names = [...all.keys()];

  const scopeOf = (own: Columns): PartScope => ({
    timeZone: isTimeZone(timeZone) ? timeZone : 'UTC',
    dateFormats: dateFormats.filter((format) => !formatProblem(format)),
    column: (name) => {
      const [prefix = '', ...rest] = name.split('.');
      const other = rest.length > 0 ? all.get(prefix) : undefined;
      if (!other) return own.value(name);
      const column = rest.join('.');
      return other === own ? own.value(column) : other.value(column, (row) => row.other(prefix));
    },
    table: (name, place) => {
      const table = tables.get(name);
      if (!table) place.problem(`there is no table ${name}${didYouMean(name, [...tables.keys()])}`);
      return table;
    },
    sourceName: (place) => place.oneOf(names),
    same: (otherName, place) => {
      const other = all.get(otherName);
      if (!other) return [];
      const pairs =
        Array.isArray(place.value) || typeof place.value === 'string'
          ? place.texts().map((column) => [column, column] as const)
          : place.members().map(([mine, theirs]) => [mine, theirs.text()] as const);
      return pairs.map(([mine, theirs]) => [own.value(mine), other.value(theirs)] as const);
    },
  });
  // The columns are complete only when all sources are compiled: one may use another's.
  return [...all.values()].map((own) => source(own, scopeOf(own), names));
}

const sourceMembers = [
  'file',
  'optional',
  'format',
  'missing',
  'ignore',
  'numberedBy',
  'repairC1',
  'key',
  'lookupKey',
  'perCase',
  'join',
  'lookup',
  'case',
  'allegation',
  'adds',
];

function source(own: Columns, scope: PartScope, names: readonly string[]): Source {
  const { place, name } = own;
  place.isRecord(sourceMembers);
  const files = place.at('file').present ? place.at('file').texts() : [place.at('file').text()];
  if (files.some((file) => !FILE_NAME.test(file)))
    place.at('file').problem('must be the name of a file, without a folder');
  const lookupKey = place.at('lookupKey').present ? compileValue(place.at('lookupKey'), scope) : undefined;
  const key = lookupKey ? undefined : compileKey(place.at('key'), scope);
  const numberedBy = place.at('numberedBy').optionalText();
  if (numberedBy !== undefined) own.index(numberedBy);
  const parts = {
    case: casePart(place.at('case'), scope),
    allegation: allegationPart(place.at('allegation'), scope),
    adds: addsPart(place.at('adds'), scope),
  };
  if (lookupKey && (parts.case ?? parts.allegation ?? parts.adds)) {
    place.at('lookupKey').problem('a source to look things up in has no case, allegation or adds');
  }
  if (parts.adds && (parts.case ?? parts.allegation)) {
    place.at('adds').problem('a source with adds has neither case nor allegation');
  }
  return {
    name,
    files,
    optional: place.at('optional').flag(),
    format: formatOf(place.at('format')),
    columns: own.used,
    ignored: new Set([...place.at('ignore').texts(), ...(numberedBy === undefined ? [] : [numberedBy])]),
    numberedBy,
    repairsC1: place.at('repairC1').flag(),
    key,
    lookupKey,
    perCase: place.at('perCase').oneOf(['one', 'many'], 'many'),
    joins: new Map(named(place.at('join'), names).map(([other, at]) => [other, scope.same(other, at)])),
    lookups: new Map(named(place.at('lookup'), names).map(([other, at]) => [other, compileValue(at, scope)])),
    ...parts,
  };
}

function compileKey(place: Place, scope: PartScope): Value {
  if (place.present) return compileValue(place, scope);
  place.problem('is missing: name the column with the id of the complaint, or make one with a template');
  return { label: 'key', get: () => undefined };
}

const named = (place: Place, names: readonly string[]): [string, Place][] =>
  place.members().filter(([name, member]) => {
    if (!names.includes(name)) member.problem(`there is no source ${name}${didYouMean(name, names)}`);
    return names.includes(name);
  });
