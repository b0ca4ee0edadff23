import { catalogue } from '../../../i18n/catalogue.ts';
import { en } from './en.ts';
import { zh } from './zh.ts';

/** The texts of what is completed in a case, apart from those of the pages. */
export const [useCompleteWords] = catalogue(en, zh);
