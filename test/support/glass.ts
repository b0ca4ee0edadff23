import type { Client, TestApp } from './app.js';
import type { CaseUnderTest } from './builders.js';

/** Sessions of the demonstration accounts as if each had been proven with an authenticator a moment ago. */
export async function asByKey(t: TestApp, username: string): Promise<Client> {
  const client = await t.as(username);
  await t.sql(
    `UPDATE app.session SET stepped_up_with = 'WEBAUTHN', stepped_up_at = $1, last_seen_at = $1, expires_at = $2
     WHERE user_id = $3 AND revoked_at IS NULL`,
    [t.clock.now(), new Date(t.clock.now().getTime() + 3_600_000), t.ids.users[username]],
  );
  return client;
}

export const aReason = 'The witness was threatened tonight, and the lead cannot be reached.';

export const breaking = (reference: string, overrides: object = {}): object => ({
  reference,
  category: 'RISK_TO_LIFE',
  reason: aReason,
  ...overrides,
});

export interface Glass {
  id: string;
  version: number;
  openUntil: string;
}

/** The glass of a case, broken by this person. */
export async function aBrokenGlass(t: TestApp, username: string, c: CaseUnderTest): Promise<Glass> {
  const client = await asByKey(t, username);
  const { body } = await client.post('/break-glass', breaking(c.reference)).expect(201);
  return body as Glass;
}

export const onGlass = async (
  t: TestApp,
  username: string,
  glass: Glass,
  deed: 'approve' | 'end' | 'review',
  body: object = {},
) => {
  const client = await asByKey(t, username);
  const response = await client.post(`/break-glass/${glass.id}/${deed}`, body, {
    'if-match': `"${glass.version}"`,
  });
  if (response.status === 200) glass.version = response.body.version;
  return response;
};
