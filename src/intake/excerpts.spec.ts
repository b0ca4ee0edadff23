import { excerptOf, type Excerpt } from './excerpts.js';

const marked = (excerpt: Excerpt | undefined): string[] =>
  excerpt!.marks.map(({ start, end }) => excerpt!.text.slice(start, end));

describe('an excerpt', () => {
  it('is the whole of a short text, with the words marked wherever they stand', () => {
    const found = excerptOf('A fine is a fine, and no fee.', 'fine');
    expect(found!.text).toBe('A fine is a fine, and no fee.');
    expect(marked(found)).toEqual(['fine', 'fine']);
  });

  it('is cut out around the first place, and says where it was cut', () => {
    const found = excerptOf(`${'a '.repeat(500)}receipt${' b'.repeat(500)}`, 'receipt')!;
    expect(found.text).toMatch(/^….{50}receipt.+…$/);
    expect(found.text.length).toBeLessThanOrEqual(182);
    expect(marked(found)).toEqual(['receipt']);
  });

  it('finds in whatever case, also Chinese and beyond the first plane', () => {
    expect(marked(excerptOf('No RECEIPT given', 'receipt'))).toEqual(['RECEIPT']);
    expect(marked(excerptOf('他们收了五百元，没有开收据。', '收据'))).toEqual(['收据']);
    expect(marked(excerptOf('𠮷'.repeat(60) + '收据', '收据'))).toEqual(['收据']);
    expect(excerptOf('𠮷'.repeat(60) + '收据', '收据')!.text).not.toMatch(/^…[\uDC00-\uDFFF]/);
  });

  it('takes what was typed literally', () => {
    expect(marked(excerptOf('100% (all) of it - really', '% (all)'))).toEqual(['% (all)']);
    expect(excerptOf('abc', 'a.c')).toBeUndefined();
  });

  it('is one line, with its marks in their places', () => {
    const found = excerptOf('first\nsecond\treceipt', 'receipt')!;
    expect(found.text).toBe('first second receipt');
    expect(marked(found)).toEqual(['receipt']);
  });

  it('holds words that are longer than it', () => {
    const words = 'x'.repeat(200);
    expect(marked(excerptOf(`before ${words} after`, words))).toEqual([words]);
  });
});
