import { readFileSync } from 'node:fs';
import type { DomainError, InputError } from '../common/errors.js';
import { readMapping } from './mapping.js';

const reference = readFileSync('docs/import-mappings.md', 'utf8');

/** The keys that a section of the reference lists. */
const documented = (heading: string): string[] => {
  const [, section] = new RegExp(`^### ${heading}\\n([^]*?)(?=^##|(?![^]))`, 'm').exec(reference) ?? [];
  return [...(section ?? '').matchAll(/^\| `(\w+)` /gm)].map(([, key]) => key!).sort();
};

/** What the reader says that it knows, at the place of each key that is none. */
function known(text: string): Map<string, string[]> {
  try {
    readMapping(text, 'probe');
  } catch (error) {
    const errors = (error as DomainError).extra['errors'] as InputError[];
    return new Map(
      errors.flatMap(({ pointer, message }) => {
        const [, keys] = /known are ([\w, ]+)/.exec(message) ?? [];
        return keys === undefined ? [] : [[pointer.replace(/^line \d+, /, ''), keys.split(', ').sort()]];
      }),
    );
  }
  throw new Error('The probe is no longer refused');
}

/** A mapping with a key `x` in each of its tables. */
const probe = `
x: 1
system: probe
organ: { x: 1, code: A, name: A, level: CITY }
timeZone: UTC
sources:
  one:
    x: 1
    file: a.csv
    format: { x: 1 }
    key: { x: 1, column: id, pattern: { x: 1, match: a, replace: b }, pad: { x: 1, to: '3' }, when: { x: 1, value: a, in: [b] } }
    case: { x: 1, receivedAt: { x: 1, column: day }, statement: words, reporter: { x: 1, kind: { constant: NAMED } } }
    allegation:
      x: 1
      category: { constant: OTHER }
      onlyWithout: { x: 1, source: two }
      organ: { x: 1, code: unit, name: unit }
      subjects: { x: 1, officer: { x: 1, key: officer } }
      affectedPersons: { x: 1, name: a }
      findings: { x: 1, stage: FINAL, outcome: a }
      sanctions: { x: 1, status: PROPOSED, kind: a }
  two:
    file: b.csv
    format: { x: 1, type: fixed, columns: { id: [1, 2] } }
    key: id
    adds: { x: 1, to: one }
`;

const places: [heading: string, place: string][] = [
  ['The file', 'x'],
  ['organ', 'organ.x'],
  ['A source', 'sources.one.x'],
  ['format of a CSV file', 'sources.one.format.x'],
  ['format of a file with columns of fixed width', 'sources.two.format.x'],
  ['case', 'sources.one.case.x'],
  ['reporter', 'sources.one.case.reporter.x'],
  ['allegation', 'sources.one.allegation.x'],
  ['onlyWithout', 'sources.one.allegation.onlyWithout.x'],
  ['organ of an allegation or officer', 'sources.one.allegation.organ.x'],
  ['subjects', 'sources.one.allegation.subjects.x'],
  ['officer', 'sources.one.allegation.subjects.officer.x'],
  ['affectedPersons', 'sources.one.allegation.affectedPersons.x'],
  ['findings', 'sources.one.allegation.findings.x'],
  ['sanctions', 'sources.one.allegation.sanctions.x'],
  ['adds', 'sources.two.adds.x'],
  ['value', 'sources.one.key.x'],
  ['pattern', 'sources.one.key.pattern.x'],
  ['pad', 'sources.one.key.pad.x'],
  ['condition', 'sources.one.key.when.x'],
];

describe('the reference of mappings', () => {
  it.each(places)('lists the keys of %s, all of them and no others', (heading, place) => {
    expect(documented(heading)).toEqual(known(probe).get(place));
  });

  it('lists the keys of date', () => {
    expect([...documented('value'), ...documented('date')].sort()).toEqual(
      known(probe).get('sources.one.case.receivedAt.x'),
    );
  });

  it('has a section for each place that the reader checks, and no other', () => {
    const checked = [...places.map(([, place]) => place), 'sources.one.case.receivedAt.x'].sort();
    expect([...known(probe).keys()].sort()).toEqual(checked);
    const headings = [...reference.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading);
    expect(headings.sort()).toEqual([...places.map(([heading]) => heading), 'date'].sort());
  });

  it('begins with a mapping that works', () => {
    const [, whole] = /```yaml\n([^]*?)```/.exec(reference)!;
    expect(readMapping(whole!, 'harbour').sources[0]!.columns).toEqual(
      expect.arrayContaining(['number', 'received', 'text', 'kind', 'officer_no', 'officer_name']),
    );
  });
});
