import { moneyText, Readable, timeText } from './readable.js';
import { labelOf, wordsOf } from './words.js';

const officer = '019cac00-0000-7000-8000-00000000001f';
const readable = new Readable(new Map([[officer, '李国强 #073318']]));
const text = (value: unknown): string[] =>
  readable.paragraphs(value).map((parts) => parts.map((part) => part.text).join(''));

describe('values for people', () => {
  it('show instants on the clocks of the legal time zone, with the offset', () => {
    expect(timeText('2026-03-02T01:15:00.000Z')).toBe('2026-03-02 09:15:00 +08:00');
    expect(timeText('2026-02-27T23:30:00-05:00')).toBe('2026-02-28 12:30:00 +08:00');
    expect(timeText('1988-07-01T00:00:00Z')).toBe('1988-07-01 09:00:00 +09:00');
  });

  it('group the digits of money', () => {
    expect(moneyText({ amount: '1234567.50', currency: 'CNY' })).toBe('1,234,567.50 CNY');
    expect(moneyText({ amount: '500', currency: 'CNY' })).toBe('500 CNY');
  });

  it('show codes in words and leave the texts of people alone', () => {
    expect(text('FINANCE_DEPARTMENT_UNIFIED')).toEqual(['Finance department unified']);
    expect(text(['QR_CODE', 'CASH'])).toEqual(['QR code, Cash']);
    expect(text('SHOUTED')).toEqual(['SHOUTED']);
    expect(text('NG-0031')).toEqual(['NG-0031']);
    expect(text('two\nlines')).toEqual(['two', 'lines']);
  });

  it('show ids as what they stand for', () => {
    expect(text(officer)).toEqual(['李国强 #073318']);
    expect(text('019cac00-0000-7000-8000-0000000000ff')).toEqual(['019cac00-0000-7000-8000-0000000000ff']);
  });

  it('number the entries of a list and name their members', () => {
    const payers = [
      { person: { name: '王桂兰' }, amount: { amount: '500.00', currency: 'CNY' }, receiptNo: null },
      { person: { name: '马德福', organisation: '水果店' }, method: 'CASH' },
    ];
    expect(text(payers)).toEqual([
      '1.  Person 王桂兰  ·  Amount 500.00 CNY',
      '2.  Person (Name 马德福  ·  Organisation 水果店)  ·  Method Cash',
    ]);
  });

  it('show a change from what to what', () => {
    expect(text({ from: null, to: '2026-03-16' })).toEqual(['none → 2026-03-16']);
    expect(text({ from: true, to: false })).toEqual(['Yes → No']);
    expect(text({ from: 'a'.repeat(60), to: 'b'.repeat(60) })).toEqual([
      `from  ${'a'.repeat(60)}`,
      `to  ${'b'.repeat(60)}`,
    ]);
  });

  it('tell withheld from empty', () => {
    expect(readable.text({ $redacted: 'reporter' })).toBe('withheld (reporter)');
    expect(readable.text(null)).toBe('–');
  });
});

describe('labels', () => {
  it.each([
    ['receiptIssuer', 'Receipt issuer'],
    ['receiptNo', 'Receipt number'],
    ['officerId', 'Officer'],
    ['no', 'Number'],
    ['reporter.name', 'Reporter: name'],
    ['casino', 'Casino'],
    ['paid', 'Paid'],
  ])('%s is %s', (name, label) => {
    expect(labelOf(name)).toBe(label);
  });

  it('make words of codes and deeds', () => {
    expect(wordsOf('MAJOR_DEMERIT')).toBe('Major demerit');
    expect(wordsOf('start-preliminary')).toBe('Start preliminary');
  });
});
