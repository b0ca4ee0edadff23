import type { ProofKind, Session } from '../account.entity.js';

/** A session, without anything that tells from where: neither address nor browser is stored. */
export class OwnSessionView {
  id: string;
  createdAt: string;
  /** To the minute. */
  lastSeenAt: string;
  expiresAt: string;
  /** When its owner last proved who they are; null after a sign-in elsewhere that did not prove enough. */
  steppedUpAt: string | null;
  steppedUpWith: ProofKind | null;
  /** The one that asks. */
  current: boolean;

  static of(session: Session, currentId: string | null): OwnSessionView {
    const { id, createdAt, lastSeenAt, expiresAt, steppedUpAt, steppedUpWith } = session;
    return Object.assign(new OwnSessionView(), {
      id,
      createdAt: createdAt.toISOString(),
      lastSeenAt: lastSeenAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
      steppedUpAt: steppedUpAt?.toISOString() ?? null,
      steppedUpWith,
      current: id === currentId,
    });
  }
}
