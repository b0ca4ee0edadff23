import type { Translated } from '../../i18n/catalogue.ts';
import type { en } from './en.ts';

export const zh: Translated<typeof en> = {
  title: '案件',
  lead: '您可以查看的案件，最新的在前。',
  caption: '案件列表',
  search: '案号或关键词',
  reference: '案号',
  status: '状态',
  category: '类别',
  channel: '渠道',
  organ: '承办单位',
  received: '收到时间',
  decisionDue: '决定期限',
  overdueOnly: '仅显示逾期',
  mineOnly: '由我调查',
  none: '没有对您开放的案件',
  noneHint: '案件在您的单位登记或分配给您后，会出现在这里。',
  waiting: {
    overdue: '超过决定期限的案件',
    triage: '待分流的案件',
    mine: '由您调查的案件',
    review: '待审核的调查报告',
  },
};
