import { parse } from 'csv-parse/sync';
import { aCaseFile, aCaseHistory } from './support/case-history.js';
import { caseCsv, caseListHead, caseListRows } from '../src/exports/case-csv.js';
import { caseJson, JSON_FORMAT } from '../src/exports/case-json.js';

const rows = (text: string): Record<string, string>[] => parse(text, { bom: true, columns: true });

describe('the CSV of one case', () => {
  const history = aCaseHistory();

  it('begins with a byte order mark and has one row for each event', () => {
    const text = [...caseCsv(history)].join('');
    expect(text.startsWith('\uFEFFreference,seq,')).toBe(true);
    expect(rows(text)).toHaveLength(history.events.length);
  });

  it('writes changes and values, nested ones as JSON', () => {
    const all = rows([...caseCsv(history)].join(''));
    expect(all[2]).toMatchObject({
      type: 'case.accept',
      actor: '吴建华 Wu Jianhua',
      role: 'SUPERVISOR',
      values: expect.stringMatching(/^status: REGISTERED -> TRIAGED_ACCEPTED; reason: Within our/),
    });
    expect(all[1]!['values']).toContain('"basisExists":false');
  });

  it('keeps hostile texts from being computed', () => {
    const file = aCaseFile({ reference: '=1+1' });
    const [event] = history.events;
    const hostile = { ...event!, words: '\t=cmd()', actor: { ...event!.actor, name: '＝HYPERLINK("x")' } };
    const [row] = rows([...caseCsv({ ...history, file, events: [hostile] })].join(''));
    expect(row).toMatchObject({ reference: "'=1+1", words: "'=cmd()", actor: '\'＝HYPERLINK("x")' });
  });
});

describe('the CSV of many cases', () => {
  const of = (file = aCaseFile()): Record<string, string>[] =>
    rows(caseListHead() + [...caseListRows(file)].join(''));

  it('has one row for each allegation and subject', () => {
    const all = of();
    expect(all.map((row) => [row['allegation'], row['subjectOfficer'], row['subjectRole']])).toEqual([
      ['1', '李国强 Li Guoqiang #073318', 'PRINCIPAL'],
      ['1', '周敏 Zhou Min #073402', 'PARTICIPANT'],
      ['2', '', 'UNKNOWN'],
    ]);
  });

  it('shows the findings in force and the sanctions of that subject', () => {
    const [principal, participant, unknown] = of();
    expect(principal).toMatchObject({
      recommendedFinding: 'SUBSTANTIATED',
      finalFinding: 'SUBSTANTIATED',
      sanctions: 'MAJOR_DEMERIT SERVED from 2026-05-18 to 2027-11-18',
      decidedOn: '2026-05-18',
    });
    expect(participant!['sanctions']).toBe('');
    expect(unknown).toMatchObject({ recommendedFinding: 'NOT_SUBSTANTIATED', finalFinding: '' });
  });

  it('has a row for a case whose allegations are withheld', () => {
    expect(of(aCaseFile({ allegations: [] }))).toEqual([
      expect.objectContaining({ reference: 'PL-2026-000123', allegation: '', category: '' }),
    ]);
  });
});

describe('the JSON of one case', () => {
  it('is one line that holds the file and every event', () => {
    const history = aCaseHistory();
    const text = [...caseJson(history)].join('');
    expect(text.indexOf('\n')).toBe(text.length - 1);
    const parsed = JSON.parse(text) as Record<string, any>;
    expect(parsed).toMatchObject({ format: JSON_FORMAT, purpose: history.purpose });
    expect(parsed['case']).toEqual(history.file);
    expect(parsed['events']).toEqual(history.events);
  });
});
