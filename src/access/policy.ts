import { grouped } from '../common/grouped.js';
import type { Condition, Relation } from './relations.js';
import type { Role } from './roles.js';
import { caseDeeds, type Action, type Actions, type SubjectName } from './shapes.js';

/** A line of the policy: who may do what to which rows, and what they see of them. */
export interface Rule<N extends SubjectName = SubjectName> {
  readonly role: Role | 'EVERYBODY';
  readonly resource: N;
  readonly actions: readonly Actions[N][];
  /** How one must stand to the row. */
  readonly relation: Relation;
  /** What else the row must be, whoever asks. */
  readonly where?: Condition<N>;
  /** The parts that may be seen; all of them where this is absent. */
  readonly fields?: readonly string[];
  /** How they prove anew who they are before it; the session is enough where this is absent. */
  readonly stepUp?: StepUp;
  /** Who read it, and for which purpose, is in the trail before anything leaves. */
  readonly purpose?: true;
}

/** By a proof that is a short while old, whichever; or by the signature of an authenticator and nothing weaker. */
export type StepUp = 'FRESH' | 'WEBAUTHN';

/** A line that no rule overrules. */
export interface Denial<N extends SubjectName = SubjectName> {
  readonly resource: N;
  readonly actions: readonly Actions[N][];
  readonly relation: Relation;
  readonly reason: string;
}

/** The parts of a case file that most readers may see: all but the reporter's identity. */
export const caseFileFields = [
  'header',
  'statement',
  'allegations',
  'people',
  'procedure',
  'sanctions',
] as const;
/** Name and contact of the reporter. */
export const identityField = 'reporterIdentity';
export const caseFields = [...caseFileFields, identityField] as const;

const header = { fields: ['header'] } as const;
const file = { fields: caseFileFields } as const;

const registered = { where: { status: 'REGISTERED' } } as const;
/**
 * Only those who name themselves openly are known to whoever handles the case. Who confides in the organ, or stays
 * unknown, is known under a release alone: see src/identities.
 */
const named = { reporterKind: 'NAMED' } as const;
const namedReporter = { where: named, fields: [identityField] };
const namedAtIntake = { where: { ...registered.where, ...named }, fields: [identityField] };
/** The states of src/intake/case.states.ts in which a legal reviewer has to do with a case, in their order. */
const reviewed = [
  'PRELIMINARY',
  'REPORTED',
  'NOTICE_SERVED',
  'DEFENCE_HEARD',
  'LEGAL_REVIEWED',
  'DELIBERATED',
  'DECIDED_SANCTION',
  'DECIDED_EXEMPT',
  'DECIDED_WITHDRAWN',
  'DECIDED_REFER',
  'SERVED',
  'CLOSED',
] as const;
const underLegalReview = { where: { status: { $in: reviewed } } } as const;
const underDecision = { where: { status: { $in: reviewed.slice(reviewed.indexOf('LEGAL_REVIEWED')) } } };
/** What only its requester has any business with. */
const beyondDraft = {
  where: {
    status: {
      $in: [
        'EMERGENCY',
        'SUBMITTED',
        'LATE',
        'RETURNED',
        'WITHDRAWN',
        'APPROVED',
        'STAND_BY',
        'REFUSED',
        'UNDER_REVIEW',
        'REFUSED_FINALLY',
      ],
    },
  },
} as const;
/** The parts of a request for police: what officers are told, and all the rest. */
export const deploymentFields = ['order', 'file'] as const;
/** Until a case has ended, nothing in it may be erased, and the custodian has no business in it. */
const ended = { where: { status: { $in: ['NOT_ACCEPTED', 'MERGED', 'CLOSED_NO_CASE', 'CLOSED'] } } } as const;

/** The deeds that weigh so much that an open session is not enough, for whoever may do them (ADR 15). */
const stepUps: { readonly [N in SubjectName]?: { readonly [A in Actions[N]]?: StepUp } } = {
  User: { create: 'FRESH', update: 'FRESH', 'reset-factors': 'FRESH' },
  Grant: { create: 'FRESH', revoke: 'FRESH' },
  Session: { 'end-others': 'FRESH', 'set-password': 'FRESH' },
  Factor: { create: 'FRESH', remove: 'FRESH' },
  Case: {
    decide: 'FRESH',
    export: 'FRESH',
    'propose-erasure': 'FRESH',
    'decide-erasure': 'FRESH',
    'decide-identity': 'FRESH',
    'read-identity': 'FRESH',
  },
  Sanction: { decide: 'FRESH' },
  Export: { create: 'FRESH', download: 'FRESH' },
  BrokenGlass: { break: 'WEBAUTHN', approve: 'WEBAUTHN', review: 'FRESH' },
  Deployment: { approve: 'FRESH', 'stand-by': 'FRESH', refuse: 'FRESH' },
  DeploymentDelegation: { create: 'FRESH' },
  Trail: { 'propose-restart': 'FRESH', 'confirm-restart': 'FRESH' },
};

/** What is sensitive to read, whoever may: each such read is in the trail with its purpose (ADR 14). */
const purposes: { readonly [N in SubjectName]?: readonly Actions[N][] } = {
  Officer: ['read'],
  User: ['read'],
  Case: ['read', 'read-identity', 'read-identity-requests', 'read-messages', 'review-access', 'read-figures'],
  Sanction: ['read'],
  BrokenGlass: ['read', 'read-own'],
  Read: ['read'],
  AccessAlert: ['read'],
  ReadQuestion: ['read'],
  Deployment: ['check', 'read', 'read-figures'],
  DeploymentObjection: ['read'],
};

/** The columns of a line that depend on its action alone. */
const columnsOf = (resource: SubjectName, action: Action): Pick<Rule, 'stepUp' | 'purpose'> => {
  const stepUp = (stepUps[resource] as Readonly<Record<string, StepUp>> | undefined)?.[action];
  const purpose = (purposes[resource] as readonly string[] | undefined)?.includes(action);
  return { ...(stepUp && { stepUp }), ...(purpose && { purpose }) };
};

type More<N extends SubjectName> = Pick<Rule<N>, 'where' | 'fields'>;

type May = <N extends SubjectName>(
  actions: Actions[N] | readonly Actions[N][],
  resource: N,
  relation: Relation,
  more?: More<N>,
) => void;

/** Of those who investigate, lead and review: in an emergency they read a case that is not theirs, and no more. */
const breaksGlass = (may: May): void => {
  may('break', 'BrokenGlass', 'ANY');
  may('read', 'Case', 'BROKEN_GLASS', file);
};

/** The rules of one role; `may` adds a line, or several where its actions differ in what they demand. */
const rulesOf = (role: Rule['role'], lines: (may: May) => void): Rule[] => {
  const rules: Rule[] = [];
  lines((actions, resource, relation, more) => {
    const alike = grouped([actions].flat() as Action[], (action) =>
      JSON.stringify(columnsOf(resource, action)),
    );
    for (const some of alike.values()) {
      rules.push({ role, resource, actions: some, relation, ...more, ...columnsOf(resource, some[0]!) });
    }
  });
  return rules;
};

/** Every permission of the system. Nothing is allowed unless it is written here. */
export const policy: readonly Rule[] = [
  ...rulesOf('EVERYBODY', (may) => {
    may('read', 'Organ', 'ANY');
    may('read', 'Officer', 'ANY');
    may('read', 'Rulebook', 'ANY');
    // Their own, and no other: no route takes anybody else's.
    may(['read', 'end', 'end-others', 'prove', 'set-password'], 'Session', 'ANY');
    may(['read', 'create', 'remove'], 'Factor', 'ANY');
    may('refuse-reset', 'User', 'MYSELF');
    // Of a case that one sees by another rule.
    may('declare-recusal', 'Case', 'ANY');
    may(['read-own', 'end'], 'BrokenGlass', 'MINE');
    may('read', 'Notice', 'MINE');
    // Why they looked, where asking does not tell them of a case that they may not know of.
    may('answer', 'AccessAlert', 'MINE', { where: { asked: true } });
    may('answer', 'ReadQuestion', 'MINE');
  }),
  ...rulesOf('INTAKE_OFFICER', (may) => {
    may('create', 'Case', 'OWN_ORGAN');
    may('read', 'Case', 'OWN_ORGAN', { ...registered, ...file });
    may('read', 'Case', 'REGISTERED_BY_ME', header);
    may('read', 'Case', 'REGISTERED_BY_ME', { ...registered, ...file });
    may('read', 'Case', 'REGISTERED_BY_ME', namedAtIntake);
    may(['update', 'read-messages', 'answer-reporter'], 'Case', 'OWN_ORGAN', registered);
    may('issue-receipt', 'Case', 'REGISTERED_BY_ME', registered);
    may('create', 'Import', 'OWN_ORGAN');
    may('read', 'Import', 'MADE_BY_ME');
  }),
  ...rulesOf('PETITION_OFFICER', (may) => {
    may('create', 'Case', 'OWN_ORGAN');
    may('read', 'Case', 'REGISTERED_BY_ME', header);
    may('read', 'Case', 'REGISTERED_BY_ME', { ...registered, ...file });
    may('read', 'Case', 'REGISTERED_BY_ME', namedAtIntake);
    may(['update', 'issue-receipt'], 'Case', 'REGISTERED_BY_ME', registered);
  }),
  ...rulesOf('INVESTIGATOR', (may) => {
    breaksGlass(may);
    may('read', 'Case', 'ASSIGNED', file);
    may('read', 'Case', 'ASSIGNED', namedReporter);
    may(
      ['update', 'recommend-finding', 'record-measure', 'start-investigation', 'report', 'record-defence'],
      'Case',
      'ASSIGNED',
    );
    may(['export', 'name-witness'], 'Case', 'ASSIGNED');
    may(['ask-identity', 'read-identity', 'read-identity-requests'], 'Case', 'ASSIGNED');
    may(['read-messages', 'answer-reporter'], 'Case', 'ASSIGNED');
    may('create', 'Export', 'ANY', { where: { kind: 'CASE_BUNDLE' } });
    may(['read', 'download'], 'Export', 'MADE_BY_ME');
  }),
  ...rulesOf('SUPERVISOR', (may) => {
    breaksGlass(may);
    may(['read', 'approve'], 'BrokenGlass', 'OWN_ORGAN');
    may('read', 'Case', 'OWN_ORGAN', file);
    may('read', 'Case', 'OWN_ORGAN', namedReporter);
    may(['update', 'assign', 'accept', 'decline', 'transfer', 'reclaim', 'merge'], 'Case', 'OWN_ORGAN');
    may(['start-preliminary', 'close-without-case', 'suspend', 'resume'], 'Case', 'OWN_ORGAN');
    may(['serve-decision', 'close', 'export', 'order-recusal', 'name-witness'], 'Case', 'OWN_ORGAN');
    may('record-measure', 'Case', 'OWN_ORGAN');
    may('read-figures', 'Case', 'OWN_ORGAN');
    may(['read-identity-requests', 'read-messages', 'answer-reporter'], 'Case', 'OWN_ORGAN');
    may('serve', 'Sanction', 'ANY');
    may('create', 'Import', 'OWN_ORGAN');
    may('read', 'Import', 'MADE_BY_ME');
    may('create', 'Export', 'ANY');
    may(['read', 'download'], 'Export', 'MADE_BY_ME');
  }),
  ...rulesOf('LEGAL_REVIEWER', (may) => {
    breaksGlass(may);
    may('read', 'Case', 'OWN_ORGAN', { ...underLegalReview, ...file });
    may(['legal-opinion', 'return', 'serve-notice', 'record-defence'], 'Case', 'OWN_ORGAN', underLegalReview);
    may(['legal-review', 'propose-sanction'], 'Case', 'OWN_ORGAN', underLegalReview);
    may(['read', 'assess'], 'Deployment', 'OWN_ORGAN', beyondDraft);
  }),
  ...rulesOf('DECISION_MAKER', (may) => {
    may('read', 'Case', 'OWN_ORGAN', { ...underDecision, ...file });
    may(['record-final-finding', 'decide'], 'Case', 'OWN_ORGAN', underDecision);
    may('decide', 'Sanction', 'ANY');
  }),
  ...rulesOf('AGENCY_HEAD', (may) => {
    breaksGlass(may);
    may(['read', 'approve', 'review', 'count'], 'BrokenGlass', 'OWN_ORGAN');
    may('read', 'Case', 'OWN_ORGAN', file);
    may(['file', 'extend', 'reopen', 'decide-erasure', 'order-recusal', 'lift-recusal'], 'Case', 'OWN_ORGAN');
    may(['review-access', 'read-figures'], 'Case', 'OWN_ORGAN');
    may('read', 'Read', 'OWN_ORGAN');
    may('read', 'AccessAlert', 'OWN_ORGAN');
    may('read', 'ReadQuestion', 'OWN_ORGAN');
    may(['read-quarantine', 'confirm-restart'], 'Trail', 'ANY');
    may(['read', 'read-figures'], 'Deployment', 'OWN_ORGAN', beyondDraft);
    may('read', 'DeploymentNotice', 'OWN_ORGAN');
  }),
  ...rulesOf('AUDITOR', (may) => {
    may(['read', 'review', 'count'], 'BrokenGlass', 'OWN_ORGAN');
    may('read', 'Case', 'OWN_ORGAN', file);
    may(['export', 'read-identity-requests'], 'Case', 'OWN_ORGAN');
    may('create', 'Export', 'ANY');
    may(['read', 'download'], 'Export', 'MADE_BY_ME');
    may(['review-access', 'read-figures'], 'Case', 'OWN_ORGAN');
    may('read', 'Read', 'OWN_ORGAN');
    may(['read', 'close'], 'AccessAlert', 'OWN_ORGAN');
    may(['read', 'judge'], 'ReadQuestion', 'OWN_ORGAN');
    may(['read', 'verify', 'read-quarantine'], 'Trail', 'ANY');
    may(['read', 'read-figures'], 'Deployment', 'OWN_ORGAN', beyondDraft);
    may('read', 'DeploymentObjection', 'HIGHER_ORGAN');
    may('read', 'DeploymentDelegation', 'OWN_ORGAN');
    may('read', 'DeploymentNotice', 'OWN_ORGAN');
  }),
  ...rulesOf('ADMINISTRATOR', (may) => {
    may(['create', 'update'], 'Organ', 'ANY');
    may(['create', 'update'], 'Officer', 'ANY');
    may(['read', 'create', 'update', 'reset-factors', 'refuse-reset'], 'User', 'ANY');
    may(['create', 'revoke'], 'Grant', 'OWN_ORGAN');
    may(['read-quarantine', 'propose-restart'], 'Trail', 'ANY');
    may(['read', 'retry'], 'Operation', 'ANY');
  }),
  ...rulesOf('IDENTITY_CUSTODIAN', (may) => {
    may('read', 'Case', 'OWN_ORGAN', { ...ended, ...header });
    may('propose-erasure', 'Case', 'OWN_ORGAN', ended);
    // With a request, and the header of its case while it is open.
    may(['decide-identity', 'read-identity-requests'], 'Case', 'OWN_ORGAN');
  }),
  ...rulesOf('DEPLOYMENT_REQUESTER', (may) => {
    may('check', 'Deployment', 'ANY');
    may(['create', 'send-at-once'], 'Deployment', 'OWN_ORGAN');
    may(['read', 'update', 'submit', 'withdraw', 'request-review'], 'Deployment', 'MADE_BY_ME');
    may(['dispatch', 'record-paper', 'report-deviation', 'complete', 'sign-off'], 'Deployment', 'MADE_BY_ME');
  }),
  ...rulesOf('DEPLOYMENT_APPROVER', (may) => {
    may('check', 'Deployment', 'ANY');
    may('send-at-once', 'Deployment', 'OWN_ORGAN');
    // Whoever sent police in an emergency makes the request for them afterwards.
    may(['read', 'update', 'submit', 'request-review'], 'Deployment', 'MADE_BY_ME');
    may(['read', 'read-figures'], 'Deployment', 'OWN_ORGAN', beyondDraft);
    may(['approve', 'stand-by', 'refuse', 'return'], 'Deployment', 'OWN_ORGAN');
    may(['request-opinion', 'declare-conflict'], 'Deployment', 'OWN_ORGAN');
    may(['dispatch', 'record-paper', 'report-deviation', 'complete', 'sign-off'], 'Deployment', 'OWN_ORGAN');
    may('read', 'DeploymentObjection', 'HIGHER_ORGAN');
    may(['list-candidates', 'create'], 'DeploymentDelegation', 'OWN_ORGAN');
    may(['read', 'revoke'], 'DeploymentDelegation', 'DELEGATED_BY_ME');
    may('read', 'DeploymentDelegation', 'MINE');
    may('read', 'DeploymentNotice', 'OWN_ORGAN');
  }),
  ...rulesOf('OFFICER', (may) => {
    may('read', 'Deployment', 'SENT', { fields: ['order'] });
    may(['object', 'report-deviation'], 'Deployment', 'SENT');
    may('read', 'DeploymentObjection', 'MINE');
    may('read', 'Sanction', 'ABOUT_ME', { where: { status: { $in: ['DECIDED', 'SERVED'] } } });
  }),
];

/** Whatever leads to a decision on a request for police. */
const deciding = ['assess', 'approve', 'stand-by', 'refuse', 'return', 'request-opinion'] as const;

/**
 * What nobody may, whatever their roles: who is in conflict with a case reads nothing of it and does nothing to it
 * (政务处分法 47-48; 处分条例 42-43; 信访条例 28, 30: accusation material is not shown to the accused person or unit).
 */
export const denials: readonly Denial[] = [
  {
    resource: 'Case',
    actions: [
      'read',
      'update',
      'assign',
      'recommend-finding',
      'record-final-finding',
      'record-measure',
      'propose-sanction',
      'export',
      'propose-erasure',
      'decide-erasure',
      'declare-recusal',
      'order-recusal',
      'lift-recusal',
      'name-witness',
      'ask-identity',
      'decide-identity',
      'read-identity',
      'read-identity-requests',
      'issue-receipt',
      'read-messages',
      'answer-reporter',
      'review-access',
      'read-figures',
      ...caseDeeds,
    ],
    relation: 'CONFLICTED',
    reason: 'Nobody reads or handles a case that they are in conflict with.',
  } satisfies Denial<'Case'>,
  {
    resource: 'BrokenGlass',
    actions: ['read', 'approve', 'review', 'count'],
    relation: 'OF_CONFLICTED_CASE',
    reason: 'Nobody oversees who read a case that they are in conflict with themselves.',
  } satisfies Denial<'BrokenGlass'>,
  {
    resource: 'BrokenGlass',
    actions: ['approve', 'review'],
    relation: 'MINE',
    reason: 'Whoever broke the glass neither approves nor reviews it.',
  } satisfies Denial<'BrokenGlass'>,
  {
    resource: 'Notice',
    actions: ['read'],
    relation: 'OF_CONFLICTED_CASE',
    reason: 'Nobody is told of a case that they are in conflict with.',
  } satisfies Denial<'Notice'>,
  ...(['MINE', 'OF_CONFLICTED_CASE'] as const).flatMap((relation): Denial[] => {
    const reason =
      relation === 'MINE'
        ? 'Nobody reviews their own reading.'
        : 'Nobody learns of a case that they are in conflict with.';
    return [
      { resource: 'Read', actions: ['read'], relation, reason } satisfies Denial<'Read'>,
      {
        resource: 'AccessAlert',
        actions: ['read', 'close'],
        relation,
        reason,
      } satisfies Denial<'AccessAlert'>,
      {
        resource: 'ReadQuestion',
        actions: ['read', 'judge'],
        relation,
        reason,
      } satisfies Denial<'ReadQuestion'>,
    ];
  }),
  {
    resource: 'Deployment',
    actions: deciding,
    relation: 'ASKED_BY_ME',
    reason: 'Whoever asked for police does not decide on it, by whatever account.',
  } satisfies Denial<'Deployment'>,
  {
    resource: 'Deployment',
    actions: deciding,
    relation: 'STEPPED_ASIDE',
    reason: 'You declared a conflict of interest with this request; somebody else decides.',
  } satisfies Denial<'Deployment'>,
  {
    resource: 'DeploymentObjection',
    actions: ['read'],
    relation: 'ORDERED_BY_ME',
    reason: 'Who gave an order does not read what officers object to it (警察法 33).',
  } satisfies Denial<'DeploymentObjection'>,
];
