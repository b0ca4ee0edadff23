import { IsNull, Not, type FindOptionsWhere } from 'typeorm';
import type { SecondFactor } from './factor.entity.js';

/** Those of an account that were shown to work and not removed since. */
export const factorsInUse = (userId: string): FindOptionsWhere<SecondFactor> => ({
  userId,
  confirmedAt: Not(IsNull()),
  removedAt: IsNull(),
});
