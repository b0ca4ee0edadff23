import type { Transaction } from '../audit/unit-of-work.js';
import { conflict } from '../common/errors.js';
import { separated, transitions, type Office, type Step } from './case.states.js';

/**
 * What this person did in the case in an office that excludes this one, even at another time; undefined when nothing.
 * Being assigned counts as investigating, proposing a sanction as reviewing, a final finding as deciding.
 */
export async function otherOfficeOf(
  tx: Transaction,
  caseId: string,
  userId: string,
  office: Office,
): Promise<string | undefined> {
  const others = separated[office];
  const steps = (Object.keys(transitions) as Step[]).filter((step) => {
    const held = transitions[step].office;
    return held !== undefined && others.includes(held);
  });
  const [found] = await tx.manager.query<{ what: string }[]>(
    `SELECT deed AS what FROM app.case_deed WHERE case_id = $1 AND done_by = $2 AND deed = ANY($3)
     UNION ALL
     SELECT 'investigator' FROM app.investigator_assignment
       WHERE case_id = $1 AND user_id = $2 AND 'INVESTIGATION' = ANY($4)
     UNION ALL
     SELECT 'propose-sanction' FROM app.sanction WHERE case_id = $1 AND proposed_by = $2 AND 'LEGAL' = ANY($4)
     UNION ALL
     SELECT 'decide-sanction' FROM app.sanction WHERE case_id = $1 AND decided_by = $2 AND 'DECISION' = ANY($4)
     UNION ALL
     SELECT 'final-finding' FROM app.finding
       WHERE case_id = $1 AND recorded_by = $2 AND stage = 'FINAL' AND 'DECISION' = ANY($4)
     LIMIT 1`,
    [caseId, userId, steps, others],
  );
  return found?.what;
}

/** Refuses with 409 whoever acts in a second office of the case. */
export async function refuseSecondOffice(tx: Transaction, caseId: string, office: Office): Promise<void> {
  const found = await otherOfficeOf(tx, caseId, tx.actor.userId, office);
  if (found) {
    throw conflict(
      'second-office',
      `You have acted in this case before (${found}). Who investigates, who approves, who reviews and who decides are different persons.`,
    );
  }
}
