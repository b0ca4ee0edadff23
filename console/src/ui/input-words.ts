import { catalogue, type Translated } from '../i18n/catalogue.ts';

/** What is said beside a field about what was typed or pasted into it; the registration of a case says the same. */
export const en = {
  strays: (count: number) =>
    count === 1
      ? 'There is 1 invisible character in it that no text wants, such as a control character or a mark that turns the direction of writing. It came with what was pasted.'
      : `There are ${count} invisible characters in it that no text wants, such as control characters or marks that turn the direction of writing. They came with what was pasted.`,
  tooLong: (over: number, max: number) =>
    `It is ${over} ${over === 1 ? 'character' : 'characters'} too long; ${max} are possible. Nothing was cut off.`,
  takeOut: 'Take these characters out',
  half: 'This is not a whole day or time yet, or there is no such day. Complete it, or clear the field.',
  discard: 'Discard what you typed?',
  discardHint: 'It was not sent, and nothing keeps it when this dialog closes.',
  keep: 'Keep it',
  discardIt: 'Discard it',
};

export const zh: Translated<typeof en> = {
  strays: (count) => `其中有 ${count} 个不可见字符，例如控制字符或者改变书写方向的标记，是随粘贴内容带入的。`,
  tooLong: (over, max) => `超出 ${over} 个字符，最多 ${max} 个。内容没有被截断。`,
  takeOut: '清除这些字符',
  half: '日期或者时间不完整，或者没有这一天。请填写完整，或者清空此项。',
  discard: '放弃已输入的内容吗？',
  discardHint: '内容尚未提交，关闭对话框后不会保留。',
  keep: '保留',
  discardIt: '放弃',
};

export const [useInputWords] = catalogue(en, zh);
