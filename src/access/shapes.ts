import type { ForcedSubject } from '@casl/ability';

/** What the rules may look at. Each entity implements its shape, so a renamed field breaks the build there. */
export interface Shapes {
  Organ: { id: string };
  Officer: { id: string };
  User: { id: string };
  Grant: { organId: string };
  Case: {
    id: string;
    organId: string;
    status: string;
    registeredBy: string;
    reporterKind: string;
    investigatorIds: string[];
  };
  Sanction: { officerId: string; status: string };
  Import: { organId: string; createdBy: string };
  Export: { createdBy: string; kind: string };
  /** That somebody broke the glass of a case. Null: no case has the number that they gave. */
  BrokenGlass: { userId: string; organId: string; caseId: string | null };
  /** What somebody has to be told; null: of no case. */
  Notice: { userId: string; caseId: string | null };
  /** One's own sign-in. */
  Session: { id: string };
  /** One's own second factors. */
  Factor: { id: string };
  /** That something was read: a row of the log of reads. */
  Read: { userId: string; organId: string | null; caseId: string | null };
  /** That somebody's reading asks for a look. */
  AccessAlert: { userId: string; organId: string; caseId: string | null; asked: boolean };
  /** "Why did you look?" */
  ReadQuestion: { userId: string; organId: string; caseId: string | null };
  /** A request for police. `askers` and `steppedAside` hold accounts and officers, so that persons are recognised. */
  Deployment: {
    id: string;
    organId: string;
    status: string;
    createdBy: string;
    askers: string[];
    steppedAside: string[];
    officerIds: string[];
  };
  DeploymentObjection: { userId: string; higherOrganIds: string[]; orderGivers: string[] };
  DeploymentDelegation: { organId: string; userId: string; delegatedBy: string };
  DeploymentNotice: { organId: string };
  /** The running of the program: its jobs and its health. */
  Operation: { id: string };
  /** The rules of law that the program applies. */
  Rulebook: { id: string };
  /** The audit trail as a whole. */
  Trail: { id: string };
}

export type SubjectName = keyof Shapes;

/** A row that the rules can judge: the shape and the tag by which CASL knows it. */
export type Protected<N extends SubjectName> = Shapes[N] & ForcedSubject<N>;

/** The deeds that move a case from state to state; `case.states.ts` says from where to where. */
export const caseDeeds = [
  'accept',
  'decline',
  'transfer',
  'reclaim',
  'merge',
  'start-preliminary',
  'legal-opinion',
  'close-without-case',
  'file',
  'start-investigation',
  'suspend',
  'resume',
  'extend',
  'report',
  'return',
  'serve-notice',
  'record-defence',
  'legal-review',
  'decide',
  'serve-decision',
  'close',
  'reopen',
] as const;

export type CaseDeed = (typeof caseDeeds)[number];

/** The deeds on a request for police; `deployment.states.ts` says from where to where. */
export const deploymentDeeds = [
  'submit',
  'withdraw',
  'request-opinion',
  'assess',
  'declare-conflict',
  'approve',
  'stand-by',
  'refuse',
  'return',
  'request-review',
  'dispatch',
  'record-paper',
  'report-deviation',
  'complete',
  'sign-off',
] as const;

export type DeploymentDeed = (typeof deploymentDeeds)[number];

/** What can be done to each kind of row. */
export interface Actions {
  Organ: 'read' | 'create' | 'update';
  Officer: 'read' | 'create' | 'update';
  User: 'read' | 'create' | 'update' | 'reset-factors' | 'refuse-reset';
  Grant: 'create' | 'revoke';
  Case:
    | 'read'
    | 'create'
    | 'update'
    | 'assign'
    | 'recommend-finding'
    | 'record-final-finding'
    | 'record-measure'
    | 'propose-sanction'
    | 'export'
    | 'propose-erasure'
    | 'decide-erasure'
    | 'declare-recusal'
    | 'order-recusal'
    | 'lift-recusal'
    | 'name-witness'
    | 'ask-identity'
    | 'decide-identity'
    | 'read-identity'
    | 'read-identity-requests'
    | 'issue-receipt'
    | 'read-messages'
    | 'answer-reporter'
    | 'review-access'
    | 'read-figures'
    | CaseDeed;
  Sanction: 'read' | 'decide' | 'serve';
  Import: 'read' | 'create';
  Export: 'read' | 'create' | 'download';
  BrokenGlass: 'read' | 'read-own' | 'break' | 'approve' | 'end' | 'review' | 'count';
  Notice: 'read';
  Session: 'read' | 'end' | 'end-others' | 'prove' | 'set-password';
  Factor: 'read' | 'create' | 'remove';
  Read: 'read';
  AccessAlert: 'read' | 'answer' | 'close';
  ReadQuestion: 'read' | 'answer' | 'judge';
  Deployment:
    'check' | 'read' | 'create' | 'send-at-once' | 'update' | 'object' | 'read-figures' | DeploymentDeed;
  DeploymentObjection: 'read';
  DeploymentDelegation: 'read' | 'list-candidates' | 'create' | 'revoke';
  DeploymentNotice: 'read';
  Operation: 'read' | 'retry';
  Rulebook: 'read';
  Trail: 'read' | 'verify' | 'read-quarantine' | 'propose-restart' | 'confirm-restart';
}

export type Action = Actions[SubjectName];
