import fc from 'fast-check';
import { isFarAbove, isOutOfHours, kindsOf, thresholds, type JudgedRead } from './alert-rules.js';
import { mondayOf, sampleSize } from './read-week.job.js';

const aRead = (over: Partial<JudgedRead> = {}): JudgedRead => ({
  type: 'case.read',
  caseId: 'c',
  at: new Date('2026-03-04T10:00:00+08:00'),
  hits: [],
  casesBefore: 1,
  pagesBefore: 1,
  ...over,
});

describe('reading out of hours', () => {
  it.each([
    ['2026-03-04T06:59:59+08:00', true],
    ['2026-03-04T07:00:00+08:00', false],
    ['2026-03-04T20:59:59+08:00', false],
    ['2026-03-04T21:00:00+08:00', true],
    ['2026-03-03T23:30:00Z', false],
    ['2026-03-07T10:00:00+08:00', true],
    ['2026-03-08T10:00:00+08:00', true],
    ['2026-02-17T10:00:00+08:00', true],
    ['2027-10-01T10:00:00+08:00', true],
  ])('%s: %p', (at, out) => {
    expect(isOutOfHours(new Date(at))).toBe(out);
    expect(kindsOf(aRead({ at: new Date(at) }))).toEqual(out ? ['OUT_OF_HOURS'] : []);
  });
});

describe('a read', () => {
  it.each([
    ['of an ordinary day', {}, []],
    ['of so many cases that one can still read', { casesBefore: thresholds.walkCases }, []],
    ['of more cases', { casesBefore: thresholds.walkCases + 1 }, ['LIST_WALKING']],
    ['of more pages', { pagesBefore: thresholds.walkPages + 1 }, ['LIST_WALKING']],
    ['that was denied', { type: 'read.denied' }, ['DENIED']],
    ['of what is not there', { type: 'read.denied', caseId: null }, []],
    ['of oneself', { hits: ['LOOKED_UP_SELF'] }, ['LOOKED_UP_SELF']],
    ['of one’s own sanction', { type: 'sanction.read', hits: ['LOOKED_UP_SELF', 'OWN_UNIT'] }, []],
    ['of a colleague’s sanction', { type: 'sanction.read', hits: ['COLLEAGUE'] }, ['COLLEAGUE']],
  ] as const)('%s', (_what, over, kinds) => {
    expect(kindsOf(aRead(over))).toEqual(kinds);
  });
});

describe('reading more than one’s peers', () => {
  it.each([
    [100, [10, 12, 9, 11, 10], true],
    [25, [10, 10, 10, 10, 10], false],
    [26, [10, 10, 10, 10, 10], true],
    [1000, [10, 12, 9, 11], false],
    [50, [10, 60, 30, 5, 40], false],
  ])('%i against %p: %p', (own, others, far) => {
    expect(isFarAbove(own, others)).toBe(far);
  });

  it('is never less a matter when one reads more', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500)), fc.nat(1000), fc.nat(1000), (others, own, more) => {
        if (isFarAbove(own, others)) expect(isFarAbove(own + more, others)).toBe(true);
      }),
    );
  });
});

describe('a sample', () => {
  it.each([
    [0, 0],
    [7, 7],
    [20, 20],
    [500, 20],
    [2001, 21],
    [10_000, 100],
  ])('of %i reads asks about %i', (reads, asked) => expect(sampleSize(reads)).toBe(asked));

  it.each([
    ['2026-03-02', '2026-03-02'],
    ['2026-03-08', '2026-03-02'],
    ['2026-03-09', '2026-03-09'],
  ])('%s lies in the week of %s', (day, monday) => expect(mondayOf(day)).toBe(monday));
});
