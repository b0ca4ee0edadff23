import type { Words } from '../common/words.js';
import type { Channel } from '../intake/case.entity.js';
import type { CaseStatus } from '../intake/case.states.js';
import type { FindingOutcome } from '../investigations/finding.entity.js';
import { rulebookOf } from '../rulebook/rulebook.js';
import type { SanctionKind, Track } from '../sanctions/sanction.entity.js';

export const statusWords: Readonly<Record<CaseStatus, Words>> = {
  REGISTERED: { en: 'Registered', zh: '已登记' },
  TRIAGED_ACCEPTED: { en: 'Accepted', zh: '已受理' },
  TRANSFERRED: { en: 'Transferred to another organ', zh: '已转送' },
  NOT_ACCEPTED: { en: 'Not accepted', zh: '不予受理' },
  MERGED: { en: 'Merged into another case', zh: '已并案' },
  PRELIMINARY: { en: 'Preliminary inquiry', zh: '初步核实' },
  CLOSED_NO_CASE: { en: 'Closed without a case', zh: '初核了结' },
  FILED: { en: 'Filed', zh: '已立案' },
  INVESTIGATING: { en: 'Under investigation', zh: '调查中' },
  SUSPENDED: { en: 'Suspended', zh: '中止调查' },
  REPORTED: { en: 'Reported', zh: '已报告' },
  NOTICE_SERVED: { en: 'Facts put to the subject', zh: '已告知' },
  DEFENCE_HEARD: { en: 'Defence heard', zh: '已听取陈述申辩' },
  LEGAL_REVIEWED: { en: 'Legally reviewed', zh: '已审理' },
  DELIBERATED: { en: 'Deliberated', zh: '已集体讨论' },
  DECIDED_SANCTION: { en: 'Decided: sanction', zh: '决定给予处分' },
  DECIDED_EXEMPT: { en: 'Decided: no sanction', zh: '决定免予处分' },
  DECIDED_WITHDRAWN: { en: 'Decided: case withdrawn', zh: '决定撤销案件' },
  DECIDED_REFER: { en: 'Decided: referred', zh: '决定移送' },
  SERVED: { en: 'Decision served', zh: '已送达' },
  CLOSED: { en: 'Closed', zh: '已结案' },
  REOPENED: { en: 'Reopened', zh: '重新调查' },
};

export const outcomeWords: Readonly<Record<FindingOutcome, Words>> = {
  SUBSTANTIATED: { en: 'Substantiated', zh: '属实' },
  PARTLY_SUBSTANTIATED: { en: 'Partly substantiated', zh: '部分属实' },
  NOT_SUBSTANTIATED: { en: 'Not substantiated', zh: '查无实据' },
  UNTRUE: { en: 'Untrue', zh: '不属实' },
  LAWFUL_CONDUCT: { en: 'Lawful conduct', zh: '行为合法' },
  MINOR_FLAW: { en: 'Minor flaw', zh: '执法瑕疵' },
  MALICIOUS_REPORT: { en: 'Malicious report', zh: '诬告' },
  REFERRED: { en: 'Referred', zh: '移送' },
  TERMINATED: { en: 'Terminated', zh: '终止' },
};

export const channelWords: Readonly<Record<Channel, Words>> = {
  HOTLINE: { en: 'Hotline', zh: '热线' },
  MAILBOX: { en: 'Mailbox', zh: '信箱' },
  LETTER: { en: 'Letter', zh: '来信' },
  VISIT: { en: 'Visit', zh: '来访' },
  LEADER_RECEPTION: { en: 'Reception by a leader', zh: '领导接访' },
  SUPERVISION_TEAM: { en: 'Supervision team', zh: '督察' },
  PUBLIC_SUPERVISOR: { en: 'Public supervisor', zh: '特邀监督员' },
  WEB: { en: 'Web', zh: '网络' },
  INTERNAL_REPORT: { en: 'Internal report', zh: '内部举报' },
  INSPECTION: { en: 'Inspection', zh: '检查' },
  TRANSFER_IN: { en: 'Transferred in', zh: '移送转入' },
  COURT: { en: 'Court', zh: '法院' },
  MEDIA: { en: 'Media', zh: '媒体' },
  DEPLOYMENT_BREACH: { en: 'Breach of a deployment', zh: '违规用警' },
  IMPORT: { en: 'Taken over from another system', zh: '导入' },
};

export const trackWords: Readonly<Record<Track, Words>> = {
  EMPLOYER_DISCIPLINE: { en: 'Discipline by the employer', zh: '处分' },
  GOV_SANCTION: { en: 'Sanction by the supervisory organ', zh: '政务处分' },
};

/** A kind of sanction and its period, by the rulebook of the case. */
export function sanctionWords(
  kind: SanctionKind,
  rulebookVersion: string,
): Words & { readonly months: number | null } {
  const rule = rulebookOf(rulebookVersion).sanctions.kinds.find(({ code }) => code === kind);
  return { en: wordsOf(kind), zh: rule?.zh ?? '', months: rule?.months ?? null };
}

export const both = ({ en, zh }: Words): string => (zh ? `${en} ${zh}` : en);

/** `FINANCE_DEPARTMENT_UNIFIED` as «Finance department unified». */
export const wordsOf = (code: string): string =>
  sentence(
    code
      .toLowerCase()
      .replaceAll(/[_-]/g, ' ')
      .replace(/\bqr\b/, 'QR'),
  );

/** The name of a field as a label: `receiptNo` as «Receipt number», `reporter.name` as «Reporter: name». */
export const labelOf = (name: string): string =>
  sentence(
    name
      .replaceAll('.', ': ')
      .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .replace(/(?<=.) ids?$/, '')
      .replace(/(^| )no$/, '$1number'),
  );

const sentence = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
