import { catalogue } from '../../../i18n/catalogue.ts';
import { en } from './en.ts';
import { zh } from './zh.ts';

/** The texts of the forms, apart from those of the pages. */
export const [useDeedWords] = catalogue(en, zh);
