import type { Actor } from './actor.js';

/**
 * By what the database shall know who acts: the token of a session, the pass of a job, or that it is the system
 * itself. NOBODY is who signs in only now: the database shows them no case.
 */
export type Authority = Session | { readonly job: string } | 'SYSTEM' | 'NOBODY';

interface Session {
  readonly token: string;
  readonly purpose: string;
  /** Something may follow from it that they must not see: see `CaseDatabase.followUp`. */
  readonly followedUp?: true;
}

/** Beside the actors, so that no log and no answer can show a token; and a copy of an actor has none. */
const authorities = new WeakMap<Actor, Authority>();

export function withAuthority<A extends Actor>(actor: A, authority: Authority): A {
  authorities.set(actor, authority);
  return actor;
}

/** @throws Error for an actor that nobody vouched for, such as a copy */
export function authorityOf(actor: Actor): Authority {
  const authority = authorities.get(actor);
  if (!authority) throw new Error('Nothing says by what this actor acts');
  return authority;
}

/** The same, for a deed from which something may follow that the actor must not see. */
export function followedUp(actor: Actor): Authority {
  const authority = authorityOf(actor);
  return typeof authority === 'object' && 'token' in authority
    ? { ...authority, followedUp: true }
    : 'SYSTEM';
}
