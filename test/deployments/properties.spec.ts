import fc from 'fast-check';
import { dutyTest } from '../../src/deployments/duty-test.js';
import {
  activityTypes,
  disputeKinds,
  requesterTypes,
  taskCodes,
  weaponLevels,
  type DeploymentRequest,
} from '../../src/deployments/request.js';
import { deploymentRules } from '../../src/rulebook/deployment-rules.js';
import { aRequest, cases } from './requests.js';

const friendliness = (outcome: string): number =>
  deploymentRules.outcomes.findIndex(({ code }) => code === outcome);

/** Sentences as they are written, pieces of them, and noise. */
const sentences = [
  ...cases.flatMap(({ request }) => [request.purpose, ...request.tasks.map(({ text }) => text ?? '')]),
  'not only',
  '不得',
  'unless',
  '由法院负责',
];
const text = fc.oneof(fc.constantFrom(...sentences), fc.string({ unit: 'binary', maxLength: 80 }));
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null | undefined> =>
  fc.oneof(arbitrary, fc.constantFrom(null, undefined));

const task = fc.record({ code: fc.constantFrom(...taskCodes), text: maybe(text) });

const request: fc.Arbitrary<DeploymentRequest> = fc
  .record({
    type: fc.constantFrom(...requesterTypes),
    purpose: text,
    activityType: maybe(fc.constantFrom(...activityTypes)),
    expectedPeople: maybe(fc.integer({ min: 0, max: 100_000 })),
    disputes: maybe(fc.subarray([...disputeKinds])),
    lifeOrCrimeAtStake: maybe(fc.boolean()),
    tasks: fc.array(task, { minLength: 1, maxLength: 5 }),
    officers: fc.integer({ min: 0, max: 500 }),
    weapons: maybe(fc.constantFrom(...weaponLevels)),
    law: maybe(
      fc.record({
        duties: maybe(fc.subarray([1, 2, 3, 4, 8, 14])),
        articles: maybe(fc.subarray(['警察法 6', '消防法 53', '县政府通知'])),
        leadAgency: maybe(text),
        leadAgencyBasis: maybe(text),
        assistanceDocument: maybe(text),
        whyNotOwnStaff: maybe(text),
      }),
    ),
    limits: maybe(
      fc.record({ stopConditions: maybe(text), forbiddenActs: maybe(text), commander: maybe(text) }),
    ),
    hour: fc.integer({ min: 10, max: 20 }),
  })
  .map(({ type, officers, weapons, hour, ...more }) =>
    aRequest({
      ...more,
      requester: { type },
      force: { officers, weapons },
      startsAt: `2026-03-04T${hour}:00:00+08:00`,
      endsAt: `2026-03-04T${hour + 2}:00:00+08:00`,
    }),
  );

const forbidden = [
  { code: 'COLLECT_MONEY', text: 'Collect the debts of the company' },
  { code: 'COLLECT_MONEY', text: '催收欠款' },
  { code: 'REMOVE_PEOPLE', text: 'Drag the tenants out of the houses' },
  { code: 'DEMOLISH_OR_CLEAR', text: '配合拆除民房' },
  { code: 'SERVE_PAPERS', text: 'Hand out the demolition notices of the office' },
  { code: 'CEREMONIAL', text: 'Stand in line at the opening of the mall' },
  { code: 'GUARD_PROPERTY', text: 'Guard the factory of the sponsor' },
  { code: 'KEEP_ORDER', text: 'Help the bank to collect overdue loans' },
] as const;

describe('the duty test', () => {
  it('answers every well-formed request: one outcome, one level, ten questions of which one is decisive', () => {
    fc.assert(
      fc.property(request, (one) => {
        const { outcome, level, reasons, warnings } = dutyTest(one, deploymentRules);
        expect(friendliness(outcome)).toBeGreaterThanOrEqual(0);
        expect(level).toMatch(/^L[0-4]$/);
        expect(reasons.map(({ question }) => question)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        expect(reasons.filter(({ decisive }) => decisive)).toHaveLength(1);
        expect(
          reasons.every(({ looked, answer, article, changes }) => looked && answer && article && changes),
        ).toBe(true);
        for (const { where, text: words, start, end } of warnings) {
          if (start === undefined || !where.startsWith('tasks')) continue;
          const index = Number(/\d+/.exec(where)![0]);
          expect(one.tasks[index]!.text!.slice(start, end)).toBe(words);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('never becomes friendlier by a forbidden task', () => {
    fc.assert(
      fc.property(request, fc.constantFrom(...forbidden), (one, added) => {
        const before = dutyTest(one, deploymentRules).outcome;
        const after = dutyTest({ ...one, tasks: [...one.tasks, added] }, deploymentRules).outcome;
        expect(friendliness(after)).toBeLessThanOrEqual(friendliness(before));
      }),
      { numRuns: 600 },
    );
  });

  it('does not mind the order of the tasks', () => {
    const shuffled = request.chain((one) =>
      fc.tuple(fc.constant(one), fc.shuffledSubarray([...one.tasks], { minLength: one.tasks.length })),
    );
    fc.assert(
      fc.property(shuffled, ([one, tasks]) => {
        const [first, second] = [
          dutyTest(one, deploymentRules),
          dutyTest({ ...one, tasks }, deploymentRules),
        ];
        expect([second.outcome, second.level]).toEqual([first.outcome, first.level]);
        expect(second.reasons.find(({ decisive }) => decisive)!.question).toBe(
          first.reasons.find(({ decisive }) => decisive)!.question,
        );
        const codes = (warnings: typeof first.warnings): string[] => warnings.map(({ code }) => code).sort();
        expect(codes(second.warnings)).toEqual(codes(first.warnings));
      }),
      { numRuns: 400 },
    );
  });

  it('does not change its answer when asked twice', () => {
    fc.assert(
      fc.property(request, (one) =>
        expect(dutyTest(one, deploymentRules)).toEqual(dutyTest(structuredClone(one), deploymentRules)),
      ),
      { numRuns: 100 },
    );
  });
});
