import type { Law } from '../rulebook/deployment-rules.js';

/** What kind of paper a cited basis is. Only the first two name a duty of the police. */
export type Rank = 'LAW' | 'REGULATION' | 'RULE' | 'LOCAL' | 'DOCUMENT';

const NUMERALS = '零一二三四五六七八九';

/** The value of 一百一十八; undefined for what is no numeral. */
export function chineseNumber(text: string): number | undefined {
  let [total, digit] = [0, 0];
  for (const character of text.replaceAll('〇', '零').replaceAll('两', '二')) {
    const unit = { 十: 10, 百: 100, 千: 1000 }[character];
    if (unit !== undefined) {
      total += (digit || 1) * unit;
      digit = 0;
    } else {
      digit = NUMERALS.indexOf(character);
      if (digit < 0) return undefined;
    }
  }
  return total + digit;
}

const LOCAL =
  /(省|自治区|市|县|区|州|旗).{0,30}(条例|办法|规定|规则)|\b(province|provincial|municipal|city|county|local)\b/i;
const DOCUMENT =
  /通知|纪要|方案|文件|批示|指示|意见|函|通告|公告|决定|指挥部|会议|预案|号文|〔\d{4}〕|裁定|判决|\b(notice|minutes|circular|plan|instruction|letter|document|memo|opinion|decision|scheme|order no|ruling|judgment)\b/i;
const CHINESE_NAME = /(法|条例|规定|办法|规则|解释)/;

const plain = (article: string): string =>
  article
    .normalize('NFKC')
    .replace(/[《》<>]/g, '')
    .replaceAll('中华人民共和国', '')
    .trim();

/** The law that is named; the longest name counts, so that the Supervision Law's rules are not the law itself. */
function lawNamed(article: string, laws: readonly Law[]): Law | undefined {
  const text = plain(article);
  const lower = text.toLowerCase();
  const names = laws.flatMap((law) => [
    ...law.names.filter((name) => text.includes(name)).map((name) => ({ law, length: name.length * 3 })),
    ...law.also
      .filter((name) => lower.includes(name.toLowerCase()))
      .map((name) => ({ law, length: name.length })),
  ]);
  return names.sort((a, b) => b.length - a.length)[0]?.law;
}

/** The number of the article, if there is one; years in brackets are none. */
function articleNumber(article: string): number | undefined {
  const text = plain(article)
    .replace(/[（(〔[]\s*\d{4}\s*[)）〕\]]/g, ' ')
    .replace(/\b(19|20)\d{2}\b/g, ' ');
  const chinese = /第([零〇一二两三四五六七八九十百千]+)条/.exec(text)?.[1];
  if (chinese) return chineseNumber(chinese);
  const digits = /第?\s*(\d+)/.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Whether a text cites that article, such as `消防法 53`, in whichever language and numerals. */
export function isArticle(text: string, article: string, laws: readonly Law[]): boolean {
  const law = lawNamed(article, laws);
  return law !== undefined && lawNamed(text, laws) === law && articleNumber(text) === articleNumber(article);
}

export function rankOf(article: string, laws: readonly Law[]): Rank {
  const law = lawNamed(article, laws);
  if (law) return law.rank;
  return LOCAL.test(article) && !DOCUMENT.test(article) ? 'LOCAL' : 'DOCUMENT';
}

/** Why this is the article of no law; undefined when it is one, or a local rule or document that names itself. */
export function wrongArticle(article: string, laws: readonly Law[]): string | undefined {
  const law = lawNamed(article, laws);
  const number = articleNumber(article);
  if (law) {
    return number !== undefined && (number < 1 || number > law.articles)
      ? `${law.names[0]!} has no article ${number}: it ends with ${law.articles}`
      : undefined;
  }
  if (DOCUMENT.test(article)) return undefined;
  if (
    LOCAL.test(article) &&
    (CHINESE_NAME.test(article) || /regulation|rule|measure|ordinance/i.test(article))
  )
    return undefined;
  return 'it is the article of no law that the rulebook knows; name the law and the number, such as 警察法 6';
}
