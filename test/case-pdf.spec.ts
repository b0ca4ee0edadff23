import { spawnSync } from 'node:child_process';
import { inflateSync } from 'node:zlib';
import { aCaseFile, aCaseHistory } from './support/case-history.js';
import type { CaseHistory } from '../src/casefiles/dto/case-file.view.js';
import { casePdf } from '../src/exports/case-pdf.js';

async function rendered(history: CaseHistory): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of casePdf(history)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What the streams of a PDF hold, unpacked. */
function streamsIn(pdf: Buffer): string[] {
  const text = pdf.toString('latin1');
  return [...text.matchAll(/\/Filter \/FlateDecode\n>>\nstream\n/g)].map(({ index, 0: head }) => {
    const start = index + head.length;
    return inflateSync(pdf.subarray(start, text.indexOf('\nendstream', start))).toString('latin1');
  });
}

/** The text of each page, by the fonts' own tables from glyphs to characters. */
function pagesOf(pdf: Buffer): string[] {
  const text = pdf.toString('latin1');
  const object = (id: string): string =>
    new RegExp(`(?:^|\\n)${id} 0 obj\\n([\\s\\S]*?)\\nendobj`).exec(text)?.[1] ?? '';
  const streamOf = (id: string): string => {
    const body = object(id);
    const start = body.indexOf('stream\n') + 7;
    return inflateSync(Buffer.from(body.slice(start, body.lastIndexOf('\nendstream')), 'latin1')).toString(
      'latin1',
    );
  };
  const tables = new Map<string, Map<string, string>>();
  for (const [, name, id] of text.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
    if (tables.has(name!)) continue;
    const [, unicode] = /\/ToUnicode (\d+) 0 R/.exec(object(id!)) ?? [];
    if (!unicode) continue;
    const table = new Map<string, string>();
    for (const [, first, list] of streamOf(unicode).matchAll(/<(\w{4})> <\w{4}> \[(.*?)\]/g)) {
      [...list!.matchAll(/<([\w ]*)>/g)].forEach(([, codes], i) => {
        const units = codes!.split(' ').map((code) => parseInt(code, 16));
        table.set((parseInt(first!, 16) + i).toString(16).padStart(4, '0'), String.fromCharCode(...units));
      });
    }
    tables.set(name!, table);
  }
  const kids = /\/Kids \[(.*?)\]/.exec(text)![1]!;
  return [...kids.matchAll(/(\d+) 0 R/g)].map(([, id]) => {
    const [, contents] = /\/Contents (\d+) 0 R/.exec(object(id!))!;
    return [...streamOf(contents!).matchAll(/\/(F\d+) [\d.]+ Tf 1 0 0 1 [\d.]+ [\d.]+ Tm \[(.*?)\] TJ/g)]
      .map(([, font, shown]) =>
        [...shown!.matchAll(/<(\w+)>/g)]
          .flatMap(([, glyphs]) => glyphs!.match(/.{4}/g) ?? [])
          .map((glyph) => tables.get(font!)?.get(glyph) ?? '\uFFFD')
          .join(''),
      )
      .join('');
  });
}

const found = spawnSync('pdftotext', ['-v']).error === undefined;

describe('the PDF of a case', () => {
  let pdf: Buffer;
  let pages: string[];
  let all: string;

  beforeAll(async () => {
    pdf = await rendered(aCaseHistory());
    pages = pagesOf(pdf);
    all = pages.join('\n');
  });

  it('shows on page one what it is, who took it and what for', () => {
    expect(pages[0]).toContain('PL-2026-000123');
    expect(pages[0]).toContain('Decision served 已送达');
    expect(pages[0]).toContain('Lantian County Public Security Bureau 蓝田县公安局');
    expect(pages[0]).toContain('2026-05-25 14:30:12 +08:00');
    expect(pages[0]).toContain('韩梅 Han Mei');
    expect(pages[0]).toContain('应省纪检监察机关五月二十日');
  });

  it.each([
    ['the statement, Chinese and Latin', '两名穿警服的人说我“占道经营”，要罚五百元。'],
    ['a withheld name as withheld', 'Withheld: reporter'],
    ['the category in both languages', 'Allegation 1:  Arbitrary fine or fee 乱罚款、乱收费'],
    ['nested facts with money', 'Amount 1,300.00 CNY'],
    ['computed facts', 'Overchargecomputed2,300.00 CNY'],
    ['what is still open', 'Decided by; Witnesses 1, name'],
    ['the finding', 'Substantiated 属实'],
    ['the finding that it superseded', 'Partly substantiated 部分属实'],
    ['the sanction in both languages', 'Major demerit 记大过:  李国强 Li Guoqiang #073318'],
    ['its period', '18 months'],
    ['its dates', '2026-05-18 to 2027-11-18'],
    ['its articles', '行政处罚法 79; 政务处分法 36'],
    ['every event, its own export among them', 'History of the case exported'],
    ['who did it in which role', '赵立新 Zhao Lixin, decision maker'],
    ['what changed', 'Preliminary inquiry → Filed'],
    ['the beginning of the leaf', aCaseHistory().events[3]!.proof.leaf.slice(0, 16)],
    ['what the document is not', 'It is not evidence by itself'],
  ])('has %s', (_, text) => {
    expect(all).toContain(text);
  });

  it('numbers its pages', () => {
    pages.forEach((page, i) => expect(page).toContain(`Page ${i + 1} of`));
    expect(pages.length).toBeGreaterThan(4);
    // The total is one drawing that every page shows.
    expect(streamsIn(pdf).filter((stream) => stream.includes('/Total Do'))).toHaveLength(pages.length);
  });

  it('repeats the reference on every page', () => {
    for (const page of pages) expect(page).toContain('PL-2026-000123');
  });

  it('has every font inside, a language and a title', () => {
    const text = pdf.toString('latin1');
    expect(text).toContain('/Lang (en)');
    expect(text).toContain('<pdfaid:part>2</pdfaid:part>');
    expect(text).toContain('/Title (');
    expect(text.match(/\/FontFile[23]? /g)!.length).toBe(text.match(/\/Type \/FontDescriptor/g)!.length);
    expect(text).not.toContain('/Helvetica');
  });

  it('lets another program read the same texts', () => {
    if (!found) return;
    const { stdout } = spawnSync('pdftotext', ['-', '-'], { input: pdf, encoding: 'utf8' });
    expect(stdout).toContain(`Page ${pages.length} of ${pages.length}`);
    expect(stdout).toContain('收款二维码均为李国强个人账户，三名缴款人陈述、');
  });

  it('survives hostile and endless texts', async () => {
    const hostile = `${'x'.repeat(3000)} \u202E\u0000\u0007\u200B\uD800 𠮷 हिन्दी བཀྲ་ཤིས ئۇيغۇر\r\n\u2028${'长'.repeat(20_000)}`;
    const [first] = aCaseFile().allegations;
    const allegation = {
      ...first!,
      place: hostile,
      facts: { consequenceText: hostile, [hostile.slice(0, 200)]: hostile },
    };
    const file = aCaseFile({
      statement: hostile,
      organ: hostile.slice(0, 300),
      allegations: [allegation],
    });
    const set = pagesOf(await rendered({ ...aCaseHistory({}, 2), file, purpose: hostile.slice(0, 500) }));
    expect(set.join('').match(/长/g)!.length).toBeGreaterThanOrEqual(60_000);
    expect(set.join('')).not.toContain('\uFFFD');
  });

  it('says what a reader may not see, and that an anonymous reporter has no name', async () => {
    const redacted = ['statement', 'allegations', 'people', 'procedure', 'sanctions', 'reporterIdentity'];
    const hidden = {
      allegations: [],
      investigators: [],
      sanctions: [],
      deeds: [],
      statement: null,
      redacted,
    };
    const withheld = pagesOf(await rendered(aCaseHistory(hidden, 0))).join('');
    for (const what of ['statement', 'allegations, people', 'procedure', 'sanctions']) {
      expect(withheld).toContain(`Withheld: ${what}`);
    }
    const reporter = {
      kind: 'ANONYMOUS',
      name: { $redacted: 'reporter' },
      contact: { $redacted: 'reporter' },
    };
    expect(pagesOf(await rendered(aCaseHistory({ reporter }, 0))).join('')).toContain(
      'None: reported anonymously',
    );
  });

  it('leaves in pieces, and holds no more than a page of a long history', async () => {
    let pieces = 0;
    let largest = 0;
    for await (const piece of casePdf(aCaseHistory({}, 300))) {
      pieces++;
      largest = Math.max(largest, piece.length);
    }
    expect(pieces).toBeGreaterThan(30);
    expect(largest).toBeLessThan(400_000);
  });
});
