import fc from 'fast-check';
import { isLegalDate } from '../common/validators.js';
import { addMonths } from './periods.js';
import { rulebookOf, rulebookOn, rulebooks } from './rulebook.js';

const day = fc
  .date({ min: new Date('1950-01-01'), max: new Date('2150-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

describe('a period of months', () => {
  it.each([
    ['2026-01-15', 6, '2026-07-15'],
    ['2026-08-31', 6, '2027-02-28'],
    ['2027-08-31', 6, '2028-02-29'],
    ['2026-12-31', 2, '2027-02-28'],
    ['2026-11-30', 24, '2028-11-30'],
  ])('from %s over %i months ends on %s', (from, months, to) => {
    expect(addMonths(from, months)).toBe(to);
  });

  it('ends on a day that exists, later for more months, and never after the same day of the month', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 0, max: 120 }), (from, months) => {
        const end = addMonths(from, months);
        expect(isLegalDate(end)).toBe(true);
        expect(end <= addMonths(from, months + 1)).toBe(true);
        expect(Number(end.slice(8))).toBeLessThanOrEqual(Number(from.slice(8)));
        expect(addMonths(from, 0)).toBe(from);
      }),
    );
  });
});

describe('the rulebooks', () => {
  it('name the article of every rule, and each kind of sanction once in rising grade', () => {
    for (const { investigators, caseDecision, sanctions } of rulebooks) {
      for (const { article, confidence } of [investigators, caseDecision, sanctions]) {
        expect(article).toMatch(/\d/);
        expect(['A', 'B', 'C']).toContain(confidence);
      }
      expect(sanctions.kinds.map(({ grade }) => grade)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(sanctions.kinds.filter(({ months }) => months === null).map(({ code }) => code)).toEqual([
        'DISMISSAL',
      ]);
    }
  });

  it('are found by day and by version', () => {
    expect(rulebookOf(rulebookOn('2026-11-23').version)).toBe(rulebookOn('2026-11-23'));
    expect(() => rulebookOf('no such')).toThrow();
  });
});
