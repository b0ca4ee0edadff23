import type { Actor } from '../../src/access/actor.js';
import { InvestigationsService } from '../../src/investigations/investigations.service.js';
import { madeIn, statementTemplate, type Capture, type Statement } from '../capture.js';

export const SUSPEND = { reason: 'The prosecutor asked for it', ground: 'CRIMINAL_CASE' } as const;
export const RESUME = { reason: 'The judgment is in force' };

/** The statements of a deed, to be sent again for other cases. */
export interface Step {
  readonly statements: readonly Statement[];
  /** The ids that the application made for it. */
  readonly made: readonly string[];
  /** Each wants the id of the case, and new ones for those that were made. */
  readonly templates: readonly ((fill: readonly string[]) => Statement)[];
}

/** What the application sends to suspend a case under investigation, and to go on with it; done to this one. */
export async function suspensionOf(
  capture: Capture,
  actor: Actor,
  example: { readonly id: string; readonly version: number },
): Promise<{ suspend: Step; resume: Step }> {
  const service = capture.service(InvestigationsService);
  const given = [actor.userId, example.id, ...actor.grants.flatMap((grant) => grant.organIds)];
  const stepOf = async (work: () => Promise<unknown>): Promise<Step> => {
    const { statements } = await capture.statements(work);
    const made = madeIn(statements, given);
    return {
      statements,
      made,
      templates: statements.map((one) => statementTemplate(one, [example.id, ...made])),
    };
  };
  return {
    suspend: await stepOf(() => service.suspend(actor, example.id, example.version, SUSPEND)),
    resume: await stepOf(() => service.resume(actor, example.id, example.version + 1, RESUME)),
  };
}
