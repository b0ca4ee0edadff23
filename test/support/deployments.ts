import { aRequest } from '../deployments/requests.js';
import { aNewUser } from './accounts.js';
import type { Client, TestApp } from './app.js';

type Plain = Record<string, any>;

/** A request that is complete, of level L1 and without a warning that wants an answer. */
export const aSmallRequest = (t: Pick<TestApp, 'ids'>, more: Plain = {}): Plain => ({
  organId: t.ids.organs.station,
  ...aRequest({
    activityType: 'CRIME_OR_PUBLIC_ORDER',
    requester: { contact: '+86 000 1111' },
    force: { bodyCameras: true, uniformed: true },
    law: { duties: [2], articles: ['警察法 6'] },
    limits: { commander: 'Sergeant Lin', stopConditions: 'when the street is quiet' },
    ...more,
  }),
});

/** Twelve officers and a demolition: level L3, with warnings. */
export const aDemolition = (t: Pick<TestApp, 'ids'>, more: Plain = {}): Plain =>
  aSmallRequest(t, {
    requester: { name: 'Willow County', type: 'GOVERNMENT', document: { number: '12', title: '' } },
    activityType: 'LAND_OR_DEMOLITION',
    purpose: 'Demolition of four houses on Mill Lane',
    tasks: [{ code: 'KEEP_ORDER', text: 'Pull the families out of the houses.' }],
    force: { officers: 12, weapons: 'ROUTINE', bodyCameras: true },
    ...more,
  });

/** As the dry run takes it. */
export const withoutOrgan = ({ organId: _, ...request }: Record<string, any>): Record<string, any> => request;

export interface DeploymentUnderTest {
  id: string;
  reference: string;
  version: number;
}

export async function aDraft(client: Client, request: Plain): Promise<DeploymentUnderTest> {
  const { body } = await client.post('/deployments', request).expect(201);
  return { id: body.id, reference: body.reference, version: body.version };
}

/** Does a deed and keeps the version in step. */
export async function deployed(
  client: Client,
  d: DeploymentUnderTest,
  deed: string,
  body: Plain = { reason: 'as it was asked' },
  status = 200,
): Promise<any> {
  const response = await client
    .post(`/deployments/${d.id}/${deed}`, body, { 'if-match': `"${d.version}"` })
    .expect(status);
  if (status === 200) d.version = response.body.version;
  return response.body;
}

export async function aSubmitted(client: Client, request: Plain): Promise<DeploymentUnderTest> {
  const d = await aDraft(client, request);
  await deployed(client, d, 'submit', {});
  return d;
}

export interface Person {
  readonly id: string;
  readonly client: Client;
}

let people = 0;

/** A new account with one role in one organ, of somebody who is this officer. */
export async function aPerson(
  t: TestApp,
  role: string,
  organ: keyof TestApp['ids']['organs'],
  officerId?: string,
): Promise<Person> {
  const admin = await t.as('administrator');
  const username = `somebody-${++people}`;
  const password = 'a long enough password';
  const body = await aNewUser(t, { username, password, ...(officerId ? { officerId } : {}) });
  const grant = { role, organId: t.ids.organs[organ], reason: 'for the test' };
  await admin.post(`/users/${body.id}/grants`, grant).expect(201);
  const { body: session } = await t.anonymous.post('/auth/login', { username, password }).expect(200);
  return { id: body.id as string, client: t.withToken(session.accessToken) };
}
