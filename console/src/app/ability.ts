import { createMongoAbility, type MongoAbility, type RawRuleOf } from '@casl/ability';
import { useAbility } from '@casl/react';
import type { components } from '../api/client.ts';

/** What the person may do, by the rules of /auth/me: to show or to hide. The server decides anew at each request. */
export type AppAbility = MongoAbility<[action: string, subject: string]>;

export const abilityOf = (me: components['schemas']['MeView']): AppAbility =>
  createMongoAbility<AppAbility>(me.rules as unknown as RawRuleOf<AppAbility>[]);

export const useMay = (): AppAbility => useAbility<AppAbility>();
