import type { Actor } from '../access/actor.js';
import { systemWith } from '../audit/writer-registration.js';
import { DomainError } from '../common/errors.js';

/**
 * Whoever comes through the source channel: the system itself, since they are nobody here.
 * @param organId registers there what arrives, as an intake officer would, and may do nothing else
 */
export const sourceActor = (organId?: string): Actor =>
  systemWith(organId === undefined ? [] : [{ role: 'INTAKE_OFFICER', organId, organIds: [organId] }]);

/** The same for a code that nobody has and for one digit that is wrong. */
export const unknownReceipt = (): DomainError =>
  new DomainError('unknown-receipt', 404, 'There is no receipt with this code. Look at the digits again.');
