import type { CaseStatus } from '../intake/case.states.js';

/**
 * What whoever reported is told of the state of their case, without what would warn those it is about: the result of
 * the inquiry is theirs to know (警察法 46), its steps are not.
 */
export const statusWords: Readonly<Record<CaseStatus, string>> = {
  REGISTERED: 'Your report has arrived and will be read.',
  TRANSFERRED: 'Your report was handed to the organ that is competent.',
  NOT_ACCEPTED: 'Your report was not taken up.',
  MERGED: 'Your report is dealt with together with another one.',
  TRIAGED_ACCEPTED: 'Your report was accepted.',
  PRELIMINARY: 'Your report is being looked into.',
  CLOSED_NO_CASE: 'Your report was looked into, and no case was opened.',
  FILED: 'A case was opened on your report.',
  INVESTIGATING: 'A case was opened on your report.',
  SUSPENDED: 'A case was opened on your report.',
  REPORTED: 'A case was opened on your report.',
  NOTICE_SERVED: 'A case was opened on your report.',
  DEFENCE_HEARD: 'A case was opened on your report.',
  LEGAL_REVIEWED: 'A case was opened on your report.',
  DELIBERATED: 'A case was opened on your report.',
  DECIDED_SANCTION: 'The case on your report was decided.',
  DECIDED_EXEMPT: 'The case on your report was decided.',
  DECIDED_WITHDRAWN: 'The case on your report was decided.',
  DECIDED_REFER: 'The case on your report was decided.',
  SERVED: 'The case on your report was decided.',
  CLOSED: 'The case on your report is closed.',
  REOPENED: 'The case on your report was opened again.',
};
