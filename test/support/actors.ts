import type { Actor } from '../../src/access/actor.js';

/** Somebody without a role, in no session and in conflict with nothing; only what matters to the test is stated there. */
export const anActor = (stated: Partial<Actor> = {}): Actor => ({
  userId: 'u',
  username: 'u',
  sessionId: null,
  steppedUpAt: null,
  steppedUpWith: null,
  officerId: null,
  grants: [],
  conflicts: [],
  brokenGlass: [],
  ...stated,
});
