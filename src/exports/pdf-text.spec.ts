import * as fc from 'fast-check';
import PDFDocument from 'pdfkit';
import { fontBytes, fontFiles, linesOf, runsOf, type Face, type Run, type TextStyle } from './pdf-text.js';

const style: TextStyle = { size: 10, color: '#000000' };
const [latin, punctuation, chinese, symbols, tibetan] = [0, 1, 2, 3, 4];

const faces: Face[] = fontFiles.regular.map(({ file, wide }) => {
  // The types hide the font, and nothing else tells which glyphs it has.
  const { _font } = new PDFDocument({ font: '' }).font(fontBytes(file)) as any;
  return { wide, has: (codePoint) => _font.font.hasGlyphForCodePoint(codePoint) };
});

const runs = (text: string): Run[] => runsOf([{ text, style }], () => faces);
const split = (text: string): [string, number][] => runs(text).map(({ text: part, face }) => [part, face]);
const shown = (text: string): string =>
  runs(text)
    .map((run) => run.text)
    .join('');

/** Every character as wide as its size, Latin half as wide. */
const measure = ({ text, face }: Run): number => [...text].length * (face === latin ? 5 : 10);
const lines = (text: string, width: number): string[] =>
  linesOf(runs(text), width, measure).map((line) => line.runs.map((run) => run.text).join(''));

describe('the fonts of a text', () => {
  it('change where the script changes', () => {
    expect(split('Fine 罚款 500 元')).toEqual([
      ['Fine ', latin],
      ['罚款', chinese],
      [' 500 ', latin],
      ['元', chinese],
    ]);
  });

  it('cover names of the peoples of China', () => {
    expect(split('Müller, Łukasz, Владимир')).toEqual([['Müller, Łukasz, Владимир', latin]]);
    expect(split('镕喆堃䶮㛃')).toEqual([['镕喆堃䶮㛃', chinese]]);
    expect(split('ئەنىۋەر مەمەت')).toEqual([['ئەنىۋەر مەمەت', symbols]]);
    expect(split('བཀྲ་ཤིས')).toEqual([['བཀྲ་ཤིས', tibetan]]);
    expect(split('①→※℃')).toEqual([['①→※℃', symbols]]);
  });

  it('set Chinese punctuation as Chinese, and the same signs in Latin as Latin', () => {
    expect(split('说：“好”，走了…')).toEqual([
      ['说', chinese],
      ['：“', punctuation],
      ['好', chinese],
      ['”，', punctuation],
      ['走了', chinese],
      ['…', punctuation],
    ]);
    expect(split('he said “no” – it’s…')).toEqual([['he said “no” – it’s…', latin]]);
  });

  it('keep an accent with its letter', () => {
    expect(split('cafe\u0301')).toEqual([['café', latin]]);
    expect(split('q\u0301')).toHaveLength(1);
  });

  it('leave out what cannot be seen and could deceive', () => {
    expect(shown('invoice\u202Efdp.exe\u202C')).toBe('invoicefdp.exe');
    expect(shown('a\u200Bb\uFEFFc\u00ADd\u2066e\u2069')).toBe('abcde');
  });

  it('name what no font has, and controls', () => {
    expect(shown('𠮷')).toBe('〔U+20BB7〕');
    expect(shown('नी')).toBe('〔U+0928〕〔U+0940〕');
    expect(shown('bell\u0007')).toBe('bell〔U+0007〕');
    expect(shown('half\uD800')).toBe('half〔U+D800〕');
    expect(shown('a\tb')).toBe('a    b');
  });

  it('have every character that they are chosen for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const run of runs(text)) {
          for (const character of run.text)
            expect(faces[run.face]!.has(character.codePointAt(0)!)).toBe(true);
        }
      }),
    );
  });
});

describe('lines', () => {
  it('end between words', () => {
    expect(lines('one two three four', 50)).toEqual(['one two', 'three four']);
  });

  it('end between Chinese characters, but not before a comma or after a bracket', () => {
    expect(lines('一二三四五六七', 30)).toEqual(['一二三', '四五六', '七']);
    expect(lines('一二三，四五', 30)).toEqual(['一二', '三，四', '五']);
    expect(lines('一二（三四', 30)).toEqual(['一二', '（三四']);
  });

  it('keep numbers and dates whole', () => {
    expect(lines('on 2026-03-02 he', 50)).toEqual(['on', '2026-03-02', 'he']);
    expect(lines('well-known way', 25)).toEqual(['well-', 'known', 'way']);
  });

  it('break a word that is longer than the line, and lose none of it', () => {
    expect(lines('x'.repeat(23), 50)).toEqual(['x'.repeat(10), 'x'.repeat(10), 'xxx']);
    expect(
      lines('ab ' + 'x'.repeat(13), 50)
        .join('')
        .replace(' ', ''),
    ).toBe('ab' + 'x'.repeat(13));
  });

  it('show a right-to-left passage in the order in which it is read', () => {
    expect(lines('see شىنجاڭ 12 ئاقسۇ ok', 1000)).toEqual(['see ئاقسۇ 12 شىنجاڭ ok']);
  });

  it('never are wider than asked and never lose a character', () => {
    const text = fc.string({ unit: fc.constantFrom(...'ab -/(（，。罚款元ئە1“”\t') });
    fc.assert(
      fc.property(text, fc.integer({ min: 40, max: 200 }), (value, width) => {
        const set = linesOf(runs(value), width, measure);
        for (const line of set) expect(line.width).toBeLessThanOrEqual(width);
        const letters = (part: string): string => [...part.replaceAll(/\s/g, '')].sort().join('');
        expect(letters(set.flatMap((line) => line.runs.map((run) => run.text)).join(''))).toBe(
          letters(value),
        );
      }),
    );
  });
});
