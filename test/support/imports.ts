import type { Test } from 'supertest';
import type { Client } from './app.js';

/** The smallest mapping that makes sense: one file, one row a case. */
export const TINY_MAPPING = `
system: tiny
organ: { code: TINY, name: Tiny Police, level: CITY }
timeZone: Asia/Shanghai
sources:
  complaints:
    file: complaints.csv
    key: id
    perCase: one
    case: { receivedAt: received, statement: words }
    allegation:
      category: { column: kind, values: kinds }
      subjects: { description: { constant: An officer whom the source does not name } }
tables:
  kinds: { fine: ARBITRARY_FINE, other: OTHER }
`;

/** A file for it. Rows are cells joined by commas. */
export const tinyFile = (...rows: string[]): Record<string, string> => ({
  'complaints.csv': ['id,received,kind,words', ...rows, ''].join('\n'),
});

export interface UploadParts {
  /** Fields of the form. */
  fields?: Record<string, string>;
  /** A mapping sent as a file. */
  mapping?: string | Buffer;
  files?: Record<string, string | Buffer>;
}

/** Asks for an import by upload. */
export function upload(client: Client, { fields = {}, mapping, files = {} }: UploadParts): Test {
  const test = client.request('post', '/imports');
  for (const [name, value] of Object.entries(fields)) void test.field(name, value);
  if (mapping !== undefined) void test.attach('mapping', Buffer.from(mapping), 'mapping.yaml');
  for (const [name, content] of Object.entries(files)) void test.attach('files', Buffer.from(content), name);
  return test;
}

/** An import as it is when its job has ended. */
export async function ended(client: Client, id: string): Promise<any> {
  for (;;) {
    const { body } = await client.get(`/imports/${id}`).expect(200);
    if (['DONE', 'FAILED'].includes(body.status)) return body;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A mapping with officers, a finding and a sanction for each stage, and persons affected. */
export const STAGED_MAPPING = `
system: staged
organ: { code: STAGED, name: Staged Police, level: CITY }
timeZone: Asia/Shanghai
dates: [YYYY-MM-DD, YYYY-MM]
missing: [NA, N/A, '-', none, '#VALUE!']
tables:
  kinds: { fine: ARBITRARY_FINE, other: OTHER }
  outcomes: { sustained: SUBSTANTIATED, not sustained: NOT_SUBSTANTIATED, pending: '' }
  penalties: { reprimand: WARNING, suspension: MAJOR_DEMERIT, separation: DISMISSAL }
sources:
  complaints:
    file: complaints.csv
    key: id
    case: { receivedAt: received, statement: words }
    allegation:
      category: { column: kind, values: kinds }
      occurredFrom: happened
      subjects:
        officer: { key: officer, name: officer_name, organ: { code: unit, name: unit }, post: { constant: Officer } }
        description: { constant: An officer whom the source does not name }
      affectedPersons: { name: complainant, when: { value: complainant, present: true } }
      findings:
        - { stage: RECOMMENDED, outcome: { column: recommended_finding, values: outcomes } }
        - { stage: FINAL, outcome: { column: final_finding, values: outcomes } }
      sanctions:
        - status: PROPOSED
          kind: { column: recommended_penalty, values: penalties }
        - status: DECIDED
          kind: { column: final_penalty, values: penalties }
          effectiveFrom: { column: decided, missing: [] }
`;
export const STAGED_HEADER =
  'id,received,kind,words,happened,officer,officer_name,unit,complainant,recommended_finding,final_finding,' +
  'recommended_penalty,final_penalty,decided';

/** Two rows a complaint, a few of them repeated, a few to reject. */
export function* manyStagedRows(complaints: number): Generator<string> {
  const of = (words: readonly string[], n: number): string => words[n % words.length]!;
  for (let n = 0; n < complaints * 2; n++) {
    const id = n >> 1;
    const decided = n % 3 === 0;
    const row = [
      `S-${String((id * 7919) % complaints).padStart(5, '0')}`,
      `2024-0${1 + (id % 9)}-1${id % 10}`,
      n % 97 === 0 ? 'unheard of' : of(['fine', 'other'], n),
      `They took the money of row ${id} and gave no receipt. 没有开收据。`,
      of(['2023-12', '2023-12-31', 'NA'], n),
      n % 11 === 0 ? 'NA' : `O-${(n * 31) % 400}`,
      `Officer ${(n * 31) % 400}`,
      `Unit ${n % 23}`,
      of(['Payer', 'none', ''], n),
      of(['sustained', 'not sustained', 'pending'], n),
      decided ? 'sustained' : 'pending',
      of(['reprimand', 'suspension', '-'], n),
      decided ? of(['reprimand', 'separation'], n) : 'N/A',
      decided ? '2024-12-01' : '',
    ].join(',');
    yield row;
    if (n % 41 === 0) yield row;
  }
}
