import type { Translated } from '../catalogue.ts';
import { codes } from './codes.zh.ts';
import type { en } from './en.ts';
import { names } from './names.zh.ts';

export const zh: Translated<typeof en> = { names, codes };
