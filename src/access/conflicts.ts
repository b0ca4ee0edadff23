/** Why somebody has to keep away from a case: what `app.conflicts_of` answers. */
export const conflictGrounds = [
  'SUBJECT',
  'SAME_UNIT',
  'CHAIN_OF_COMMAND',
  'WITNESS',
  'REPORTER',
  'DECLARED',
] as const;
export type ConflictGround = (typeof conflictGrounds)[number];

/** What each ground means, for whoever may know of it. */
export const conflictWords: Readonly<Record<ConflictGround, string>> = {
  SUBJECT: 'the case is about them',
  SAME_UNIT: 'they serve, or served at that time, in the unit of a subject',
  CHAIN_OF_COMMAND: 'they head, or headed at that time, the unit of a subject or one above it',
  WITNESS: 'they are a witness in it',
  REPORTER: 'they reported it',
  DECLARED: 'a recusal was declared or ordered',
};

interface Queries {
  query<T>(text: string, values: unknown[]): Promise<T>;
}

/** Why this person has to keep away from this case on a day; empty when nothing speaks against it. */
export async function conflictsIn(
  queries: Queries,
  userId: string,
  caseId: string,
  day: string,
): Promise<ConflictGround[]> {
  const rows = await queries.query<{ o_ground: ConflictGround }[]>(
    'SELECT o_ground FROM app.conflicts_of($1, $2) WHERE o_case = $3',
    [userId, day, caseId],
  );
  return conflictGrounds.filter((ground) => rows.some((row) => row.o_ground === ground));
}
