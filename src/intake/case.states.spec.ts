import fc from 'fast-check';
import { policy } from '../access/policy.js';
import { caseDeeds } from '../access/shapes.js';
import { DomainError } from '../common/errors.js';
import { Case } from './case.entity.js';
import { caseStatuses, finalStatuses, transitions, type CaseStatus, type Step } from './case.states.js';

const steps = Object.keys(transitions) as Step[];
const aCaseThatIs = (status: CaseStatus): Case => Object.assign(new Case(), { status, version: 1 });

describe('the states of a case', () => {
  it('are all reached from REGISTERED', () => {
    const reached = new Set<CaseStatus>(['REGISTERED']);
    for (let before = 0; before < reached.size;) {
      before = reached.size;
      for (const { from, to } of Object.values(transitions)) {
        if (from.some((status) => reached.has(status))) to.forEach((status) => reached.add(status));
      }
    }
    expect([...reached].sort()).toEqual([...caseStatuses].sort());
  });

  it('end only where the procedure ends', () => {
    const dead = caseStatuses.filter(
      (status) => !steps.some((step) => transitions[step].from.includes(status)),
    );
    expect(dead.sort()).toEqual(['MERGED']);
    expect(finalStatuses).toEqual(expect.arrayContaining(dead));
  });

  it('lead to no decision past the notice and the defence', () => {
    // Without these two steps nothing after them can be reached: no jump over the hearing.
    const reached = new Set<CaseStatus>(['REGISTERED']);
    const without = steps.filter((step) => step !== 'serve-notice' && step !== 'record-defence');
    for (let before = 0; before < reached.size;) {
      before = reached.size;
      for (const step of without) {
        const { from, to } = transitions[step];
        if (from.some((status) => reached.has(status))) to.forEach((status) => reached.add(status));
      }
    }
    expect([...reached].filter((status) => /DECIDED|DELIBERATED|LEGAL_REVIEWED|SERVED/.test(status))).toEqual(
      [],
    );
  });

  it('are moved by no step that the table does not have', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...caseStatuses),
        fc.constantFrom(...steps),
        fc.constantFrom(...caseStatuses),
        (from, step, to) => {
          const row = aCaseThatIs(from);
          const allowed = transitions[step].from.includes(from) && transitions[step].to.includes(to);
          if (allowed) {
            expect(row.advance(step, to)).toEqual({ from, to });
            expect(row.version).toBe(2);
          } else {
            expect(() => row.advance(step, to)).toThrow(DomainError);
            expect([row.status, row.version]).toEqual([from, 1]);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('tell in a refusal what would be allowed', () => {
    try {
      aCaseThatIs('REGISTERED').advance('decide', 'DECIDED_SANCTION');
      throw new Error('it was allowed');
    } catch (error) {
      expect((error as DomainError).extra).toEqual({
        state: 'REGISTERED',
        allowed: ['accept', 'decline', 'transfer', 'merge'],
      });
    }
  });

  it('have for every deed somebody who may do it', () => {
    const allowed = new Set<string>(
      policy.filter(({ resource }) => resource === 'Case').flatMap(({ actions }) => actions),
    );
    expect(caseDeeds.filter((deed) => !allowed.has(deed))).toEqual([]);
  });
});
