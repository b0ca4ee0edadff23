import type { EntityManager } from 'typeorm';
import { DomainError } from '../common/errors.js';
import { AuthTicket } from './factor.entity.js';
import { hashOf, newToken } from './sessions.service.js';

/** How long it takes to find the telephone, and how often one may mistype. */
export const TICKET_MS = 5 * 60_000;
export const TICKET_TRIES = 5;

export interface IssuedTicket {
  readonly ticket: string;
  readonly expiresAt: Date;
  /** What an authenticator has to sign. */
  readonly challenge: Buffer;
}

/** A ticket is no record: it is gone after its use, or after some minutes. */
export async function issueTicket(
  manager: EntityManager,
  now: Date,
  of: Pick<AuthTicket, 'purpose' | 'userId' | 'sessionId'> & { accountVersion?: number },
): Promise<IssuedTicket> {
  const ticket = newToken();
  const challenge = hashOf(ticket);
  const expiresAt = new Date(now.getTime() + TICKET_MS);
  // A session holds one of each purpose: whoever asks again has thrown the last one away.
  const { purpose, sessionId } = of;
  if (sessionId !== null) await manager.delete(AuthTicket, { purpose, sessionId });
  await manager.insert(AuthTicket, { ...of, tokenHash: challenge, expiresAt, tries: 0 });
  return { ticket, expiresAt, challenge };
}

/** Whose ticket it is, if it is one; whether it still counts is found when it is taken. */
export const ticketNamed = (manager: EntityManager, ticket: string): Promise<AuthTicket | null> =>
  manager.findOneBy(AuthTicket, { tokenHash: hashOf(ticket) });

/**
 * Takes the ticket for one try, locked until the transaction ends, so that two tries at once are two.
 * @throws 401 unless it is there for this purpose
 */
export async function takeTicket(
  manager: EntityManager,
  now: Date,
  ticket: string,
  of: Pick<AuthTicket, 'purpose' | 'userId' | 'sessionId'>,
): Promise<AuthTicket> {
  const found = await manager.findOne(AuthTicket, {
    where: { tokenHash: hashOf(ticket), userId: of.userId, purpose: of.purpose },
    lock: { mode: 'pessimistic_write' },
  });
  if (!found || found.expiresAt <= now || found.sessionId !== of.sessionId) throw ticketOver();
  return found;
}

/** After a try: used up when it was right, and after so many that were wrong. */
export async function punch(manager: EntityManager, ticket: AuthTicket, right: boolean): Promise<void> {
  const { tokenHash } = ticket;
  const tries = ticket.tries + 1;
  if (right || tries >= TICKET_TRIES) await manager.delete(AuthTicket, { tokenHash });
  else await manager.update(AuthTicket, { tokenHash }, { tries });
}

export const ticketOver = (): DomainError =>
  new DomainError('ticket-over', 401, 'The ticket was used, is too old or is none. Begin again.');
