import { findingsByCode, findingText } from '../src/pages/deployments/findings.js';

const np = {
  code: 'NP01',
  where: 'purpose',
  message: 'the right door: the county',
  article: '征收与补偿条例 27',
};
const missing = { code: 'MISSING', where: 'law.duties', text: '' };

describe('the warnings of a duty test on a page', () => {
  const found = findingsByCode([
    { ...np, text: 'demolition' },
    { ...missing, message: 'no duty is claimed' },
    { ...np, where: 'tasks[0].text', text: 'clear the houses' },
    { ...np, where: 'tasks[1].text', text: 'demolition' },
    { ...missing, message: 'no law is named' },
  ]);
  const texts = (code: string) => found.get(code)!.map(findingText);

  it('say once what several say alike, with each of the words that hit', () => {
    expect(texts('NP01')).toEqual([
      '“demolition”, “clear the houses”: the right door: the county (征收与补偿条例 27)',
    ]);
  });

  it('keep apart what says something else under the same code, in the order of the test', () => {
    expect([...found.keys()]).toEqual(['NP01', 'MISSING']);
    expect(texts('MISSING')).toEqual(['no duty is claimed', 'no law is named']);
  });
});
