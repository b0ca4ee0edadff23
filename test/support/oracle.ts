/**
 * Who may see and do what, a third time: written from the domain's own words (lifecycle 4.1 and 4.2, assurance 4, the
 * rulebook's P-16, P-17 and I8) and not from the product's policy, so that the two can disagree. It knows nothing of
 * rows: only how a person stands to a thing, as the test has arranged it.
 */
import type { Role } from '../../src/access/roles.js';

/** Where the person's role was granted, seen from the organ of the thing; OVER: there, until yesterday. */
export type Reach = 'HERE' | 'ABOVE' | 'BELOW' | 'BESIDE' | 'OVER';

/** What else ties a person to a case, or to a request for police. */
export type Tie =
  | 'ASSIGNED'
  | 'FORMERLY_ASSIGNED'
  | 'REGISTERED'
  | 'GLASS_OPEN'
  | 'GLASS_OVER'
  | 'SUBJECT'
  | 'SAME_UNIT_NOW'
  | 'SAME_UNIT_THEN'
  | 'SAME_UNIT_AT_OTHER_TIMES'
  | 'COMMAND'
  | 'WITNESS'
  | 'REPORTER'
  | 'RECUSED'
  | 'RECUSAL_LIFTED'
  | 'ASKED_BY_OTHER_ACCOUNT'
  | 'STEPPED_ASIDE'
  | 'SENT';

export interface Standing {
  readonly role: Role;
  readonly reach: Reach;
  readonly ties: readonly Tie[];
}

/** What is asked about. `mine`: it was made by, or is for, the person who asks. */
export interface Thing {
  readonly resource: string;
  readonly state?: string;
  readonly mine?: boolean;
  /** Of an alert: whether its reader is asked why. */
  readonly asked?: boolean;
  /** Of an order of an export; of a delegation, to whom; of a case, how its reporter wants to be known. */
  readonly kind?: string;
}

/** HIDDEN: it must look as if there were no such thing. */
export type Verdict = 'MAY' | 'MAY NOT' | 'HIDDEN';

/** The role holds today, in the organ or over it: a grant below, beside or past reaches nothing. */
const reaches = ({ reach }: Standing): boolean => reach === 'HERE' || reach === 'ABOVE';
const holds = ({ reach }: Standing): boolean => reach !== 'OVER';
const has = ({ ties }: Standing, ...some: Tie[]): boolean => some.some((tie) => ties.includes(tie));

/** Rulebook P-16, P-17, I8; assurance 4, "Recusal": who must keep away, whatever role they hold. */
export const keepsAway = (who: Standing): boolean =>
  has(who, 'SUBJECT', 'SAME_UNIT_NOW', 'SAME_UNIT_THEN', 'COMMAND', 'WITNESS', 'REPORTER', 'RECUSED');

/** The steps of lifecycle 4.2 in their order. */
const order = [
  'REGISTERED',
  'TRIAGED_ACCEPTED',
  'PRELIMINARY',
  'FILED',
  'INVESTIGATING',
  'REPORTED',
  'NOTICE_SERVED',
  'DEFENCE_HEARD',
  'LEGAL_REVIEWED',
  'DECIDED_SANCTION',
  'SERVED',
  'CLOSED',
];
const from = (state: string | undefined, first: string): boolean =>
  order.indexOf(state ?? '') >= order.indexOf(first);

/** Legal reviews the filing (step 8, before it is filed) and the report and all that follows (steps 16 to 25). */
const isForLegal = (state: string | undefined): boolean => state === 'PRELIMINARY' || from(state, 'REPORTED');
/** The meeting decides what legal has reviewed (step 20), and sees what became of it. */
const isForDecision = (state: string | undefined): boolean => from(state, 'LEGAL_REVIEWED');
const hasEnded = (state: string | undefined): boolean =>
  ['NOT_ACCEPTED', 'MERGED', 'CLOSED_NO_CASE', 'CLOSED'].includes(state ?? '');

/** How much of a case is seen: all of the file, its header alone, or nothing. */
export function sightOfCase(who: Standing, state: string | undefined): 'FILE' | 'HEADER' | 'NOTHING' {
  if (keepsAway(who)) return 'NOTHING';
  if (has(who, 'GLASS_OPEN') && mayBreakGlass(who)) return 'FILE';
  if (!holds(who)) return 'NOTHING';
  switch (who.role) {
    case 'SUPERVISOR':
    case 'AGENCY_HEAD':
    case 'AUDITOR':
      return reaches(who) ? 'FILE' : 'NOTHING';
    case 'INVESTIGATOR':
      return has(who, 'ASSIGNED') ? 'FILE' : 'NOTHING';
    // What arrives is theirs until it is triaged; what they registered themselves they can follow.
    case 'INTAKE_OFFICER':
      if (state === 'REGISTERED' && (reaches(who) || has(who, 'REGISTERED'))) return 'FILE';
      return has(who, 'REGISTERED') ? 'HEADER' : 'NOTHING';
    case 'PETITION_OFFICER':
      if (!has(who, 'REGISTERED')) return 'NOTHING';
      return state === 'REGISTERED' ? 'FILE' : 'HEADER';
    case 'LEGAL_REVIEWER':
      return reaches(who) && isForLegal(state) ? 'FILE' : 'NOTHING';
    case 'DECISION_MAKER':
      return reaches(who) && isForDecision(state) ? 'FILE' : 'NOTHING';
    // Proposes what is to be erased, once a case has ended.
    case 'IDENTITY_CUSTODIAN':
      return reaches(who) && hasEnded(state) ? 'HEADER' : 'NOTHING';
    // No content of any case: accounts, requests for police, duty measures and appeals are other business; an officer
    // has their own sanctions, which are no sight of the case.
    case 'ADMINISTRATOR':
    case 'CHIEF_INSPECTOR':
    case 'APPEAL_REVIEWER':
    case 'DEPLOYMENT_REQUESTER':
    case 'DEPLOYMENT_APPROVER':
    case 'OFFICER':
      return 'NOTHING';
  }
}

/** Those who read a case, or could, as investigators, leaders or reviewers. */
const mayBreakGlass = (who: Standing): boolean =>
  holds(who) && ['INVESTIGATOR', 'SUPERVISOR', 'LEGAL_REVIEWER', 'AGENCY_HEAD'].includes(who.role);

/** Who does what to a case: the "Who" of each step of lifecycle 4.2, and of what else is done to a case. */
const doers: Readonly<Record<string, readonly Role[]>> = {
  accept: ['SUPERVISOR'],
  transfer: ['SUPERVISOR'],
  reclaim: ['SUPERVISOR'],
  decline: ['SUPERVISOR'],
  merge: ['SUPERVISOR'],
  assign: ['SUPERVISOR'],
  'start-preliminary': ['SUPERVISOR'],
  'close-without-case': ['SUPERVISOR'],
  'legal-opinion': ['LEGAL_REVIEWER'],
  file: ['AGENCY_HEAD'],
  'start-investigation': ['INVESTIGATOR'],
  suspend: ['SUPERVISOR'],
  resume: ['SUPERVISOR'],
  extend: ['AGENCY_HEAD'],
  'recommend-finding': ['INVESTIGATOR'],
  report: ['INVESTIGATOR'],
  return: ['LEGAL_REVIEWER'],
  'serve-notice': ['LEGAL_REVIEWER'],
  'record-defence': ['INVESTIGATOR', 'LEGAL_REVIEWER'],
  'legal-review': ['LEGAL_REVIEWER'],
  'propose-sanction': ['LEGAL_REVIEWER'],
  'record-final-finding': ['DECISION_MAKER'],
  // Step 6: INV/SUP.
  'record-measure': ['INVESTIGATOR', 'SUPERVISOR'],
  decide: ['DECISION_MAKER'],
  'serve-decision': ['SUPERVISOR'],
  close: ['SUPERVISOR'],
  reopen: ['AGENCY_HEAD'],
  update: ['INTAKE_OFFICER', 'PETITION_OFFICER', 'INVESTIGATOR', 'SUPERVISOR'],
  export: ['INVESTIGATOR', 'SUPERVISOR', 'AUDITOR'],
  'name-witness': ['INVESTIGATOR', 'SUPERVISOR'],
  // I8: the head decides on recusals; whoever assigns may order one.
  'order-recusal': ['SUPERVISOR', 'AGENCY_HEAD'],
  'lift-recusal': ['AGENCY_HEAD'],
  'ask-identity': ['INVESTIGATOR'],
  'read-identity': ['INVESTIGATOR'],
  'issue-receipt': ['INTAKE_OFFICER', 'PETITION_OFFICER'],
  'read-messages': ['INTAKE_OFFICER', 'INVESTIGATOR', 'SUPERVISOR'],
  'answer-reporter': ['INTAKE_OFFICER', 'INVESTIGATOR', 'SUPERVISOR'],
  'review-access': ['AGENCY_HEAD', 'AUDITOR'],
  // Figures are for those who lead or oversee, of the cases that they may read.
  'read-figures': ['SUPERVISOR', 'AGENCY_HEAD', 'AUDITOR'],
  'propose-erasure': ['IDENTITY_CUSTODIAN'],
  'decide-erasure': ['AGENCY_HEAD'],
};

/** By a broken glass one reads and does nothing; so the rest of what one may do hangs on how one sees it without. */
const withoutGlass = (who: Standing): Standing => ({
  ...who,
  ties: who.ties.filter((tie) => tie !== 'GLASS_OPEN'),
});

function onCase(who: Standing, action: string, state: string | undefined): Verdict {
  if (action === 'create') {
    const registrars: Role[] = ['INTAKE_OFFICER', 'PETITION_OFFICER'];
    return reaches(who) && registrars.includes(who.role) ? 'MAY' : 'MAY NOT';
  }
  // The custodian decides on requests of every state of a case, which they need not see for it.
  if (action === 'read-identity-requests' || action === 'decide-identity') return onIdentity(who, action);
  if (sightOfCase(who, state) === 'NOTHING') return 'HIDDEN';
  if (action === 'read') return 'MAY';
  const sight = sightOfCase(withoutGlass(who), state);
  if (sight === 'NOTHING') return 'MAY NOT';
  // Whoever sees a case can say that they must keep away from it.
  if (action === 'declare-recusal') return 'MAY';
  if (!doers[action]?.includes(who.role)) return 'MAY NOT';
  // Intake works on what is registered, the header alone is to follow it.
  const intake: Role[] = ['INTAKE_OFFICER', 'PETITION_OFFICER'];
  if (intake.includes(who.role)) {
    if (state !== 'REGISTERED') return 'MAY NOT';
    // A receipt is handed to the reporter by whoever took the report; the office works on what came to it.
    const own = action === 'issue-receipt' || who.role === 'PETITION_OFFICER';
    return (own ? has(who, 'REGISTERED') : reaches(who)) ? 'MAY' : 'MAY NOT';
  }
  return 'MAY';
}

function onIdentity(who: Standing, action: string): Verdict {
  const handles = has(who, 'ASSIGNED') && who.role === 'INVESTIGATOR' && holds(who);
  const oversees = reaches(who) && ['SUPERVISOR', 'AUDITOR'].includes(who.role);
  const releases = reaches(who) && who.role === 'IDENTITY_CUSTODIAN';
  if (keepsAway(who) || !(handles || oversees || releases)) return 'HIDDEN';
  return action === 'read-identity-requests' || releases ? 'MAY' : 'MAY NOT';
}

/** Whose name a reporter's is to know without a release: who names themselves openly, to those who handle the case. */
function seesReporter(who: Standing, state: string | undefined, kind: string): boolean {
  if (kind !== 'NAMED') return false;
  const sight = sightOfCase(withoutGlass(who), state);
  if (sight !== 'FILE') return false;
  if (who.role === 'INTAKE_OFFICER' || who.role === 'PETITION_OFFICER') return has(who, 'REGISTERED');
  return who.role === 'INVESTIGATOR' || who.role === 'SUPERVISOR';
}

const yes = (may: boolean, otherwise: Verdict = 'HIDDEN'): Verdict => (may ? 'MAY' : otherwise);
const isOne = (who: Standing, ...roles: Role[]): boolean => holds(who) && roles.includes(who.role);

type Rule = (who: Standing, action: string, thing: Thing) => Verdict;

/** Who looked at what, and why: never for the reader themselves, nor for who must keep away from the case. */
const overReaders: Rule = (who, action, { mine }) => {
  const oversees = isOne(who, 'AGENCY_HEAD', 'AUDITOR') && reaches(who) && !keepsAway(who) && !mine;
  if (!oversees) return 'HIDDEN';
  return action === 'read' || who.role === 'AUDITOR' ? 'MAY' : 'MAY NOT';
};

const anybodys: Rule = () => 'MAY';

/** What happens to a request for police (deployment-check 5.2 to 5.6). */
const deploymentSteps = [
  ...[
    'submit',
    'withdraw',
    'request-review',
    'request-opinion',
    'assess',
    'declare-conflict',
    'approve',
    'stand-by',
  ],
  ...['refuse', 'return', 'dispatch', 'record-paper', 'report-deviation', 'complete', 'sign-off'],
];
const deciding = ['assess', 'approve', 'stand-by', 'refuse', 'return', 'request-opinion'];

const onDeployment: Rule = (who, action, { state, mine }) => {
  const requester = isOne(who, 'DEPLOYMENT_REQUESTER');
  const approver = isOne(who, 'DEPLOYMENT_APPROVER');
  if (action === 'check') return yes(requester || approver, 'MAY NOT');
  if (action === 'create') return yes(requester && reaches(who), 'MAY NOT');
  if (action === 'send-at-once') return yes((requester || approver) && reaches(who), 'MAY NOT');
  const own = mine === true && (requester || approver);
  const overseers = isOne(who, 'DEPLOYMENT_APPROVER', 'LEGAL_REVIEWER', 'AGENCY_HEAD', 'AUDITOR');
  // A draft is nobody's business but its author's.
  const oversees = overseers && reaches(who) && state !== 'DRAFT';
  const sent = isOne(who, 'OFFICER') && has(who, 'SENT');
  if (!own && !oversees && !sent) return 'HIDDEN';
  if (action === 'read') return 'MAY';
  if (action === 'read-figures') return yes(oversees && who.role !== 'LEGAL_REVIEWER', 'MAY NOT');
  if (action === 'object') return yes(sent, 'MAY NOT');
  // Whoever asked for police does not decide on them, by whatever account; nor who has an interest.
  const partial = mine === true || has(who, 'ASKED_BY_OTHER_ACCOUNT', 'STEPPED_ASIDE');
  if (deciding.includes(action) && partial) return 'MAY NOT';
  const here = approver && reaches(who);
  switch (action) {
    case 'update':
    case 'submit':
    case 'request-review':
      return yes(own, 'MAY NOT');
    case 'withdraw':
      return yes(own && requester, 'MAY NOT');
    case 'assess':
      return yes(isOne(who, 'LEGAL_REVIEWER') && oversees, 'MAY NOT');
    case 'report-deviation':
      return yes((own && requester) || here || sent, 'MAY NOT');
    case 'dispatch':
    case 'record-paper':
    case 'complete':
    case 'sign-off':
      return yes((own && requester) || here, 'MAY NOT');
    default:
      return yes(here, 'MAY NOT');
  }
};

/** Whoever does anything at all to a request for police; everybody else only looks at it. */
export const handles = (who: Standing, thing: Thing): boolean =>
  ['update', 'object', ...deploymentSteps].some((action) => onDeployment(who, action, thing) === 'MAY');

const rules: Readonly<Record<string, Rule>> = {
  Case: (who, action, { state }) => onCase(who, action, state),
  // The subject's own sanctions once they are decided; everybody else's with the case.
  Sanction: (who, action, { state, mine }) => {
    const own = mine === true && isOne(who, 'OFFICER') && (state === 'DECIDED' || state === 'SERVED');
    const seen = sightOfCase(who, 'LEGAL_REVIEWED') === 'FILE';
    if (action === 'read') return yes(own || seen);
    if (!seen) return 'HIDDEN';
    const doer: Role = action === 'decide' ? 'DECISION_MAKER' : 'SUPERVISOR';
    return yes(isOne(who, doer) && sightOfCase(withoutGlass(who), 'LEGAL_REVIEWED') === 'FILE', 'MAY NOT');
  },
  BrokenGlass: (who, action, { mine }) => {
    if (action === 'break') return yes(mayBreakGlass(who), 'MAY NOT');
    const oversees = isOne(who, 'SUPERVISOR', 'AGENCY_HEAD', 'AUDITOR') && reaches(who) && !keepsAway(who);
    if (!mine && !oversees) return 'HIDDEN';
    if (action === 'count') return yes(oversees && who.role !== 'SUPERVISOR', 'MAY NOT');
    if (action === 'read') return 'MAY';
    if (action === 'end') return yes(mine === true, 'MAY NOT');
    // Who has a part in it neither approves nor reviews it.
    if (!oversees) return 'MAY NOT';
    const second: Role[] = action === 'approve' ? ['SUPERVISOR', 'AGENCY_HEAD'] : ['AGENCY_HEAD', 'AUDITOR'];
    return yes(second.includes(who.role) && !mine, 'MAY NOT');
  },
  Notice: (who, _, { mine }) => yes(mine === true && !keepsAway(who)),
  Read: overReaders,
  AccessAlert: (who, action, thing) =>
    action === 'answer' ? yes(thing.mine === true && thing.asked === true) : overReaders(who, action, thing),
  ReadQuestion: (who, action, thing) =>
    action === 'answer' ? yes(thing.mine === true) : overReaders(who, action, thing),
  Deployment: onDeployment,
  // 警察法 33: to the organ above, never to whoever gave the order.
  DeploymentObjection: (who, _, { mine }) => {
    if (has(who, 'ASKED_BY_OTHER_ACCOUNT')) return 'HIDDEN';
    const above = isOne(who, 'AUDITOR', 'DEPLOYMENT_APPROVER') && reaches(who);
    return yes(above || (mine === true && isOne(who, 'OFFICER')));
  },
  DeploymentNotice: (who) => yes(isOne(who, 'AGENCY_HEAD', 'AUDITOR', 'DEPLOYMENT_APPROVER') && reaches(who)),
  Import: (who, action, { mine }) => {
    const imports = isOne(who, 'INTAKE_OFFICER', 'SUPERVISOR');
    return action === 'create' ? yes(imports && reaches(who), 'MAY NOT') : yes(imports && mine === true);
  },
  Export: (who, action, { mine, kind }) => {
    const exporter = isOne(who, 'INVESTIGATOR', 'SUPERVISOR', 'AUDITOR');
    if (action !== 'create') return yes(exporter && mine === true);
    // An investigator takes one case along, never a list.
    return yes(exporter && (who.role !== 'INVESTIGATOR' || kind === 'CASE_BUNDLE'), 'MAY NOT');
  },
  Organ: (who, action) => yes(action === 'read' || isOne(who, 'ADMINISTRATOR'), 'MAY NOT'),
  Officer: (who, action) => yes(action === 'read' || isOne(who, 'ADMINISTRATOR'), 'MAY NOT'),
  // Accounts are the administrators'; that one's own factors are to be reset anybody may refuse.
  User: (who, action, { mine }) =>
    yes(isOne(who, 'ADMINISTRATOR') || (action === 'refuse-reset' && mine === true), 'MAY NOT'),
  Grant: (who) => yes(isOne(who, 'ADMINISTRATOR') && reaches(who), 'MAY NOT'),
  Session: anybodys,
  Factor: anybodys,
  // Law is published; what runs is for whoever runs it.
  Rulebook: anybodys,
  Operation: (who) => yes(isOne(who, 'ADMINISTRATOR'), 'MAY NOT'),
  Trail: (who, action) => {
    const may: Record<string, Role[]> = {
      read: ['AUDITOR'],
      verify: ['AUDITOR'],
      'read-quarantine': ['AUDITOR', 'AGENCY_HEAD', 'ADMINISTRATOR'],
      'propose-restart': ['ADMINISTRATOR'],
      'confirm-restart': ['AGENCY_HEAD'],
    };
    return yes(isOne(who, ...(may[action] ?? [])), 'MAY NOT');
  },
  DeploymentDelegation: (who, action, { mine, kind }) => {
    const approver = isOne(who, 'DEPLOYMENT_APPROVER');
    if (action === 'create' || action === 'list-candidates') return yes(approver && reaches(who), 'MAY NOT');
    const seen = (approver && mine === true) || (isOne(who, 'AUDITOR') && reaches(who));
    if (action === 'read') return yes(seen);
    // Its maker ends it, not its deputy.
    return seen ? yes(approver && mine === true && kind === 'MADE', 'MAY NOT') : 'HIDDEN';
  },
};

/** Assurance 4, "Need to know": which parts of a case, or of a request for police, a person is shown. */
export function partsShown(who: Standing, { resource, state, mine, kind }: Thing): string[] {
  if (resource === 'Case') {
    const sight = sightOfCase(who, state);
    if (sight === 'NOTHING') return [];
    const file = ['statement', 'allegations', 'people', 'procedure', 'sanctions'];
    const reporter = seesReporter(who, state, kind!) ? ['reporterIdentity'] : [];
    return ['header', ...(sight === 'FILE' ? file : []), ...reporter];
  }
  if (onDeployment(who, 'read', { resource, state, mine }) !== 'MAY') return [];
  // Who is sent learns what to do; who paid for it, and what was said for and against it, is not theirs.
  const told = isOne(who, 'OFFICER') && has(who, 'SENT');
  return told ? ['order'] : ['order', 'file'];
}

/** What a person may do to a thing, and whether it exists to them. */
export function judge(who: Standing, action: string, thing: Thing): Verdict {
  const rule = rules[thing.resource];
  if (!rule) throw new Error(`The domain says nothing of ${thing.resource}`);
  return rule(who, action, thing);
}

/** What the domain speaks of at all: a resource of the policy that is missing here fails the test. */
export const judged = Object.keys(rules);
