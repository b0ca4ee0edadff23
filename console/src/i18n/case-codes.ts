import type { components } from '../api/client.ts';
import { useLanguage, type InEach } from './language.ts';

type Schemas = components['schemas'];
export type FindingOutcome = Schemas['FindingDto']['outcome'];
export type FindingStage = Schemas['FindingDto']['stage'];
export type SanctionKind = Schemas['ProposeSanctionDto']['kind'];
export type SanctionStatus = Schemas['SanctionSummaryView']['status'];
export type Track = Schemas['ProposeSanctionDto']['track'];
export type DecisionOutcome = Schemas['DecideDto']['outcome'];
export type SubjectRole = Schemas['SubjectView']['role'];
export type Injury = NonNullable<Schemas['AffectedPersonDto']['injuryLevel']>;
export type Severity = NonNullable<Schemas['AcceptDto']['severity']>;
export type Mitigating = 'L1' | 'L2' | 'L3' | 'L4' | 'L5' | 'L6' | 'L7';
export type Aggravating = 'A1' | 'A2' | 'A3' | 'A4' | 'A5' | 'A6' | 'A7';

/** Complete by type, so a new code does not compile until it has words. */
interface CaseCodes {
  readonly outcome: Readonly<Record<FindingOutcome, string>>;
  readonly stage: Readonly<Record<FindingStage, string>>;
  readonly sanctionKind: Readonly<Record<SanctionKind, string>>;
  readonly sanctionStatus: Readonly<Record<SanctionStatus, string>>;
  readonly track: Readonly<Record<Track, string>>;
  readonly decision: Readonly<Record<DecisionOutcome, string>>;
  readonly subjectRole: Readonly<Record<SubjectRole, string>>;
  readonly severity: Readonly<Record<Severity, string>>;
  readonly mitigating: Readonly<Record<Mitigating, string>>;
  readonly aggravating: Readonly<Record<Aggravating, string>>;
  readonly injury: Readonly<Record<Injury, string>>;
}

/** The codes of findings, sanctions and people of a case, beside codes.ts: only the pages of cases load them. */
const all: InEach<CaseCodes> = {
  en: {
    outcome: {
      SUBSTANTIATED: 'Substantiated',
      PARTLY_SUBSTANTIATED: 'Partly substantiated',
      NOT_SUBSTANTIATED: 'Not substantiated',
      UNTRUE: 'Untrue',
      LAWFUL_CONDUCT: 'Lawful conduct',
      MINOR_FLAW: 'Minor flaw',
      MALICIOUS_REPORT: 'Malicious report',
      REFERRED: 'Referred',
      TERMINATED: 'Terminated',
    },
    stage: { RECOMMENDED: 'Recommended', FINAL: 'Final' },
    sanctionKind: {
      WARNING: 'Warning',
      DEMERIT: 'Demerit',
      MAJOR_DEMERIT: 'Major demerit',
      DOWNGRADE: 'Downgrade',
      REMOVAL: 'Removal from the post',
      DISMISSAL: 'Dismissal',
    },
    sanctionStatus: { PROPOSED: 'Proposed', DECIDED: 'Decided', REFUSED: 'Refused', SERVED: 'Served' },
    track: {
      EMPLOYER_DISCIPLINE: 'Discipline by the employer',
      GOV_SANCTION: 'Sanction by the supervisory organ',
    },
    decision: {
      SANCTION: 'Sanction',
      EXEMPT: 'Exempt from a sanction',
      WITHDRAWN: 'Withdraw the case',
      REFER: 'Refer to another organ',
    },
    subjectRole: {
      PRINCIPAL: 'principal',
      PARTICIPANT: 'participant',
      INSTIGATOR: 'instigator',
      SUPERVISOR: 'supervisor',
      APPROVER: 'approver',
      UNKNOWN: 'role not known',
    },
    severity: { MINOR: 'Minor', SERIOUS: 'Serious', ESPECIALLY_SERIOUS: 'Especially serious' },
    mitigating: {
      L1: 'Disclosed the act on their own initiative',
      L2: 'Cooperates and states their own acts truthfully',
      L3: 'Reported acts of others, and it was verified',
      L4: 'Took effective steps against the loss or ill effect',
      L5: 'Had a secondary or auxiliary role',
      L6: 'Returned illegal gains on their own initiative',
      L7: 'Other, by law',
    },
    aggravating: {
      A1: 'Broke the law again within the period of a sanction',
      A2: 'Stopped others from reporting or giving evidence',
      A3: 'Colluded, or forged, hid or destroyed evidence',
      A4: 'Shields accomplices',
      A5: 'Coerced or incited others',
      A6: 'Refuses to hand over illegal gains',
      A7: 'Other, by law',
    },
    injury: {
      NONE: 'no injury',
      SLIGHT: 'slight injury',
      MINOR: 'minor injury',
      SERIOUS: 'serious injury',
      DEATH: 'death',
    },
  },
  zh: {
    outcome: {
      SUBSTANTIATED: '属实',
      PARTLY_SUBSTANTIATED: '部分属实',
      NOT_SUBSTANTIATED: '查无实据',
      UNTRUE: '不属实',
      LAWFUL_CONDUCT: '行为合法',
      MINOR_FLAW: '执法瑕疵',
      MALICIOUS_REPORT: '诬告',
      REFERRED: '移送',
      TERMINATED: '终止',
    },
    stage: { RECOMMENDED: '建议', FINAL: '最终' },
    sanctionKind: {
      WARNING: '警告',
      DEMERIT: '记过',
      MAJOR_DEMERIT: '记大过',
      DOWNGRADE: '降级',
      REMOVAL: '撤职',
      DISMISSAL: '开除',
    },
    sanctionStatus: { PROPOSED: '已提出', DECIDED: '已决定', REFUSED: '未采纳', SERVED: '已送达' },
    track: { EMPLOYER_DISCIPLINE: '处分', GOV_SANCTION: '政务处分' },
    decision: { SANCTION: '给予处分', EXEMPT: '免予处分', WITHDRAWN: '撤销案件', REFER: '移送其他机关' },
    subjectRole: {
      PRINCIPAL: '主要责任人',
      PARTICIPANT: '参与人',
      INSTIGATOR: '教唆人',
      SUPERVISOR: '主管领导',
      APPROVER: '审批人',
      UNKNOWN: '作用不明',
    },
    severity: { MINOR: '情节较轻', SERIOUS: '情节严重', ESPECIALLY_SERIOUS: '情节特别严重' },
    mitigating: {
      L1: '主动交代违法行为',
      L2: '配合调查，如实说明本人违法事实',
      L3: '检举他人违法行为，经查证属实',
      L4: '主动采取措施，有效避免、挽回损失或者消除不良影响',
      L5: '在共同违法行为中起次要或者辅助作用',
      L6: '主动上交或者退赔违法所得',
      L7: '法律规定的其他情节',
    },
    aggravating: {
      A1: '处分期内再次故意违法',
      A2: '阻止他人检举、提供证据',
      A3: '串供或者伪造、隐匿、毁灭证据',
      A4: '包庇同案人员',
      A5: '胁迫、唆使他人实施违法行为',
      A6: '拒不上交或者退赔违法所得',
      A7: '法律规定的其他情节',
    },
    injury: { NONE: '未受伤', SLIGHT: '轻微伤', MINOR: '轻伤', SERIOUS: '重伤', DEATH: '死亡' },
  },
};

export const useCaseCodes = (): CaseCodes => all[useLanguage()];
