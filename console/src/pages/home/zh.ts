import type { Translated } from '../../i18n/catalogue.ts';
import type { en } from './en.ts';

export const zh: Translated<typeof en> = {
  title: '待办事项',
  rolesIn: '您的角色',
  noRoles: '您今日没有有效角色，请联系管理员授予。',
  waiting: '待办',
  urgency: { overdue: '已逾期', soon: '即将到期', waiting: '待处理' },
  nothing: '暂无待办事项',
  nothingHint: '新的工作会在这里出现。',
  notCounted: (lines: readonly string[]) => `未能统计：${lines.join('；')}。`,
  notices: '须知',
  toAccount: '前往我的账户',
};
