import type { Language } from '../common/words.js';
import type { Role } from './roles.js';

/** A role in an organ and in all organs under it, in force today. */
export interface EffectiveGrant {
  readonly role: Role;
  readonly organId: string;
  /** The organ itself and everything under it. */
  readonly organIds: readonly string[];
}

/** What one request leaves behind for the answer: its id, its key against repeats, the receipts of its writes. */
export interface RequestTrace {
  readonly id: string;
  /** In which the answer is wanted. */
  readonly language: Language;
  /** Set when the caller sent an Idempotency-Key. */
  idempotency?: { readonly key: string; readonly fingerprint: string };
  /** `<stream> <seq> <leaf>` of each event that the request wrote. */
  readonly receipts: string[];
}

/** A case that somebody reads for a time by having broken the glass, and the deed that says so. */
export interface OpenGlass {
  readonly id: string;
  readonly caseId: string;
  /** RFC 3339. */
  readonly until: string;
}

/** Who acts. Always the first argument; never read from ambient state. */
export interface Actor {
  readonly userId: string;
  readonly username: string;
  /** The database id of the session; null for a command line or a job. */
  readonly sessionId: string | null;
  /**
   * When they last proved who they are. Null for a sign-in elsewhere that did not prove enough, and for a command line
   * or a job: these pass no route, and only routes ask for it.
   */
  readonly steppedUpAt: Date | null;
  /** With what they proved it then; null as above. */
  readonly steppedUpWith: string | null;
  readonly grants: readonly EffectiveGrant[];
  /** The officer whom this account belongs to, if any. */
  readonly officerId: string | null;
  /** The cases that they have to keep away from, now: see `app.conflicts_of`. */
  readonly conflicts: readonly string[];
  /** What they read by breaking the glass, now: see `app.open_glass`. None outside of a session. */
  readonly brokenGlass: readonly OpenGlass[];
  readonly request?: RequestTrace;
}

/** In which they are answered: English for a command line or a job. */
export const languageOf = ({ request }: Actor): Language => request?.language ?? 'en';

export const organsOf = (actor: Actor, role: Role): readonly string[] => [
  ...new Set(actor.grants.filter((grant) => grant.role === role).flatMap((grant) => grant.organIds)),
];

/** The organs in which somebody was granted the role, without those under them. */
export const organsOfRole = (actor: Actor, role: Role): readonly string[] => [
  ...new Set(actor.grants.filter((grant) => grant.role === role).map(({ organId }) => organId)),
];
