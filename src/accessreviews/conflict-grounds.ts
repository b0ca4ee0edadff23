import { conflictGrounds, type ConflictGround } from '../access/conflicts.js';

/** A post of an officer, as it was known at some time. Days are inclusive; null is open. */
export interface Post {
  readonly officerId: string;
  readonly organId: string;
  readonly leads: boolean;
  readonly from: string | null;
  readonly to: string | null;
}

/** An organ as the chain of command needs it. */
export interface Unit {
  /** The organ itself and all above it. */
  readonly path: readonly string[];
  readonly level: string;
}

/** An officer whom an allegation is about, and the days of the act; null: not known. */
export interface Accused {
  readonly officerId: string;
  readonly actFrom: string | null;
  readonly actTo: string | null;
}

/** What in a case can keep somebody away from it. */
export interface CasePeople {
  readonly accused: readonly Accused[];
  readonly witnesses: readonly string[];
  readonly reporter: string | null;
  /** Accounts with a recusal that is not lifted. */
  readonly recused: readonly string[];
}

export interface Organisation {
  readonly posts: readonly Post[];
  readonly units: ReadonlyMap<string, Unit>;
  /** Levels up to which heads of organs above a subject's own keep away. */
  readonly levelsInCommand: readonly string[];
}

/**
 * Why somebody had to keep away from a case, by what was known then: the same rules as `app.conflicts_of`, which knows
 * the present only (政务处分法 47-48; 处分条例 42-43). A differential test compares the two.
 * @param day the day of law that is asked about
 */
export function groundsAgainst(
  { userId, officerId }: { userId: string; officerId: string | null },
  people: CasePeople,
  organisation: Organisation,
  day: string,
): ConflictGround[] {
  const found = new Set<ConflictGround>();
  if (people.recused.includes(userId)) found.add('DECLARED');
  if (officerId !== null) {
    if (people.witnesses.includes(officerId)) found.add('WITNESS');
    if (people.reporter === officerId) found.add('REPORTER');
    const mine = organisation.posts.filter((post) => post.officerId === officerId);
    for (const accused of people.accused) {
      if (accused.officerId === officerId) found.add('SUBJECT');
      for (const ground of nearness(mine, accused, organisation, day)) found.add(ground);
    }
  }
  return conflictGrounds.filter((ground) => found.has(ground));
}

function* nearness(
  mine: readonly Post[],
  accused: Accused,
  { posts, units, levelsInCommand }: Organisation,
  day: string,
): Generator<ConflictGround> {
  const theirs = posts.filter(({ officerId }) => officerId === accused.officerId);
  for (const my of mine) {
    for (const their of theirs) {
      if (!together(my, their, accused, day)) continue;
      if (my.organId === their.organId) yield 'SAME_UNIT';
      else if (
        my.leads &&
        (units.get(their.organId)?.path.includes(my.organId) ?? false) &&
        levelsInCommand.includes(units.get(my.organId)?.level ?? '')
      ) {
        yield 'CHAIN_OF_COMMAND';
      }
    }
  }
}

/** Whether both held their posts on the day asked about, or on a day of the act. */
function together(my: Post, their: Post, { actFrom, actTo }: Accused, day: string): boolean {
  const from = latest(my.from, their.from);
  const to = earliest(my.to, their.to);
  const within = (first: string, last: string): boolean =>
    (from === null || from <= last) &&
    (to === null || first <= to) &&
    (from === null || to === null || from <= to);
  return within(day, day) || (actFrom !== null && within(actFrom, actTo ?? actFrom));
}

const latest = (a: string | null, b: string | null): string | null =>
  a === null || b === null ? (a ?? b) : a > b ? a : b;
const earliest = (a: string | null, b: string | null): string | null =>
  a === null || b === null ? (a ?? b) : a < b ? a : b;
