import Sequencer from '@jest/test-sequencer';

/**
 * What takes minutes, the longest first: begun last, one of them would keep one worker busy alone after all the others.
 * Jest itself only knows what it has run before, which a fresh clone has not.
 */
const LONG = [
  'crash',
  'matrix',
  'one-wall',
  'concurrency',
  'row-level-security',
  'verifiers-agree',
  'bundle-mutations',
  'cli',
  'bundle',
  'sequences',
  'foreign-ids',
  'verifier-page-large',
].map((name) => `/${name}.e2e-spec.ts`);

export default class LongestFirst extends Sequencer {
  async sort(tests) {
    const rank = ({ path }) => {
      const at = LONG.findIndex((name) => path.endsWith(name));
      return at < 0 ? LONG.length : at;
    };
    return (await super.sort(tests)).sort((a, b) => rank(a) - rank(b));
  }
}
