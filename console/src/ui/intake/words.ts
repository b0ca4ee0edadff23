import { catalogue } from '../../i18n/catalogue.ts';
import { en } from './en.ts';
import { zh } from './zh.ts';

export const [useWords, words] = catalogue(en, zh);
export type Words = ReturnType<typeof useWords>;
