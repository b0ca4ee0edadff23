import type { Translated } from '../../../i18n/catalogue.ts';
import type { en } from './en.ts';

export const zh: Translated<typeof en> = {
  open: '紧急：立即出警',
  title: '紧急用警',
  lead: '先出警。此处为简要记录；申请须在出警后 24 小时内补报。',
  when: '出警时间',
  now: '现在',
  place: '地点',
  purpose: '发生了什么',
  task: '现场任务',
  taskText: '文字说明',
  officers: '民警人数',
  fewer: '减少一名民警',
  more: '增加一名民警',
  oral: '领导口头命令',
  oralHint: '书面文件须在 24 小时内补交，双方均应记录该命令。',
  leader: '领导姓名',
  words: '命令原话',
  said: '下达时间',
  rest: '其他信息（可以后补）',
  organ: '用警单位',
  noDanger: '没有生命危险，也没有正在发生的犯罪',
  send: '登记出警',
  needed: '请填写此项。',
  due: '此后 24 小时内须补报申请。',
  recorded: '已登记。申请须在 24 小时内补报。',
};
