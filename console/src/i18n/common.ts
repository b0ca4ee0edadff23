import { catalogue } from './catalogue.ts';
import { en } from './common.en.ts';
import { zh } from './common.zh.ts';

/** The texts that every area uses. */
export const [useCommonWords, commonWords] = catalogue(en, zh);
