import { Injectable } from '@nestjs/common';
import { createHash, randomBytes } from 'node:crypto';
import { DataSource, IsNull } from 'typeorm';
import type { Actor, EffectiveGrant, OpenGlass } from '../access/actor.js';
import { authorityOf, withAuthority } from '../access/authority.js';
import { UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { Clock, legalDay } from '../common/clock.js';
import type { Language } from '../common/words.js';
import { DomainError } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { instant } from '../database/instant.js';
import { WorkerDatabase } from '../database/worker-database.js';
import { Session, UserAccount, type ProofKind } from './account.entity.js';

const MINUTE = 60_000;
/** Limits of a session. */
export const IDLE_MS = 15 * MINUTE;
export const ABSOLUTE_MS = 8 * 60 * MINUTE;
/** The last use is written down at most once in this time, so that reading stays reading. */
const TOUCH_MS = MINUTE;

interface AccountRow {
  userId: string;
  username: string;
  officerId: string | null;
  grants: EffectiveGrant[] | null;
  conflicts: string[];
}

/** The request for which a session is looked up. */
export interface Asked {
  readonly id: string;
  readonly language?: Language;
  readonly purpose?: string;
}

interface SessionRow extends AccountRow {
  sessionId: string;
  steppedUpAt: Date | null;
  steppedUpWith: ProofKind | null;
  brokenGlass: OpenGlass[];
  stale: boolean;
}

const withoutSession = ({ grants, ...row }: AccountRow): Actor => ({
  ...row,
  sessionId: null,
  steppedUpAt: null,
  steppedUpWith: null,
  grants: grants ?? [],
  brokenGlass: [],
});

/** Grants in force on a day, each with the organs under it. */
const EFFECTIVE_GRANTS = `
  (SELECT json_agg(json_build_object('role', g.role, 'organId', g.organ_id, 'organIds',
            (SELECT json_agg(o.id) FROM app.organ o WHERE o.path @> ARRAY[g.organ_id])) ORDER BY g.created_at, g.id)
   FROM app.user_grant g
   WHERE g.user_id = u.id AND g.revoked_at IS NULL AND g.valid_from <= $2::date
     AND (g.valid_to IS NULL OR g.valid_to >= $2::date)) AS grants`;

/** The cases that somebody reads by breaking the glass at an instant. */
const BROKEN_GLASS = `
  (SELECT coalesce(json_agg(json_build_object('id', g.id, 'caseId', g.case_id, 'until', ${instant('g.open_until')})), '[]')
   FROM app.open_glass(u.id, $3) g) AS "brokenGlass"`;

/** The same for a wrong name, a wrong password and an account that may not sign in. */
export const wrongCredentials = (): DomainError =>
  new DomainError('wrong-credentials', 401, 'The user name or the password is wrong.');

/** The session was there when the request began. */
const notSignedIn = (): DomainError =>
  new DomainError(
    'not-signed-in',
    401,
    'The session goes on under another token, or has ended. Sign in again.',
  );

/** Who has just proven to be the owner of an account, and the version of it against which that was checked. */
export interface SignedIn extends Actor {
  readonly accountVersion: number;
}

/** The same with what they proved it; null: elsewhere, and not with enough for a step-up. */
export interface Proven extends SignedIn {
  readonly proof: ProofKind | null;
}

/**
 * Checking a password takes long enough for the account to change meanwhile. The lock makes a change wait for the
 * session, which it then ends with the others, or this session wait for the change, and then it is not opened.
 */
export async function refuseIfChanged(tx: Transaction, { userId, accountVersion }: SignedIn): Promise<void> {
  const unchanged = await tx.manager
    .createQueryBuilder(UserAccount, 'account')
    .where({ id: userId, version: accountVersion, status: 'ACTIVE' })
    .setLock('pessimistic_read')
    .getOne();
  if (!unchanged) throw wrongCredentials();
}

/**
 * A new session with its proof.
 * @returns its token, a random reference of which only the hash is kept
 */
export async function openSession(
  tx: Transaction,
  { userId }: Actor,
  steppedUpWith: ProofKind | null,
): Promise<string> {
  const token = newToken();
  const id = newId();
  await tx.manager.insert(Session, {
    id,
    userId,
    tokenHash: hashOf(token),
    createdAt: tx.now,
    lastSeenAt: tx.now,
    expiresAt: new Date(tx.now.getTime() + ABSOLUTE_MS),
    revokedAt: null,
    steppedUpAt: steppedUpWith && tx.now,
    steppedUpWith,
  });
  tx.record({ type: 'auth.signed-in', stream: userId, target: { kind: 'session', id } });
  return token;
}

/**
 * Another token for the session that acts, which stays the same one. Nobody is waited for: a request that is under way
 * with the old token goes on until its transaction ends, and the next transaction of it finds no session.
 * @throws 401 when another request was faster
 */
export async function renewToken(tx: Transaction): Promise<string> {
  const authority = authorityOf(tx.actor);
  if (typeof authority !== 'object' || !('token' in authority)) throw new Error('There is no token to renew');
  const token = newToken();
  const { affected } = await tx.manager.update(
    Session,
    { id: tx.actor.sessionId!, tokenHash: hashOf(authority.token), revokedAt: IsNull() },
    { tokenHash: hashOf(token) },
  );
  if (affected !== 1) throw notSignedIn();
  return token;
}

export const newToken = (): string => randomBytes(32).toString('base64url');

export const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

@Injectable()
export class SessionsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly worker: WorkerDatabase,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** The actor behind a token, or undefined when the session is unknown, idle too long, over or revoked. */
  async actorOf(token: string, asked: Asked): Promise<Actor | undefined> {
    const now = this.clock.now();
    const [row] = await this.dataSource.query<SessionRow[]>(
      `SELECT s.id AS "sessionId", u.id AS "userId", u.username, u.officer_id AS "officerId",
              s.stepped_up_at AS "steppedUpAt", s.stepped_up_with AS "steppedUpWith", s.last_seen_at < $4 AS stale,
              ${EFFECTIVE_GRANTS}, app.conflicts_behind($6, $2::date)::text[] AS conflicts, ${BROKEN_GLASS}
       FROM app.session s JOIN app.user_account u ON u.id = s.user_id
       WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND s.expires_at > $3 AND s.last_seen_at > $5
         AND u.status = 'ACTIVE'`,
      [
        hashOf(token),
        legalDay(now),
        now,
        new Date(now.getTime() - TOUCH_MS),
        new Date(now.getTime() - IDLE_MS),
        Buffer.from(token, 'utf8'),
      ],
    );
    if (!row) return undefined;
    if (row.stale) await this.dataSource.manager.update(Session, { id: row.sessionId }, { lastSeenAt: now });
    const actor = {
      userId: row.userId,
      username: row.username,
      sessionId: row.sessionId,
      steppedUpAt: row.steppedUpAt,
      steppedUpWith: row.steppedUpWith,
      officerId: row.officerId,
      grants: row.grants ?? [],
      conflicts: row.conflicts,
      brokenGlass: row.brokenGlass,
      request: { id: asked.id, language: asked.language ?? 'en', receipts: [] },
    };
    return withAuthority(actor, { token, purpose: asked.purpose ?? '' });
  }

  /** The actor that an account is before there is a session: it is about to sign in, and sees no case. */
  async signingIn<Proof extends object>(
    userId: string,
    requestId: string,
    proof: Proof,
  ): Promise<(Actor & Proof) | undefined> {
    const [row] = await this.dataSource.query<AccountRow[]>(
      `SELECT u.id AS "userId", u.username, u.officer_id AS "officerId", ${EFFECTIVE_GRANTS}, ARRAY[]::text[] AS conflicts
       FROM app.user_account u WHERE u.id = $1 AND u.status <> 'DISABLED'`,
      [userId, legalDay(this.clock.now())],
    );
    if (!row) return undefined;
    const request = { id: requestId, language: 'en' as const, receipts: [] };
    return withAuthority({ ...withoutSession(row), request, ...proof }, 'NOBODY');
  }

  /** Whoever left a pass for this job when they asked for it, as they are now. */
  async actorBehind(job: string): Promise<Actor | undefined> {
    const [row] = await this.worker.query<AccountRow[]>(
      `SELECT u.id AS "userId", u.username, u.officer_id AS "officerId", ${EFFECTIVE_GRANTS},
              ARRAY(SELECT DISTINCT o_case::text FROM app.conflicts_of(u.id, $2::date)) AS conflicts
       FROM app.job_pass p JOIN app.user_account u ON u.id = p.user_id WHERE p.job = $1 AND u.status = 'ACTIVE'`,
      [job, legalDay(this.clock.now())],
    );
    return row && withAuthority(withoutSession(row), { job });
  }

  /** Ends the session at once. */
  close(actor: Actor): Promise<void> {
    return this.unitOfWork.run(actor, async (tx) => {
      if (!actor.sessionId) throw new Error('There is no session to end');
      await tx.manager.update(Session, { id: actor.sessionId, revokedAt: IsNull() }, { revokedAt: tx.now });
      tx.record({
        type: 'auth.signed-out',
        stream: actor.userId,
        target: { kind: 'session', id: actor.sessionId },
      });
    });
  }

  /** The account with this name and its password's hash, if it may sign in. */
  accountNamed(username: string): Promise<UserAccount | null> {
    return this.dataSource.manager
      .createQueryBuilder(UserAccount, 'account')
      .addSelect('account.passwordHash')
      .where('account.username = :username AND account.status = :status', { username, status: 'ACTIVE' })
      .getOne();
  }
}
