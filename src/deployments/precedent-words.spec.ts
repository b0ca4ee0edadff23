import fc from 'fast-check';
import { likeness, searchFor, sharedBy, type AskedWord } from './precedent-words.js';

const TOTAL = 100_000;
const all: AskedWord = { word: '', requests: TOTAL, at: null };
const word = fc.record({
  word: fc.stringMatching(/^[a-z'\\:]{1,8}$/),
  requests: fc.integer({ min: 1, max: TOTAL }),
  at: fc.option(fc.integer({ min: 1, max: 60 })),
});
const words = fc
  .uniqueArray(word, { maxLength: 60, selector: ({ word: one }) => one })
  .map((some) => [all, ...some]);

describe('the search for precedents', () => {
  it('looks at few requests, however common the words are', () => {
    fc.assert(
      fc.property(words, (asked) => {
        const rare = searchFor(asked).rare.split(' | ');
        const singles = asked.filter(
          ({ word: one }) =>
            one !== '' && rare.includes(`'${one.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`),
        );
        expect(singles.reduce((sum, { requests }) => sum + requests, 0)).toBeLessThanOrEqual(400);
      }),
    );
  });

  it('takes rare words alone, common ones in pairs, and those that nearly all have not at all', () => {
    const asked = [
      all,
      { word: 'circus', requests: 3, at: null },
      { word: 'market', requests: 5000, at: null },
      { word: 'patrol', requests: 8000, at: null },
      { word: 'police', requests: 90_000, at: null },
    ];
    expect(searchFor(asked)).toEqual({ rare: `'circus'`, pairs: `('market' & 'patrol')` });
    expect(searchFor(asked.filter(({ word: one }) => one !== 'circus'))).toEqual({
      rare: '',
      pairs: `('market' & 'patrol')`,
    });
    expect(searchFor([all, { word: 'police', requests: 90_000, at: null }])).toEqual({ rare: '', pairs: '' });
  });

  it('does not take two words of one phrase for two, since they always go together', () => {
    const asked = (squad: number, away: number): AskedWord[] => [
      all,
      { word: 'footbal', requests: 2400, at: 1 },
      { word: 'away', requests: 2500, at: away },
      { word: 'squad', requests: 3200, at: squad },
    ];
    expect(searchFor(asked(20, 3)).pairs).toBe(`('footbal' & 'squad')`);
    // All in one phrase: the rarest two are better than nothing.
    expect(searchFor(asked(4, 3)).pairs).toBe(`('footbal' & 'away')`);
    expect(searchFor(asked(20, 12)).pairs).toBe(`('footbal' & 'away')`);
    // English is counted by the word, Chinese by the character.
    const chinese = asked(20, 12).map((one) => (one.word === 'away' ? { ...one, word: '夜市', at: 2 } : one));
    expect(searchFor(chinese).pairs).toBe(`('footbal' & '夜市')`);
  });
});

describe('likeness', () => {
  it('is 1 for all words, 0 for none, and never falls by a word more', () => {
    fc.assert(
      fc.property(words, fc.nat(), (asked, n) => {
        const each = asked.map(({ word: one }) => one).filter((one) => one !== '');
        fc.pre(each.length > 0);
        expect(likeness(asked, [])).toBe(0);
        expect(likeness(asked, each)).toBe(1);
        const some = each.slice(0, n % each.length);
        expect(likeness(asked, [...some, each.at(-1)!])).toBeGreaterThanOrEqual(likeness(asked, some));
      }),
    );
  });

  it('counts a rare word more than a common one', () => {
    const asked = [
      all,
      { word: 'circus', requests: 3, at: null },
      { word: 'patrol', requests: 8000, at: null },
    ];
    expect(likeness(asked, ['circus'])).toBeGreaterThan(likeness(asked, ['patrol']));
    expect(
      sharedBy(
        [...asked, { word: 'task:KEEP_ORDER', requests: 9000, at: null }],
        ['patrol', 'circus', 'task:KEEP_ORDER'],
        'Patrol at the circus',
      ),
    ).toEqual({
      words: ['circus', 'patrol'],
      codes: ['KEEP_ORDER'],
    });
  });

  it.each([
    ['hous', 'Pull families out of the Houses.', 'houses'],
    ['parti', 'Keep order at the party', 'party'],
    ['market', 'markets, the market-place and a MARKET', 'market'],
    // A stem that no word begins with, such as that of "taught", is better than nothing.
    ['teach', 'They taught there', 'teach'],
    ['庙会', '庙会期间维持秩序', '庙会'],
  ])('tells of the shared stem %p as it is written in %p: %p', (stem, text, told) => {
    const asked = [all, { word: stem, requests: 2, at: 1 }];
    expect(sharedBy(asked, [stem], text)).toEqual({ words: [told], codes: [] });
  });
});
