import { PASSWORD, type Client, type TestApp } from './app.js';

interface NewUser {
  readonly username: string;
  readonly displayName?: string;
  readonly officerId?: string | null;
  /** The one that the owner chooses. */
  readonly password?: string;
}

/** An account whose owner has chosen a password of their own with the one-time one, and has signed out. */
export async function aNewUser(
  t: Pick<TestApp, 'as' | 'anonymous' | 'withToken'>,
  { username, displayName = username, password = PASSWORD, officerId }: NewUser,
  administrator?: Client,
): Promise<any> {
  const client = administrator ?? (await t.as('administrator'));
  const { body } = await client
    .post('/users', { username, displayName, ...(officerId ? { officerId } : {}) })
    .expect(201);
  const { firstPassword, ...user } = body;
  const { body: session } = await t.anonymous
    .post('/auth/login/own-password', { username, password: firstPassword, newPassword: password })
    .expect(200);
  await t
    .withToken(session.accessToken as string)
    .post('/auth/logout')
    .expect(204);
  return { ...user, firstPasswordUntil: null, version: 2 };
}
