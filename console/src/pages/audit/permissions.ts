import type { AppAbility } from '../../app/ability.ts';

/**
 * Who sees which page of the desk. Everybody may answer for their own reading, so only a rule that is not about oneself
 * opens what is about others.
 */
export const mayRead = {
  trail: (may: AppAbility): boolean => may.can('read', 'Trail'),
  reads: (may: AppAbility): boolean => may.can('read', 'Read'),
  alerts: (may: AppAbility): boolean => may.can('read', 'AccessAlert'),
  questions: (may: AppAbility): boolean => may.can('read', 'ReadQuestion'),
} as const;
