import type { components } from '../api/client.ts';
import { useLanguage, type InEach } from './language.ts';

export type AccountNotice = components['schemas']['NoticeView'];

const resets: InEach<Readonly<Record<AccountNotice['status'], string>>> = {
  en: {
    PROPOSED:
      'An administrator proposed to remove your second factors. If you did not ask for it, refuse it now.',
    CONFIRMED:
      'Two administrators want to remove your second factors. If you did not ask for it, refuse it now.',
    DONE: 'Your second factors were removed by two administrators, and your sessions were ended. Add new ones.',
    REFUSED: 'It was proposed to remove your second factors, and refused. They are as they were.',
  },
  zh: {
    PROPOSED: '有管理员提议移除您的第二验证因素。如非您本人要求，请立即拒绝。',
    CONFIRMED: '两名管理员要移除您的第二验证因素。如非您本人要求，请立即拒绝。',
    DONE: '两名管理员已移除您的第二验证因素，您的会话已结束。请重新添加。',
    REFUSED: '有人提议移除您的第二验证因素，已被拒绝，您的验证因素保持不变。',
  },
};

const passwords: InEach<Readonly<Record<'PASSWORD_CHANGED' | 'PASSWORD_SET', string>>> = {
  en: {
    PASSWORD_CHANGED:
      'Your password was changed from your own account, and your other sessions were ended. If it was not you, tell an administrator now.',
    PASSWORD_SET:
      'An administrator set a new password for you, and your sessions were ended. If you did not ask for it, tell another administrator now.',
  },
  zh: {
    PASSWORD_CHANGED: '您的密码已通过您本人的账户修改，其他会话已结束。如非您本人操作，请立即告知管理员。',
    PASSWORD_SET: '管理员为您设置了新密码，您的会话已结束。如非您本人要求，请立即告知另一名管理员。',
  },
};

/** What happened to one's account, in words. */
export function useNoticeWords(): (notice: AccountNotice) => string {
  const language = useLanguage();
  return ({ kind, status }) =>
    kind === 'SECOND_FACTOR_RESET' ? resets[language][status] : passwords[language][kind];
}

/** Whether its owner can still refuse it. */
export const isRefusable = ({ status, resetId }: AccountNotice): boolean =>
  resetId !== null && (status === 'PROPOSED' || status === 'CONFIRMED');

export const keyOfNotice = ({ kind, resetId, proposedAt }: AccountNotice): string =>
  `${kind} ${resetId ?? ''} ${proposedAt}`;
