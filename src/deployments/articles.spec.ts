import { deploymentRules } from '../rulebook/deployment-rules.js';
import { chineseNumber, rankOf, wrongArticle } from './articles.js';

const { laws } = deploymentRules;

describe('an article', () => {
  it.each([
    '警察法 6',
    '《中华人民共和国人民警察法》第二十一条第二款',
    '警察法第17条',
    '监察法(2024) 49',
    '民诉法 118',
    'Police Law Art. 6(2)',
    'Article 12 of the Customs Law',
    '大型群众性活动安全管理条例 10',
    '某省养犬管理条例 5',
    '县政府办公室〔2024〕3号通知',
    'Minutes of the county meeting 4',
  ])('is known, or says itself that it is no law: %s', (article) => {
    expect(wrongArticle(article, laws)).toBeUndefined();
  });

  it.each([
    '警察法 53',
    '警察法 999',
    'Police Law 0',
    'Article 7',
    'Law of Gravity 9',
    '武林秘籍 3',
    '',
    '第九百条',
    '监察法第九百九十九条',
  ])('is no law\'s: "%s"', (article) => {
    expect(wrongArticle(article, laws)).toBeDefined();
  });

  it.each([
    ['警察法 6', 'LAW'],
    ['监察法实施条例 5', 'REGULATION'],
    ['信访工作条例 20', 'RULE'],
    ['某省养犬管理条例 5', 'LOCAL'],
    ['县政府会议纪要', 'DOCUMENT'],
  ])('%s ranks as %s', (article, rank) => {
    expect(rankOf(article, laws)).toBe(rank);
  });

  it('may be written in Chinese numerals', () => {
    expect(
      ['六', '十', '十七', '二十一', '一百一十八', '一千二百六十', '二百零五'].map(chineseNumber),
    ).toEqual([6, 10, 17, 21, 118, 1260, 205]);
    expect(chineseNumber('abc')).toBeUndefined();
  });
});
