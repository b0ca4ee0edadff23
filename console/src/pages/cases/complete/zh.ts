import type { Translated } from '../../../i18n/catalogue.ts';
import type { en } from './en.ts';

export const zh: Translated<typeof en> = {
  complete: '补充线索',
  completeOne: (no) => `补充线索 ${no}`,
  missing: '提交调查报告前尚缺',
  explain: '在已有内容上补充现已查明的情况。只记录您更改的部分，连同理由记入审计链。',
  nothingChanged: '尚未作任何更改。',
  done: '线索已补充。',
};
