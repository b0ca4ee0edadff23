import fc from 'fast-check';
import { computable, equationsOf } from '../support/subtraction.js';
import { THRESHOLD } from '../../src/common/suppression.js';
import type { RawCode, RawFigures } from '../../src/deployments/figures.sql.js';
import { toldFigures } from '../../src/deployments/figures-told.js';

const types = ['COURT', 'ENTERPRISE', 'OWN_UNIT'] as const;
const outcomes = ['POLICE_WORK', 'STANDBY_ONLY', 'NOT_POLICE_WORK'] as const;
const months = ['2026-01', '2026-02', '2026-03'];
const organs = ['o1', 'o2'].map((id) => ({ id, name: `Station ${id}` }));

/** A request: what the figures count of it. */
const request = fc.record({
  type: fc.constantFrom(...types),
  outcome: fc.constantFrom(...outcomes),
  month: fc.constantFrom(...months),
  organ: fc.constantFrom('o1', 'o2'),
  refused: fc.boolean(),
  late: fc.boolean(),
  minutes: fc.option(fc.integer({ min: 1, max: 600 })),
  code: fc.constantFrom('NP01', 'NP02', 'NP06'),
});
type Request = typeof request extends fc.Arbitrary<infer R> ? R : never;

const codesOf = (requests: readonly Request[]): RawCode[] =>
  [...new Set(requests.map(({ code }) => code))].sort().map((code) => {
    const those = requests.filter((one) => one.code === code);
    const reported = those.filter(({ minutes }) => minutes !== null);
    return {
      code,
      n: those.length,
      reported: reported.length,
      minutes: reported.reduce((sum, { minutes }) => sum + minutes!, 0),
    };
  });

const rawOf = (requests: readonly Request[]): RawFigures => ({
  requests: requests.map(({ type, outcome, month, organ, refused, late }) => ({
    ...{ type, outcome, month, organ, n: 1 },
    refused: Number(refused),
    late: Number(late),
    hoursLate: late ? 3 : 0,
  })),
  reported: requests
    .filter(({ minutes }) => minutes !== null)
    .map(({ type, month, organ, minutes }) => ({ type, month, organ, n: 1, minutes: minutes! })),
  duties: codesOf(requests),
  npCodes: codesOf(requests),
  overrides: codesOf(requests).map(({ code, n }) => ({ code, n })),
  repeats: [
    { requester: 'Harbour Ltd', type: 'ENTERPRISE', n: 7, refused: requests.length % 8 },
    { requester: 'Ferry Ltd', type: 'ENTERPRISE', n: 3, refused: 1 },
    { requester: null, type: 'CITIZEN', n: 9, refused: 0 },
  ],
  days: [],
  organs,
});

const some = fc.array(request, { maxLength: 60 });
const counts = (view: ReturnType<typeof toldFigures>): (number | null)[] => [
  view.requests,
  ...[view.outcomes, view.byRequester, view.byOrgan].flatMap(({ cells }) => cells.map(({ count }) => count)),
  ...[...view.hoursByDuty, ...view.hoursByNpCode].flatMap((row) => [row.requests, row.deployments]),
  ...[...view.refusals, ...view.lates, ...view.overrides].map(({ count }) => count),
  ...view.repeatRequesters.flatMap(({ count, refused }) => [count, refused]),
];

describe('small numbers of deployments', () => {
  it('are told in no figure', () => {
    fc.assert(
      fc.property(some, (requests) => {
        const told = counts(toldFigures(rawOf(requests), months, true));
        expect(told.filter((n) => n !== null && n > 0 && n < THRESHOLD)).toEqual([]);
      }),
    );
  });

  it('cannot be computed from what is told by adding and subtracting, across all tables and lists', () => {
    fc.assert(
      fc.property(some, (requests) => {
        const view = toldFigures(rawOf(requests), months, true);
        expect(computable(equationsOf(view))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('hide the hours of few deployments with them, and no others', () => {
    fc.assert(
      fc.property(some, (requests) => {
        const view = toldFigures(rawOf(requests), months, true);
        for (const { deployments, officerHours } of [...view.hoursByDuty, ...view.hoursByNpCode]) {
          expect(officerHours === null).toBe(deployments === null);
        }
        const few = new Map<string, number>();
        for (const { type, month, minutes } of requests) {
          if (minutes !== null) few.set(`${type} ${month}`, (few.get(`${type} ${month}`) ?? 0) + 1);
        }
        for (const { row, column, count } of view.hoursByRequester.cells) {
          if ((few.get(`${row} ${column}`) ?? THRESHOLD) < THRESHOLD) expect(count).toBeNull();
        }
      }),
    );
  });

  it('leave out citizens and who asked seldom', () => {
    const view = toldFigures(rawOf([]), months, true);
    expect(view.repeatRequesters).toEqual([
      { requester: 'Harbour Ltd', requesterType: 'ENTERPRISE', count: 7, refused: 0 },
    ]);
  });

  it('are told in full to whoever decides on each of the requests', () => {
    fc.assert(
      fc.property(some, (requests) => {
        const view = toldFigures(rawOf(requests), months, false);
        expect(counts(view)).not.toContain(null);
        expect(view.requests).toBe(requests.length);
        expect(view.repeatRequesters).toHaveLength(3);
        const march = view.outcomes.cells.find(({ row, column }) => row === 'ALL' && column === '2026-03');
        expect(march!.count).toBe(requests.filter(({ month }) => month === '2026-03').length);
      }),
    );
  });

  it('hide nothing where nothing is small', () => {
    const all = types.flatMap((type) =>
      outcomes.flatMap((outcome) =>
        months.flatMap((month) =>
          organs.flatMap(({ id }) =>
            Array.from({ length: 12 }, (_, n): Request => {
              const [refused, late] = [n < 6, n % 2 === 0];
              return {
                ...{ type, outcome, month, refused, late, code: 'NP01' },
                organ: id as 'o1',
                minutes: n < 6 ? 60 : null,
              };
            }),
          ),
        ),
      ),
    );
    const view = toldFigures(rawOf(all), months, true);
    expect(counts({ ...view, repeatRequesters: [] })).not.toContain(null);
    expect(view.officerHours).toBe(all.length / 2);
  });
});
