import { codes } from './codes.en.ts';
import { names } from './names.en.ts';

/** The facts of all categories in words. `console/test/facts.spec.ts` finds what is missing or left over. */
export const en = { names, codes };
