import oracle from 'canonicalize';
import fc from 'fast-check';
import { canonical } from './canonical.js';

const key = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,10}$/).filter((name) => name !== '__proto__');
const text = fc.string({ unit: 'binary' }).filter((s) => !s.includes('\0') && s.isWellFormed());
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger().map((n) => (Object.is(n, -0) ? 0 : n)),
    text,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  ),
})).value;

describe('the canonical form', () => {
  it('is that of RFC 8785 for everything that it accepts', () => {
    fc.assert(
      fc.property(value, (v) => {
        expect(canonical(v)).toBe(oracle(v));
      }),
      { numRuns: 2000 },
    );
  });

  it('is read back and written again to the same bytes', () => {
    fc.assert(fc.property(value, (v) => expect(canonical(JSON.parse(canonical(v)))).toBe(canonical(v))));
  });

  it.each([
    ['a float', 1.5],
    ['an unsafe integer', 2 ** 53],
    ['negative zero', -0],
    ['NaN', NaN],
    ['undefined in an object', { a: undefined }],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['bytes', Buffer.from('x')],
    ['a function', { a: () => 1 }],
    ['a symbol', Symbol('x')],
    ['a big integer', 1n],
    ['a lone surrogate', '\ud800'],
    ['a NUL character', 'a\0b'],
    ['a key with a space', { 'a b': 1 }],
    ['an empty key', { '': 1 }],
    ['a symbol as key', { [Symbol('x')]: 1 }],
    ['a hole in an array', [, 1]], // eslint-disable-line no-sparse-arrays -- the hole is the case under test
    ['too deep a nesting', [[[[[[[[[[1]]]]]]]]]]],
  ])('refuses %s', (_what, bad) => {
    expect(() => canonical(bad)).toThrow(TypeError);
  });

  it('names the place that it refuses', () => {
    expect(() => canonical({ a: [1, { b: 0.5 }] })).toThrow('$.a[1].b');
  });
});
