import { abilityFor } from './abilities.js';
import type { Actor, OpenGlass } from './actor.js';
import type { Protected } from './shapes.js';

/** The open glass through which one of these cases is read, if there is one. */
export const glassOver = (
  { brokenGlass }: Actor,
  caseIds: readonly (string | undefined)[],
): OpenGlass | undefined => brokenGlass.find(({ caseId }) => caseIds.includes(caseId));

/** Whether nothing but a broken glass lets somebody read the case. */
export const onlyByGlass = (actor: Actor, row: Protected<'Case'>): boolean =>
  glassOver(actor, [row.id]) !== undefined && abilityFor({ ...actor, brokenGlass: [] }).cannot('read', row);
