import fc from 'fast-check';
import { likeness, searchFor, sharedBy, type AskedWord } from './precedent-words.js';

const TOTAL = 100_000;
const all: AskedWord = { word: '', requests: TOTAL };
const word = fc.record({
  word: fc.stringMatching(/^[a-z'\\:]{1,8}$/),
  requests: fc.integer({ min: 1, max: TOTAL }),
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
      { word: 'circus', requests: 3 },
      { word: 'market', requests: 5000 },
      { word: 'patrol', requests: 8000 },
      { word: 'police', requests: 90_000 },
    ];
    expect(searchFor(asked)).toEqual({ rare: `'circus'`, pairs: `('market' & 'patrol')` });
    expect(searchFor(asked.filter(({ word: one }) => one !== 'circus'))).toEqual({
      rare: '',
      pairs: `('market' & 'patrol')`,
    });
    expect(searchFor([all, { word: 'police', requests: 90_000 }])).toEqual({ rare: '', pairs: '' });
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
    const asked = [all, { word: 'circus', requests: 3 }, { word: 'patrol', requests: 8000 }];
    expect(likeness(asked, ['circus'])).toBeGreaterThan(likeness(asked, ['patrol']));
    expect(
      sharedBy(
        [...asked, { word: 'task:KEEP_ORDER', requests: 9000 }],
        ['patrol', 'circus', 'task:KEEP_ORDER'],
      ),
    ).toEqual({
      words: ['circus', 'patrol'],
      codes: ['KEEP_ORDER'],
    });
  });
});
