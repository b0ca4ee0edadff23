import type { ComponentType } from 'react';
import type { CaseDeed } from '../../../i18n/codes.ts';
import { Decide, Reopen, ServeDecision } from './Decision.tsx';
import type { FormProps } from './DeedForm.tsx';
import { RecordDefence, Return, ServeNotice } from './Hearing.tsx';
import { Extend, File, Report, StartInvestigation, Suspend } from './Investigation.tsx';
import { reasonOnly } from './ReasonOnly.tsx';
import { Accept, Decline, Merge, Transfer } from './Triage.tsx';

/**
 * The form of each step of the procedure, in its order. A new deed of the interface does not compile until it has a
 * line here: `reasonOnly(deed, send)` when it asks why and nothing else, else a component in the file of its phase.
 *
 * What is recorded beside the steps has its buttons where it is shown: Investigators.tsx (assign, withdraw),
 * Finding.tsx (beside each allegation), Sanctions.tsx (propose, decide, serve).
 */
export const forms: Readonly<Record<CaseDeed, ComponentType<FormProps>>> = {
  accept: Accept,
  decline: Decline,
  transfer: Transfer,
  reclaim: reasonOnly('reclaim'),
  merge: Merge,
  'start-preliminary': reasonOnly('start-preliminary'),
  'legal-opinion': reasonOnly('legal-opinion'),
  'close-without-case': reasonOnly('close-without-case', { final: true }),
  file: File,
  'start-investigation': StartInvestigation,
  suspend: Suspend,
  resume: reasonOnly('resume'),
  extend: Extend,
  report: Report,
  return: Return,
  'serve-notice': ServeNotice,
  'record-defence': RecordDefence,
  'legal-review': reasonOnly('legal-review'),
  decide: Decide,
  'serve-decision': ServeDecision,
  close: reasonOnly('close', { final: true }),
  reopen: Reopen,
};
