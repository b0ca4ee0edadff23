import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aNewUser } from './support/accounts.js';
import { PASSWORD, startTestApp, type TestApp } from './support/app.js';

const BREACHED = 'seven grey herons over water';
const OTHER = 'eight grey herons over water';

let t: TestApp;
const directory = mkdtempSync(join(tmpdir(), 'plumbline-breached-'));
const list = join(directory, 'pwned-passwords.txt');
const hashes = [BREACHED, ...Array.from({ length: 400 }, (_, i) => `another one, no. ${i}`)]
  .map((text) => createHash('sha1').update(text).digest('hex').toUpperCase())
  .sort();

beforeAll(async () => {
  writeFileSync(list, hashes.map((hash) => `${hash}:3\r\n`).join(''));
  t = await startTestApp({ PLUMBLINE_BREACHED_PASSWORDS: list });
});
afterAll(async () => {
  await t?.stop();
  rmSync(directory, { recursive: true });
});

describe('a password that is known from a breach', () => {
  it('is refused wherever one is chosen, in addition to the words that everybody tries', async () => {
    const { body: made } = await (
      await t.as('administrator')
    )
      .post('/users', { username: 'breached', displayName: 'A person' })
      .expect(201);
    const choose = (newPassword: string) =>
      t.anonymous.post('/auth/login/own-password', {
        username: 'breached',
        password: made.firstPassword,
        newPassword,
      });
    const first = await choose(BREACHED).expect(400);
    expect(first.body.errors).toEqual([
      { pointer: '/newPassword', message: expect.stringContaining('known from a breach') },
    ]);
    await choose('passwordpassword').expect(400);
    const { body: session } = await choose(OTHER).expect(200);
    const client = t.withToken(session.accessToken);
    const change = (newPassword: string) =>
      client.request('put', '/auth/password').send({ currentPassword: OTHER, newPassword });
    const later = await change(BREACHED).expect(400);
    expect(later.body.errors[0].message).toContain('known from a breach');
    await change(`${BREACHED}.`).expect(204);
  });

  it('cannot be told from others once the list is gone: then no password is set at all', async () => {
    const { username } = await aNewUser(t, { username: 'without-a-list' });
    const { body } = await t.anonymous.post('/auth/login', { username, password: PASSWORD }).expect(200);
    const change = () =>
      t
        .withToken(body.accessToken)
        .request('put', '/auth/password')
        .send({ currentPassword: PASSWORD, newPassword: OTHER });
    rmSync(list);
    const refused = await change().expect(503);
    expect(refused.body.type).toBe('/problems/breached-passwords-unreadable');
    expect(JSON.stringify(refused.body)).not.toContain(directory);
    writeFileSync(list, hashes.map((hash) => `${hash}:3\r\n`).join(''));
    await change().expect(204);
  });
});
