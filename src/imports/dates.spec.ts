import fc from 'fast-check';
import { dateReader, formatProblem, isTimeZone } from './dates.js';

const read = (text: string, formats: string | string[], zone = 'UTC') => {
  const date = dateReader([formats].flat(), zone)(text);
  return date && [date.instant.toISOString(), date.day, date.precision];
};

describe('dates of a source', () => {
  it.each([
    ['2016-01-19', 'YYYY-MM-DD', 'UTC', ['2016-01-19T00:00:00.000Z', '2016-01-19', 'DAY']],
    ['2016-01-19', 'YYYY-MM-DD', 'America/New_York', ['2016-01-19T05:00:00.000Z', '2016-01-19', 'DAY']],
    ['2016-07-19', 'YYYY-MM-DD', 'America/New_York', ['2016-07-19T04:00:00.000Z', '2016-07-19', 'DAY']],
    ['3/9/2016', 'M/D/YYYY', 'UTC', ['2016-03-09T00:00:00.000Z', '2016-03-09', 'DAY']],
    ['09.03.2016', 'DD.MM.YYYY', 'UTC', ['2016-03-09T00:00:00.000Z', '2016-03-09', 'DAY']],
    ['2016-03', 'YYYY-MM', 'Asia/Shanghai', ['2016-02-29T16:00:00.000Z', '2016-03-01', 'MONTH']],
    ['20160309', 'YYYYMMDD', 'UTC', ['2016-03-09T00:00:00.000Z', '2016-03-09', 'DAY']],
    ['9-Mar-16', 'D-MMM-YY', 'UTC', ['2016-03-09T00:00:00.000Z', '2016-03-09', 'DAY']],
    ['March 2016', 'MMMM YYYY', 'UTC', ['2016-03-01T00:00:00.000Z', '2016-03-01', 'MONTH']],
    [
      '2016年3月9日',
      'YYYY[年]M[月]D[日]',
      'Asia/Shanghai',
      ['2016-03-08T16:00:00.000Z', '2016-03-09', 'DAY'],
    ],
    ['3/9/2016 12:05 AM', 'M/D/YYYY h:mm A', 'UTC', ['2016-03-09T00:05:00.000Z', '2016-03-09', 'INSTANT']],
    ['3/9/2016 12:05 PM', 'M/D/YYYY h:mm A', 'UTC', ['2016-03-09T12:05:00.000Z', '2016-03-09', 'INSTANT']],
    [
      '2016-03-09T07:08:09.123Z',
      'YYYY-MM-DDTHH:mm:ss.SSSZ',
      'Asia/Shanghai',
      ['2016-03-09T07:08:09.000Z', '2016-03-09', 'INSTANT'],
    ],
    [
      '2016-03-09 07:08:09 +08:00',
      'YYYY-MM-DD HH:mm:ss Z',
      'UTC',
      ['2016-03-08T23:08:09.000Z', '2016-03-09', 'INSTANT'],
    ],
  ])('reads %s as %s in %s', (text, format, zone, expected) => {
    expect(read(text, format, zone)).toEqual(expected);
  });

  it.each([
    ['2017-02-30', 'YYYY-MM-DD'],
    ['2017-13-01', 'YYYY-MM-DD'],
    ['2017-00-10', 'YYYY-MM-DD'],
    ['1/2/2017', 'MM/DD/YYYY'],
    ['2017-01-02 ', 'YYYY-MM-DD'],
    ['2017-01-02x', 'YYYY-MM-DD'],
    ['3/9/2016 13:05 PM', 'M/D/YYYY h:mm A'],
    ['3/9/2016 25:05', 'M/D/YYYY H:mm'],
    ['Foo 2016', 'MMMM YYYY'],
    ['1850-01-01', 'YYYY-MM-DD'],
  ])('refuses %s as %s', (text, format) => expect(read(text, format)).toBeUndefined());

  it('takes the first format that fits', () => {
    const formats = ['YYYY-MM-DD HH:mm:ss', 'YYYY-MM-DD'];
    expect(read('2016-03-09 01:02:03', formats)?.[2]).toBe('INSTANT');
    expect(read('2016-03-09', formats)?.[2]).toBe('DAY');
  });

  it('keeps no more of a date than is wanted', () => {
    const day = dateReader(['YYYY-MM-DD HH:mm:ss'], 'UTC', 'DAY')('2016-03-09 01:02:03');
    expect(day).toMatchObject({ precision: 'DAY', instant: new Date('2016-03-09T00:00:00Z') });
    const month = dateReader(['YYYY-MM-DD'], 'UTC', 'MONTH')('2016-03-09');
    expect(month).toMatchObject({ precision: 'MONTH', day: '2016-03-01' });
  });

  it('knows a clock that is put forward and back', () => {
    const clock = (text: string) => read(text, 'YYYY-MM-DD HH:mm', 'America/Chicago')?.[0];
    expect(clock('2020-03-08 01:59')).toBe('2020-03-08T07:59:00.000Z');
    expect(clock('2020-03-08 03:00')).toBe('2020-03-08T08:00:00.000Z');
    expect(clock('2020-11-01 00:30')).toBe('2020-11-01T05:30:00.000Z');
    expect(clock('2020-11-01 02:00')).toBe('2020-11-01T08:00:00.000Z');
  });

  it('says what is wrong with a format', () => {
    expect(formatProblem('YYYY-MM-DD')).toBeUndefined();
    expect(formatProblem('MM-DD')).toContain('no year');
    expect(formatProblem('YYYY')).toContain('no month');
    expect(formatProblem('YYYY-MM HH:mm')).toContain('no day');
    expect(formatProblem('YYYY-MM-DD YYYY')).toContain('twice');
  });

  it('knows time zones', () => {
    expect([isTimeZone('Asia/Shanghai'), isTimeZone('Middle/Earth')]).toEqual([true, false]);
  });

  it('gives back every existing day that it is given', () => {
    const days = fc.date({ min: new Date('1900-01-01'), max: new Date('2199-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(
        days,
        fc.constantFrom('UTC', 'Asia/Shanghai', 'America/New_York', 'Asia/Kathmandu'),
        (date, zone) => {
          const day = date.toISOString().slice(0, 10);
          const found = dateReader(['YYYY-MM-DD'], zone)(day)!;
          expect(found.day).toBe(day);
          const there = new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(found.instant);
          expect(there).toBe(day);
        },
      ),
    );
  });

  it('never fails on any text', () => {
    const reader = dateReader(['YYYY-MM-DD', 'M/D/YY h:mm A'], 'UTC');
    fc.assert(fc.property(fc.string(), (text) => void reader(text)));
  });
});
