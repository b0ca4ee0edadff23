import { dutyTest } from './chinese-duty-test.js';

/**
 * The Chinese of each sentence that the program says to people, under the English one: {0} stands for its first value.
 * A sentence that is missing here makes `words.spec.ts` fail, and so does one that nobody says any more.
 */
export const chinese: Readonly<Record<string, string>> = { ...dutyTest };
