import fc from 'fast-check';
import { policy } from '../access/policy.js';
import { deploymentDeeds } from '../access/shapes.js';
import { DomainError } from '../common/errors.js';
import { Deployment } from './deployment.entity.js';
import {
  deploymentStatuses,
  operations,
  transitions,
  type DeploymentStatus,
  type Operation,
} from './deployment.states.js';

const aDeploymentThatIs = (status: DeploymentStatus, operation: Operation): Deployment =>
  Object.assign(new Deployment(), { status, operation, version: 1 });

/** What can be reached from there by these deeds, as `status operation`. */
function reachedFrom(
  status: DeploymentStatus,
  operation: Operation,
  without: readonly string[] = [],
): Set<string> {
  const reached = new Map([[`${status} ${operation}`, [status, operation] as const]]);
  for (const [from, ground] of reached.values()) {
    for (const deed of deploymentDeeds.filter((one) => !without.includes(one))) {
      const { status: statuses, operation: grounds } = transitions[deed];
      const next = grounds ? grounds[ground]?.[0] : ground;
      for (const to of next ? (statuses[from] ?? []) : []) reached.set(`${to} ${next!}`, [to, next!]);
    }
  }
  return new Set(reached.keys());
}

describe('the states of a request for police', () => {
  it('are all reached, from a draft or from an emergency', () => {
    const all = [...reachedFrom('DRAFT', 'NONE'), ...reachedFrom('EMERGENCY', 'DISPATCHED')];
    expect(deploymentStatuses.filter((one) => !all.some((state) => state.startsWith(`${one} `)))).toEqual([]);
    expect(operations.filter((one) => !all.some((state) => state.endsWith(` ${one}`)))).toEqual([]);
  });

  it('let no police go from a draft without an approval', () => {
    const reached = reachedFrom('DRAFT', 'NONE', ['approve', 'stand-by']);
    expect([...reached].filter((state) => !state.endsWith(' NONE'))).toEqual([]);
  });

  it('let nobody withdraw once police went', () => {
    expect([...reachedFrom('EMERGENCY', 'DISPATCHED')].filter((state) => /WITHDRAWN/.test(state))).toEqual(
      [],
    );
  });

  it('have one review by the higher organ and no second', () => {
    expect([...reachedFrom('REFUSED_FINALLY', 'NONE')]).toEqual(['REFUSED_FINALLY NONE']);
  });

  it('are moved by no deed that the table does not have', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...deploymentStatuses),
        fc.constantFrom(...operations),
        fc.constantFrom(...deploymentDeeds),
        fc.constantFrom(...deploymentStatuses),
        (from, operation, deed, to) => {
          const row = aDeploymentThatIs(from, operation);
          const { status, operation: ground } = transitions[deed];
          if (status[from]?.includes(to) && (!ground || ground[operation])) {
            expect(row.advance(deed, to)).toEqual({ from, to });
            expect(row).toMatchObject({ operation: ground?.[operation]?.[0] ?? operation, version: 2 });
          } else {
            expect(() => row.advance(deed, to)).toThrow(DomainError);
            expect(row).toMatchObject({ status: from, operation, version: 1 });
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('have for every deed somebody who may do it', () => {
    const allowed = new Set<string>(
      policy.filter(({ resource }) => resource === 'Deployment').flatMap(({ actions }) => actions),
    );
    expect(deploymentDeeds.filter((deed) => !allowed.has(deed))).toEqual([]);
  });
});
