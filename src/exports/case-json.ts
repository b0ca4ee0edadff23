import type { CaseHistory } from '../casefiles/dto/case-file.view.js';

export const JSON_FORMAT = 'plumbline-case-history/1';

/** The history of one case as one line of JSON, in pieces: a document of its own, or a line among others (NDJSON). */
export function* caseJson({ file, events, ...head }: CaseHistory): Generator<string> {
  yield `${JSON.stringify({ format: JSON_FORMAT, ...head, case: file }).slice(0, -1)},"events":[`;
  for (const [i, event] of events.entries()) yield `${i > 0 ? ',' : ''}${JSON.stringify(event)}`;
  yield ']}\n';
}
