import { UnitOfWork } from '../../src/audit/unit-of-work.js';
import { openSession, SessionsService } from '../../src/auth/sessions.service.js';
import type { Client, TestApp } from './app.js';

/** A session for an account without its password, as a sign-in of this moment leaves it. */
export async function signedIn(t: TestApp, userId: string): Promise<Client> {
  const actor = await t.get(SessionsService).signingIn(userId, 'test', {});
  if (!actor) throw new Error(`There is no account ${userId} that could sign in`);
  const token = await t.get(UnitOfWork).run(actor, (tx) => openSession(tx, actor, 'PASSWORD'));
  return t.withToken(token);
}
