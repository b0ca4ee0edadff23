import type { components } from '../api/client.ts';
import { useLanguage, type InEach, type Language } from './language.ts';

type Schemas = components['schemas'];
export type CaseStatus = Schemas['CaseHeaderView']['status'];
export type Channel = Schemas['CaseHeaderView']['channel'];
export type Category = Schemas['CaseHeaderView']['categories'][number];
export type ReporterKind = Schemas['CaseHeaderView']['reporterKind'];
export type Role = Schemas['GrantInForceView']['role'];
export type CaseDeed = Schemas['CaseFileView']['allowed'][number];
export type ProofKind = NonNullable<Schemas['OwnSessionView']['steppedUpWith']>;

/** Words for codes of the interface: complete by type, so a new code does not compile until it has words. */
type Codes<C extends string> = InEach<Readonly<Record<C, string>>>;

const caseStatus: Codes<CaseStatus> = {
  en: {
    REGISTERED: 'Registered',
    TRIAGED_ACCEPTED: 'Accepted',
    TRANSFERRED: 'Transferred',
    NOT_ACCEPTED: 'Not accepted',
    MERGED: 'Merged',
    PRELIMINARY: 'Preliminary check',
    CLOSED_NO_CASE: 'Closed without case',
    FILED: 'Filed',
    INVESTIGATING: 'Investigating',
    SUSPENDED: 'Suspended',
    REPORTED: 'Reported',
    NOTICE_SERVED: 'Notice served',
    DEFENCE_HEARD: 'Defence heard',
    LEGAL_REVIEWED: 'Legally reviewed',
    DELIBERATED: 'Deliberated',
    DECIDED_SANCTION: 'Decided: sanction',
    DECIDED_EXEMPT: 'Decided: exempt',
    DECIDED_WITHDRAWN: 'Decided: withdrawn',
    DECIDED_REFER: 'Decided: referred',
    SERVED: 'Decision served',
    CLOSED: 'Closed',
    REOPENED: 'Reopened',
  },
  zh: {
    REGISTERED: '已登记',
    TRIAGED_ACCEPTED: '已受理',
    TRANSFERRED: '已移送',
    NOT_ACCEPTED: '不予受理',
    MERGED: '已并案',
    PRELIMINARY: '初步核实',
    CLOSED_NO_CASE: '不予立案',
    FILED: '已立案',
    INVESTIGATING: '调查中',
    SUSPENDED: '中止调查',
    REPORTED: '已提交调查报告',
    NOTICE_SERVED: '已告知',
    DEFENCE_HEARD: '已听取申辩',
    LEGAL_REVIEWED: '已法制审核',
    DELIBERATED: '已集体讨论',
    DECIDED_SANCTION: '决定：处分',
    DECIDED_EXEMPT: '决定：免予处分',
    DECIDED_WITHDRAWN: '决定：撤销案件',
    DECIDED_REFER: '决定：移送',
    SERVED: '决定已送达',
    CLOSED: '已结案',
    REOPENED: '重新调查',
  },
};

const category: Codes<Category> = {
  en: {
    COERCED_CONFESSION: 'Coerced confession',
    ARBITRARY_FINE: 'Arbitrary fine or charge',
    FAVOUR_CASE: 'Favour case',
    NON_POLICE_DEPLOYMENT: 'Non-police deployment',
    MONEY_CASE: 'Money case',
    ABUSE_OF_COERCIVE_MEASURES: 'Abuse of coercive measures',
    INTERCEPTION_OR_MISAPPROPRIATION: 'Interception or misappropriation',
    VICE_PARTICIPATION: 'Vice: taking part or protecting',
    RENT_SEEKING: 'Rent seeking',
    COLD_SERVICE: 'Cold, hard, pushing service',
    RETALIATION: 'Retaliation',
    LEAK_OF_COMPLAINT: 'Leak of a complaint',
    OTHER: 'Other',
  },
  zh: {
    COERCED_CONFESSION: '刑讯逼供',
    ARBITRARY_FINE: '乱罚款、乱收费',
    FAVOUR_CASE: '关系案、人情案',
    NON_POLICE_DEPLOYMENT: '参与非警务活动',
    MONEY_CASE: '金钱案',
    ABUSE_OF_COERCIVE_MEASURES: '滥用强制措施',
    INTERCEPTION_OR_MISAPPROPRIATION: '截留挪用',
    VICE_PARTICIPATION: '黄赌毒',
    RENT_SEEKING: '权力寻租',
    COLD_SERVICE: '冷硬横推、吃拿卡要',
    RETALIATION: '打击报复',
    LEAK_OF_COMPLAINT: '泄露举报',
    OTHER: '其他',
  },
};

const channel: Codes<Channel> = {
  en: {
    HOTLINE: 'Hotline',
    MAILBOX: 'Mailbox',
    LETTER: 'Letter',
    VISIT: 'Visit',
    LEADER_RECEPTION: 'Leader reception',
    SUPERVISION_TEAM: 'Supervision team',
    PUBLIC_SUPERVISOR: 'Public supervisor',
    WEB: 'Web',
    INTERNAL_REPORT: 'Internal report',
    INSPECTION: 'Inspection',
    TRANSFER_IN: 'Transferred in',
    COURT: 'Court',
    MEDIA: 'Media',
    DEPLOYMENT_BREACH: 'Deployment breach',
    IMPORT: 'Import',
  },
  zh: {
    HOTLINE: '举报电话',
    MAILBOX: '信箱',
    LETTER: '来信',
    VISIT: '来访',
    LEADER_RECEPTION: '领导接访',
    SUPERVISION_TEAM: '督察组',
    PUBLIC_SUPERVISOR: '特邀监督员',
    WEB: '网络',
    INTERNAL_REPORT: '内部报告',
    INSPECTION: '检查',
    TRANSFER_IN: '移送来件',
    COURT: '法院',
    MEDIA: '媒体',
    DEPLOYMENT_BREACH: '违规用警',
    IMPORT: '导入',
  },
};

const reporterKind: Codes<ReporterKind> = {
  en: { NAMED: 'Named', CONFIDENTIAL: 'Confidential', ANONYMOUS: 'Anonymous' },
  zh: { NAMED: '实名', CONFIDENTIAL: '保密', ANONYMOUS: '匿名' },
};

const role: Codes<Role> = {
  en: {
    INTAKE_OFFICER: 'Intake officer',
    INVESTIGATOR: 'Investigator',
    SUPERVISOR: 'Supervisor',
    LEGAL_REVIEWER: 'Legal reviewer',
    DECISION_MAKER: 'Decision maker',
    AGENCY_HEAD: 'Agency head',
    CHIEF_INSPECTOR: 'Chief inspector',
    APPEAL_REVIEWER: 'Appeal reviewer',
    PETITION_OFFICER: 'Petition officer',
    IDENTITY_CUSTODIAN: 'Identity custodian',
    AUDITOR: 'Auditor',
    DEPLOYMENT_REQUESTER: 'Deployment requester',
    DEPLOYMENT_APPROVER: 'Deployment approver',
    ADMINISTRATOR: 'Administrator',
    OFFICER: 'Officer',
  },
  zh: {
    INTAKE_OFFICER: '登记员',
    INVESTIGATOR: '调查员',
    SUPERVISOR: '主管',
    LEGAL_REVIEWER: '法制审核员',
    DECISION_MAKER: '决定人',
    AGENCY_HEAD: '机关负责人',
    CHIEF_INSPECTOR: '督察长',
    APPEAL_REVIEWER: '申诉复核员',
    PETITION_OFFICER: '信访员',
    IDENTITY_CUSTODIAN: '身份保管员',
    AUDITOR: '审计员',
    DEPLOYMENT_REQUESTER: '用警申请人',
    DEPLOYMENT_APPROVER: '用警审批人',
    ADMINISTRATOR: '管理员',
    OFFICER: '民警',
  },
};

const proof: Codes<ProofKind> = {
  en: { PASSWORD: 'Password', TOTP: 'Code of an app', WEBAUTHN: 'Security key', OIDC: 'Single sign-on' },
  zh: { PASSWORD: '密码', TOTP: '应用验证码', WEBAUTHN: '安全密钥', OIDC: '单点登录' },
};

const caseDeed: Codes<CaseDeed> = {
  en: {
    accept: 'Accept',
    decline: 'Decline',
    transfer: 'Transfer',
    reclaim: 'Reclaim',
    merge: 'Merge',
    'start-preliminary': 'Start the preliminary check',
    'legal-opinion': 'Give a legal opinion',
    'close-without-case': 'Close without case',
    file: 'File the case',
    'start-investigation': 'Start the investigation',
    suspend: 'Suspend',
    resume: 'Resume',
    extend: 'Extend',
    report: 'Submit the report',
    return: 'Return the report',
    'serve-notice': 'Serve the notice',
    'record-defence': 'Record the defence',
    'legal-review': 'Record the legal review',
    decide: 'Decide',
    'serve-decision': 'Serve the decision',
    close: 'Close',
    reopen: 'Reopen',
  },
  zh: {
    accept: '受理',
    decline: '不予受理',
    transfer: '移送',
    reclaim: '收回',
    merge: '并案',
    'start-preliminary': '启动初步核实',
    'legal-opinion': '出具法制意见',
    'close-without-case': '不予立案',
    file: '立案',
    'start-investigation': '开始调查',
    suspend: '中止',
    resume: '恢复',
    extend: '延长期限',
    report: '提交调查报告',
    return: '退回报告',
    'serve-notice': '送达告知书',
    'record-defence': '记录申辩',
    'legal-review': '记录法制审核',
    decide: '作出决定',
    'serve-decision': '送达决定',
    close: '结案',
    reopen: '重新调查',
  },
};

const all = { caseStatus, category, channel, reporterKind, role, proof, caseDeed };
type All = typeof all;
type InOne = { readonly [K in keyof All]: All[K]['en'] };

const inOne = (language: Language): InOne =>
  Object.fromEntries(Object.entries(all).map(([kind, words]) => [kind, words[language]])) as InOne;
const codes: InEach<InOne> = { en: inOne('en'), zh: inOne('zh') };

/** The words of the codes: `const code = useCodes(); code.category.MONEY_CASE`. */
export const useCodes = (): InOne => codes[useLanguage()];

/** Codes with their words, for a Select. */
export const options = <C extends string>(
  words: Readonly<Record<C, string>>,
): { value: C; label: string }[] =>
  (Object.entries(words) as [C, string][]).map(([value, label]) => ({ value, label }));
