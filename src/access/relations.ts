import type { Actor } from './actor.js';
import type { Shapes, SubjectName } from './shapes.js';

/** A condition: each field equals the value, or is one of several. An array field must contain it. */
export type Condition<N extends SubjectName> = {
  readonly [F in keyof Shapes[N]]?:
    | (Shapes[N][F] extends (infer E)[] ? E : Shapes[N][F])
    | { readonly $in: readonly (Shapes[N][F] extends (infer E)[] ? E : Shapes[N][F])[] };
};

type AnyCondition = Readonly<Record<string, string | { readonly $in: readonly string[] }>>;

/** The account, and the officer who it belongs to: whoever has two accounts is still one person. */
const person = ({ userId, officerId }: Actor): { readonly $in: readonly string[] } => ({
  $in: officerId ? [userId, officerId] : [userId],
});

/**
 * How somebody can stand to a row, as a condition on the row that CASL and SQL both understand. What the organs are
 * depends on the role that is asked about: those of its grants and all under them.
 * Undefined: this person stands so to no row at all.
 */
export const relations = {
  /** To every row of its kind. */
  ANY: () => ({}),
  /** It belongs to an organ of the grant, or to one under it. */
  OWN_ORGAN: (_actor, organs) => ({ organId: { $in: organs } }),
  /** One registered the case oneself. */
  REGISTERED_BY_ME: (actor) => ({ registeredBy: actor.userId }),
  /** One is assigned to the case as an investigator, now. */
  ASSIGNED: (actor) => ({ investigatorIds: actor.userId }),
  /** One asked for it: an import, an export. */
  MADE_BY_ME: (actor) => ({ createdBy: actor.userId }),
  /** It is one's own: a glass that one broke, a notice to oneself, a question about what one read, an objection. */
  MINE: (actor) => ({ userId: actor.userId }),
  /** One asked for these police, by whatever account. */
  ASKED_BY_ME: (actor) => ({ askers: person(actor) }),
  /** One declared a conflict with it. */
  STEPPED_ASIDE: (actor) => ({ steppedAside: person(actor) }),
  /** One is an officer who was sent. */
  SENT: (actor) => (actor.officerId ? { officerIds: actor.officerId } : undefined),
  /** One made somebody else a deputy by it. */
  DELEGATED_BY_ME: (actor) => ({ delegatedBy: actor.userId }),
  /** It concerns police of an organ under one's own. */
  HIGHER_ORGAN: (_actor, organs) => ({ higherOrganIds: { $in: organs } }),
  /** One asked for the police, approved it or sent them. */
  ORDERED_BY_ME: (actor) => ({ orderGivers: person(actor) }),
  /** It is one's own account. */
  MYSELF: (actor) => ({ id: actor.userId }),
  /** It is about the officer that one is. */
  ABOUT_ME: (actor) => (actor.officerId ? { officerId: actor.officerId } : undefined),
  /** One must keep away from the case: see `app.conflicts_of`. */
  CONFLICTED: (actor) => (actor.conflicts.length > 0 ? { id: { $in: actor.conflicts } } : undefined),
  /** It tells of a case that one must keep away from. */
  OF_CONFLICTED_CASE: (actor) =>
    actor.conflicts.length > 0 ? { caseId: { $in: actor.conflicts } } : undefined,
  /** One broke the glass of the case, and the time is not over: see `app.open_glass`. */
  BROKEN_GLASS: (actor) =>
    actor.brokenGlass.length > 0 ? { id: { $in: actor.brokenGlass.map(({ caseId }) => caseId) } } : undefined,
} as const satisfies Record<string, (actor: Actor, organs: readonly string[]) => AnyCondition | undefined>;

export type Relation = keyof typeof relations;
