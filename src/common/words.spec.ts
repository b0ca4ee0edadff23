import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { chinese } from './chinese.js';
import { inLanguage, languageIn, listed, said, sentenceOf } from './words.js';

const sources = readdirSync('src', { withFileTypes: true, recursive: true })
  .filter((entry) => entry.isFile() && /(?<!\.spec)\.ts$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name));

/** Each sentence behind `said` in a file. */
function sentencesIn(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  if (!text.includes('said`')) return [];
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === 'said') {
      const { template } = node;
      found.push(
        ts.isNoSubstitutionTemplateLiteral(template)
          ? template.text
          : sentenceOf([template.head.text, ...template.templateSpans.map(({ literal }) => literal.text)]),
      );
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

const holes = (text: string): string[] => [...new Set(text.match(/\{\d\}/g) ?? [])].sort();

describe('the Chinese of what the program says', () => {
  const sentences = new Set(sources.flatMap(sentencesIn));

  it('is there for each sentence, and for none that nobody says', () => {
    expect([...sentences].filter((sentence) => !(sentence in chinese))).toEqual([]);
    expect(Object.keys(chinese).filter((sentence) => !sentences.has(sentence))).toEqual([]);
  });

  it('is Chinese: no word of English in it', () => {
    const latin = Object.entries(chinese).filter(([, zh]) => /[a-z]{3,}/i.test(plain(zh)));
    expect(latin).toEqual([]);
  });

  it('has no value that the English has not', () => {
    const more = Object.entries(chinese).filter(([en, zh]) =>
      holes(zh).some((hole) => !holes(en).includes(hole)),
    );
    expect(more).toEqual([]);
  });
});

/** Without what is written with letters in Chinese too: names of headers, formats and the like, in 「」. */
const plain = (zh: string): string => zh.replaceAll(/「[^」]*」/g, '');

describe('a sentence', () => {
  it('is there in both languages, with values in either', () => {
    expect(said`lead agency: ${'A'}; its basis: ${{ en: 'none', zh: '无' }}; document: ${3}`).toEqual({
      en: 'lead agency: A; its basis: none; document: 3',
      zh: '牵头机关：A；其依据：无；文书：3',
    });
    expect(listed(['A', { en: 'b', zh: '乙' }])).toEqual({ en: 'A, b', zh: 'A、乙' });
  });

  it('takes a value as it is, whatever it holds', () => {
    expect(said`articles: ${'{0} $& {1}'}`.zh).toBe('条款：{0} $& {1}');
  });
});

describe('what is kept in both languages', () => {
  it('is read in one, at any depth; what is kept in one stays', () => {
    const kept = { a: [{ en: 'x', zh: '甲' }], b: { c: { en: 'y', zh: '乙' } }, d: 'z', e: null, f: 1 };
    expect(inLanguage(kept, 'zh')).toEqual({ a: ['甲'], b: { c: '乙' }, d: 'z', e: null, f: 1 });
    expect(inLanguage(kept, 'en')).toEqual({ a: ['x'], b: { c: 'y' }, d: 'z', e: null, f: 1 });
  });
});

describe('the language of a caller', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['zh', 'zh'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
    ['en-GB,en;q=0.9,zh;q=0.8', 'en'],
    ['en;q=0.2, ZH-Hans;q=0.9', 'zh'],
    ['fr, zh;q=0.5', 'zh'],
    ['zh;q=0, en;q=0.1', 'en'],
    ['fr', 'en'],
    ['*', 'en'],
    ['zhuang', 'en'],
    ['zh;q=x', 'zh'],
    [',;,=;q', 'en'],
  ])('%s: %s', (header, language) => {
    expect(languageIn(header)).toBe(language);
  });
});
