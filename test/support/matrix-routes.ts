import type request from 'supertest';
import { legalDay } from '../../src/common/clock.js';
import { addMonths } from '../../src/rulebook/periods.js';
import type { Client, TestApp } from './app.js';
import { aDecision, anAllegation, anIntake, aProposal } from './builders.js';
import { aSmallRequest, withoutOrgan } from './deployments.js';
import { breaking } from './glass.js';
import type { Asked } from './matrix-things.js';
import type { Person } from './matrix-people.js';
import { caseDeeds, deploymentDeeds, type DeploymentDeed } from '../../src/access/shapes.js';
import { operations } from './samples.js';

/** How an action is asked for at the interface. */
export interface Route {
  /** Method and path; `{id}` is the thing's, `{case}`, `{allegation}`, `{user}` what they say. */
  readonly at: string;
  readonly body?: (t: TestApp, asked: Asked, person: Person) => object;
  /** It lists, and what may not be seen is not among it. */
  readonly among?: true;
  /** Whoever sees the thing but may not do this is told that there is nothing. */
  readonly hides?: true;
  /** Only of what has a row. */
  readonly stored?: true;
  /** What a rule after the policy answers, with whatever status. */
  readonly past?: string;
  /** In which states of the thing it is asked; all where this is absent. */
  readonly in?: readonly string[];
  /** Only of what is (or is not) one's own. */
  readonly mine?: boolean;
}

const reason = 'as the procedure asks for it, and nothing else';
const because =
  (more: object = {}) =>
  () => ({ reason, ...more });
const spare = (t: TestApp): string => t.ids.users['appeal-reviewer-2']!;
const days = { servedOn: '2026-03-05', heardOn: '2026-03-05' };

/** Where each deed comes next, so that whoever may do it comes as far as the end of it. */
const states: Readonly<Record<string, readonly string[]>> = {
  accept: ['REGISTERED'],
  decline: ['REGISTERED'],
  transfer: ['REGISTERED'],
  merge: ['REGISTERED'],
  'legal-opinion': ['PRELIMINARY'],
  file: ['PRELIMINARY'],
  'close-without-case': ['PRELIMINARY'],
  return: ['REPORTED'],
  'serve-notice': ['REPORTED'],
  'record-defence': ['REPORTED'],
  'legal-review': ['REPORTED'],
  decide: ['LEGAL_REVIEWED'],
  'serve-decision': ['LEGAL_REVIEWED'],
  close: ['CLOSED'],
  reopen: ['CLOSED'],
};

const bodies: Readonly<Record<string, Route['body']>> = {
  // Later than the limit of six months from the filing, and not later than its double.
  extend: () => ({ reason, until: addMonths(legalDay(new Date()), 9) }),
  transfer: (t) => ({ reason, targetOrganId: t.ids.organs.station2, legalBasis: '监察法 17' }),
  return: because({ defects: ['a page is missing'] }),
  'serve-notice': because({ servedOn: days.servedOn, proof: 'signed' }),
  'record-defence': because({ heardOn: days.heardOn, declined: false, statement: 'I regret it.' }),
  decide: (t) => ({ reason, ...aDecision(t) }),
  reopen: because({ ground: 'NEW_EVIDENCE' }),
};

const deed = (name: string): Route => ({
  at: `POST /cases/{id}/${name}`,
  in: states[name] ?? ['INVESTIGATING'],
  ...(bodies[name] ? { body: bodies[name] } : {}),
});

const ofCases: Record<string, Route> = {
  read: { at: 'GET /cases/{id}' },
  create: { at: 'POST /cases', in: ['REGISTERED'], body: (t) => anIntake(t) },
  update: {
    at: 'POST /cases/{id}/allegations',
    in: ['REGISTERED', 'INVESTIGATING'],
    body: (t) => anAllegation(t),
  },
  assign: {
    at: 'POST /cases/{id}/investigators',
    in: ['INVESTIGATING'],
    body: (t) => ({ userId: t.ids.users['investigator'] }),
  },
  'recommend-finding': {
    at: 'POST /allegations/{allegation}/findings',
    in: ['INVESTIGATING', 'LEGAL_REVIEWED'],
    body: because({ stage: 'RECOMMENDED', outcome: 'UNTRUE' }),
  },
  'record-final-finding': {
    at: 'POST /allegations/{allegation}/findings',
    in: ['INVESTIGATING', 'LEGAL_REVIEWED'],
    body: because({ stage: 'FINAL', outcome: 'UNTRUE' }),
  },
  'record-measure': {
    at: 'POST /allegations/{allegation}/measures',
    in: ['REGISTERED', 'INVESTIGATING'],
    body: () => ({ code: 'FREEZE_RECEIPTS', outcome: 'NOT_DONE', note: reason }),
  },
  'propose-sanction': {
    at: 'POST /cases/{id}/sanctions',
    in: ['INVESTIGATING', 'LEGAL_REVIEWED'],
    body: (t, { allegationId }) =>
      aProposal(t, { id: '', reference: '', version: 1, allegationIds: [allegationId!] }),
  },
  export: { at: 'GET /cases/{id}/export?format=json&purpose=COURT', in: ['REGISTERED', 'CLOSED'] },
  'propose-erasure': {
    at: 'POST /cases/{id}/erasures',
    in: ['REGISTERED', 'CLOSED'],
    body: because({ person: 'REPORTER', legalBasis: '个人信息保护法 47' }),
  },
  'declare-recusal': {
    at: 'POST /cases/{id}/recusals',
    in: ['REGISTERED', 'REPORTED'],
    body: (_t, _asked, { id }) => ({ userId: id, ground: 'INTEREST', reason }),
  },
  'order-recusal': {
    at: 'POST /cases/{id}/recusals',
    in: ['REGISTERED', 'REPORTED'],
    body: (t) => ({ userId: spare(t), ground: 'INTEREST', reason }),
  },
  'name-witness': {
    at: 'POST /cases/{id}/witnesses',
    in: ['INVESTIGATING'],
    body: (t) => ({ officerId: t.ids.officers[3], reason }),
  },
  'ask-identity': {
    at: 'POST /cases/{id}/identity-requests',
    in: ['INVESTIGATING'],
    body: because({ purpose: 'HEAR_REPORTER' }),
  },
  'issue-receipt': { at: 'POST /cases/{id}/receipt', in: ['REGISTERED', 'INVESTIGATING'] },
  'read-messages': { at: 'GET /cases/{id}/messages', in: ['REGISTERED', 'INVESTIGATING'], hides: true },
  'answer-reporter': { at: 'POST /cases/{id}/messages', in: ['REGISTERED', 'INVESTIGATING'] },
  'review-access': {
    at: 'GET /access-reviews/cases/{id}/readers?on=2026-03-05',
    in: ['REGISTERED', 'REPORTED'],
  },
  ...Object.fromEntries(caseDeeds.map((name) => [name, deed(name)])),
};

/** What a deed on a request for police must say beyond the smallest body of its route. */
export const deploymentBodies: Readonly<Partial<Record<DeploymentDeed, object>>> = {
  assess: { legalBasis: ['警察法 6'] },
  'report-deviation': { at: '2026-03-01T08:00:00+08:00', tasks: [{ code: 'STAND_BY' }] },
  'sign-off': { force: { officers: 1 } },
};

const ofDeployments: Record<string, Route> = {
  check: {
    at: 'POST /deployments/check',
    in: ['DRAFT'],
    mine: false,
    body: (t) => withoutOrgan(aSmallRequest(t)),
  },
  read: { at: 'GET /deployments/{id}' },
  create: { at: 'POST /deployments', in: ['DRAFT'], mine: false, body: ofCounty },
  update: { at: 'PATCH /deployments/{id}', body: () => ({ purpose: 'another purpose' }) },
  object: { at: 'POST /deployments/{id}/object' },
  ...Object.fromEntries(
    deploymentDeeds.map((name): [string, Route] => [
      name,
      { at: `POST /deployments/{id}/${name}`, body: () => deploymentBodies[name] ?? {} },
    ]),
  ),
  dispatch: {
    at: 'POST /deployments/{id}/dispatch',
    body: () => ({ dispatchedAt: new Date().toISOString(), officers: 1 }),
  },
};

function ofCounty(t: TestApp): object {
  return { ...aSmallRequest(t), organId: t.ids.organs.county };
}

/** By resource and action; what is not here has its reason in `elsewhere`. */
export const routes: Readonly<Record<string, Readonly<Record<string, Route>>>> = {
  Case: ofCases,
  Sanction: {
    read: { at: 'GET /sanctions/{id}' },
    decide: { at: 'POST /sanctions/{id}/decide' },
    serve: { at: 'POST /sanctions/{id}/serve' },
  },
  BrokenGlass: {
    read: { at: 'GET /break-glass/{id}' },
    break: { at: 'POST /break-glass', mine: true, body: () => breaking('C-NOBODYS') },
    approve: { at: 'POST /break-glass/{id}/approve' },
    end: { at: 'POST /break-glass/{id}/end' },
    review: { at: 'POST /break-glass/{id}/review' },
  },
  Notice: { read: { at: 'GET /notices?limit=200', among: true } },
  Read: { read: { at: 'GET /access-reviews/users/{user}/reads?limit=200', among: true } },
  AccessAlert: {
    read: { at: 'GET /access-alerts?limit=200&userId={user}', among: true },
    answer: { at: 'POST /access-alerts/{id}/answer', hides: true },
    close: { at: 'POST /access-alerts/{id}/close' },
  },
  ReadQuestion: {
    answer: { at: 'POST /read-questions/{id}/answer', hides: true },
    judge: { at: 'POST /read-questions/{id}/judge' },
  },
  Deployment: ofDeployments,
  DeploymentObjection: { read: { at: 'GET /deployments/objections?limit=200', among: true } },
  DeploymentNotice: { read: { at: 'GET /deployments/notices?limit=200', among: true } },
  DeploymentDelegation: { revoke: { at: 'POST /deployment-delegations/{id}/revoke' } },
  Import: { read: { at: 'GET /imports/{id}' } },
  Export: {
    // What is asked for anew has no row yet.
    read: { at: 'GET /exports/{id}', stored: true },
    create: {
      at: 'POST /exports',
      mine: false,
      past: 'There is no such case',
      body: (_t, { thing }) => ({
        kind: thing.kind,
        format: thing.kind === 'CASE_LIST' ? 'csv' : 'zip',
        purpose: 'quarterly review',
        ...(thing.kind === 'CASE_LIST' ? {} : { filter: { caseId: '01900000-0000-7000-8000-00000000dead' } }),
      }),
    },
  },
  Organ: {
    read: { at: 'GET /organs/{id}' },
    create: { at: 'POST /organs' },
    update: { at: 'PATCH /organs/{id}', body: because() },
  },
  Officer: {
    read: { at: 'GET /officers/{id}' },
    create: { at: 'POST /officers', body: () => ({ name: 'Somebody', badgeNumber: 'X1' }) },
    update: { at: 'PATCH /officers/{id}', body: () => ({ rank: 'Constable' }) },
  },
  User: {
    read: { at: 'GET /users/{id}', hides: true },
    create: {
      at: 'POST /users',
      mine: true,
      body: () => ({ username: 'made-up', displayName: 'x' }),
    },
    update: { at: 'PATCH /users/{id}', hides: true, body: because({ displayName: 'another name' }) },
    'reset-factors': { at: 'POST /users/{id}/factor-resets', hides: true },
  },
  Grant: {
    create: {
      at: 'POST /users/{id}/grants',
      hides: true,
      body: (t) => ({ role: 'INVESTIGATOR', organId: t.ids.organs.county, reason }),
    },
  },
  Session: { read: { at: 'GET /auth/sessions' } },
  Factor: { read: { at: 'GET /auth/factors' } },
  Operation: { read: { at: 'GET /operations/jobs' } },
  Rulebook: { read: { at: 'GET /rulebooks' } },
  Trail: { read: { at: 'GET /audit/checkpoints' }, 'read-quarantine': { at: 'GET /audit/quarantines' } },
};

/** Actions that the matrix decides in memory alone, and where they go through HTTP. */
export const elsewhere: Readonly<Record<string, string>> = {
  'Case read-figures': 'test/statistics: figures of organs',
  'Case lift-recusal': 'test/recusals: of a recusal',
  'Case decide-erasure': 'test/erasures: of an erasure',
  'Case decide-identity': 'test/identity-vault: of a request',
  'Case read-identity': 'test/identity-vault: of a request',
  'Case read-identity-requests': 'test/identity-vault: of a request',
  'BrokenGlass read-own': 'GET /break-glass/{id} asks for either',
  'BrokenGlass count': 'test/break-glass: figures of organs',
  'ReadQuestion read': 'POST …/judge finds no others',
  'Deployment send-at-once': 'test/deployments-emergency',
  'Deployment read-figures': 'test/deployments-figures: figures of organs',
  'DeploymentDelegation read': 'POST …/revoke finds no others',
  'DeploymentDelegation create': 'test/deployments-approval',
  'DeploymentDelegation list-candidates': 'test/deployments-approval',
  'Import create': 'test/imports: an upload',
  'Export download': 'test/exports: of what is done',
  'User refuse-reset': 'test/factor-resets: of a reset',
  'Grant revoke': 'test/organs-officers-users: of a grant',
  'Session end': 'test/auth: one’s own',
  'Session end-others': 'test/step-up: one’s own',
  'Session prove': 'test/step-up: one’s own',
  'Session set-password': 'test/own-password: one’s own',
  'Operation retry': 'test/operations: of a job that failed',
  'Factor create': 'test/second-factors: one’s own',
  'Factor remove': 'test/second-factors: one’s own',
  'Trail verify': 'test/trail-checks: a job does it',
  'Trail propose-restart': 'test/audit: of a quarantine',
  'Trail confirm-restart': 'test/audit: of a quarantine',
};

const samples = operations();
/** The smallest body that a route takes. */
export const sampleOf = (method: string, path: string): object | undefined => {
  const template = path
    .split('?')[0]!
    .replace(/\{\w+\}/, '{id}')
    .replace(/\{user\}/, '{id}');
  return samples.find((one) => one.method === method && one.path === `/api/v1${template}`)?.body;
};

/** Asks. A change sends the version of the thing as it is. */
export function ask(t: TestApp, client: Client, route: Route, asked: Asked, person: Person): request.Test {
  const [method, path] = route.at.split(' ') as [string, string];
  const user = (asked.row as unknown as { userId?: string }).userId ?? person.id;
  const to = path
    .replace('{id}', asked.id)
    .replace('{allegation}', asked.allegationId ?? '')
    .replace('{user}', user);
  const lower = method.toLowerCase();
  const body = { ...sampleOf(lower, path), ...route.body?.(t, asked, person) };
  const headers = { 'if-match': `"${asked.version}"` };
  if (lower === 'get') return client.get(to);
  return lower === 'patch' ? client.patch(to, body, headers) : client.post(to, body, headers);
}
