import fc from 'fast-check';
import { legalDay } from './clock.js';
import { DomainError } from './errors.js';
import { isId, newId } from './ids.js';
import { fromHundredths, hundredths, sumMoney } from './money.dto.js';
import { decodeCursor, encodeCursor, toPage } from './pages.js';
import { containing, unstorable } from './text.js';
import { isInstant, isLegalDate } from './validators.js';
import { checkVersion } from './versions.js';

describe('dates of law', () => {
  it.each(['2026-02-28', '2028-02-29', '1900-01-01', '2199-12-31'])('%s is one', (day) => {
    expect(isLegalDate(day)).toBe(true);
  });
  it.each([
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-1-1',
    '1899-12-31',
    '2026-02-28T00:00:00Z',
    '',
    20260101,
    null,
  ])('%p is none', (day) => {
    expect(isLegalDate(day)).toBe(false);
  });
  it('begin and end in China, whatever the zone of the machine', () => {
    expect(legalDay(new Date('2026-03-01T15:59:59Z'))).toBe('2026-03-01');
    expect(legalDay(new Date('2026-03-01T16:00:00Z'))).toBe('2026-03-02');
  });
});

describe('instants', () => {
  it.each(['2026-03-02T09:15:00+08:00', '2026-03-02T09:15:00.123Z', '2026-12-31T23:59:59-11:30'])(
    '%s is one',
    (at) => {
      expect(isInstant(at)).toBe(true);
    },
  );
  it.each([
    '2026-02-30T09:15:00Z',
    '2026-03-02T24:00:00Z',
    '2026-03-02T09:15:00',
    '2026-03-02T09:15Z',
    '2026-03-02',
    'now',
  ])('%s is none', (at) => {
    expect(isInstant(at)).toBe(false);
  });
});

describe('money', () => {
  const amount = fc
    .tuple(fc.nat(1_000_000_000), fc.nat(99))
    .map(([whole, cents]) => `${whole}.${String(cents).padStart(2, '0')}`);
  it('adds up to the hundredth, in any order', () => {
    fc.assert(
      fc.property(fc.array(amount, { minLength: 1 }), (amounts) => {
        const money = amounts.map((text) => ({ amount: text, currency: 'CNY' }));
        const [total] = sumMoney(money);
        expect(sumMoney(money.toReversed())).toEqual([total]);
        expect(hundredths(total!)).toBe(money.reduce((sum, one) => sum + hundredths(one), 0n));
        expect(fromHundredths(hundredths(total!), 'CNY')).toEqual(total);
      }),
    );
  });
  it('keeps currencies apart', () => {
    expect(
      sumMoney([
        { amount: '1', currency: 'CNY' },
        { amount: '2.5', currency: 'USD' },
      ]),
    ).toEqual([
      { amount: '1.00', currency: 'CNY' },
      { amount: '2.50', currency: 'USD' },
    ]);
  });
});

describe('texts', () => {
  it('with half a character or a NUL cannot be stored, all others can', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(unstorable(text) === undefined).toBe(text.isWellFormed() && !text.includes('\0'));
      }),
    );
    expect(unstorable('ok\ud83d')).toContain('position 2');
    expect(unstorable('😀 字')).toBeUndefined();
  });
  it('are searched for as they stand', () => {
    expect(containing('50%_\\')).toBe('%50\\%\\_\\\\%');
  });
});

describe('pages', () => {
  it('cursors come back as they were, and others are refused', () => {
    expect(decodeCursor(encodeCursor(['a', 'b']), [() => true, () => true])).toEqual(['a', 'b']);
    expect(decodeCursor(undefined, [])).toBeUndefined();
    for (const bad of ['', 'x', encodeCursor(['a']), Buffer.from('{"a":1}').toString('base64url')]) {
      expect(() => decodeCursor(bad, [() => true, () => true])).toThrow(DomainError);
    }
    expect(() => decodeCursor(encodeCursor(['a', 'b']), [() => true, isId])).toThrow(DomainError);
  });
  it('end with a cursor only when there is more', () => {
    const page = (rows: number[]) =>
      toPage(
        rows,
        2,
        (n) => [String(n)],
        (n) => n,
      );
    expect(page([1, 2])).toEqual({ items: [1, 2], nextCursor: null });
    expect(page([1, 2, 3])).toEqual({ items: [1, 2], nextCursor: encodeCursor(['2']) });
  });
});

it('ids are UUIDs that rise', () => {
  const ids = Array.from({ length: 1000 }, newId);
  expect(ids.every(isId)).toBe(true);
  expect([...ids].sort()).toEqual(ids);
});

it('a version that is not the present one is refused', () => {
  expect(() => checkVersion({ version: 2 }, 2)).not.toThrow();
  expect(() => checkVersion({ version: 2 }, 1)).toThrow(expect.objectContaining({ status: 412 }));
});
