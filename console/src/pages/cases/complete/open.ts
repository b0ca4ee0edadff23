import type { CaseStatus } from '../../../i18n/codes.ts';

/** Until the report is in, more may become known, as the server has it (src/intake/case.states.ts; compared in test/open.spec.ts). */
export const openForAllegations: readonly CaseStatus[] = [
  'REGISTERED',
  'TRIAGED_ACCEPTED',
  'PRELIMINARY',
  'FILED',
  'INVESTIGATING',
  'SUSPENDED',
  'REOPENED',
];
