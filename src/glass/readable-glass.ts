import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import type { Ability } from '../access/abilities.js';
import { whereAccessible } from '../access/where-accessible.js';
import { BrokenGlass } from './broken-glass.entity.js';

/**
 * What glass somebody broke themselves, and what they oversee. A conflict with the case hides the breakings of others
 * only: one's own tells nothing but what one said oneself.
 */
export function readableGlass(manager: EntityManager, ability: Ability): SelectQueryBuilder<BrokenGlass> {
  const which = (action: 'read' | 'read-own'): SelectQueryBuilder<BrokenGlass> =>
    whereAccessible(
      manager.createQueryBuilder(BrokenGlass, 'seen').select('seen.id'),
      ability,
      action,
      'BrokenGlass',
    );
  const [overseen, own] = [which('read'), which('read-own')];
  return manager
    .createQueryBuilder(BrokenGlass, 'glass')
    .where(`glass.id IN (${overseen.getQuery()} UNION ALL ${own.getQuery()})`)
    .setParameters({ ...overseen.getParameters(), ...own.getParameters() });
}
