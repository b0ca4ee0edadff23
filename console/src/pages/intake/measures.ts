import type { Category } from '../../i18n/codes.ts';
import type { measures as words } from '../../i18n/measures.en.ts';

export interface Measure {
  readonly code: keyof typeof words.what;
  readonly within?: keyof typeof words.within;
}

/** What each category calls for at once, as src/intake/immediate-actions.ts has it; a test compares. */
export const measures: Readonly<Record<Category, readonly Measure[]>> = {
  COERCED_CONFESSION: [
    { code: 'PRESERVE_RECORDINGS', within: 'SAME_DAY' },
    { code: 'PRESERVE_CUSTODY_LOGS', within: 'SAME_DAY' },
    { code: 'MEDICAL_EXAM', within: 'H24' },
    { code: 'SEPARATE_SUBJECT' },
    { code: 'CONSIDER_DUTY_MEASURE' },
    { code: 'CHALLENGE_CONFESSION' },
    { code: 'REPORT_DEATH', within: 'AT_ONCE' },
    { code: 'PROTECT_SCENE', within: 'AT_ONCE' },
    { code: 'COMMISSION_AUTOPSY', within: 'H24' },
  ],
  ARBITRARY_FINE: [
    { code: 'FREEZE_RECEIPTS' },
    { code: 'STOP_CHARGE' },
    { code: 'LIST_PAYERS' },
    { code: 'PLAN_REFUND' },
  ],
  FAVOUR_CASE: [
    { code: 'LOCK_CASE_FILE' },
    { code: 'PULL_APPROVALS' },
    { code: 'CHECK_INTERFERENCE' },
    { code: 'ASK_HANDLERS' },
    { code: 'SECOND_REVIEW' },
  ],
  NON_POLICE_DEPLOYMENT: [
    { code: 'WITHDRAW_FORCE' },
    { code: 'PRESERVE_TRACES' },
    { code: 'FREEZE_REQUEST' },
    { code: 'PROTECT_OBJECTOR' },
  ],
  MONEY_CASE: [
    { code: 'LIMIT_KNOWLEDGE' },
    { code: 'DO_NOT_ALERT' },
    { code: 'LIST_PROPERTY' },
    { code: 'REFER_EARLY' },
  ],
  ABUSE_OF_COERCIVE_MEASURES: [
    { code: 'RELEASE_OR_CORRECT', within: 'AT_ONCE' },
    { code: 'DECIDE_COMPLAINT', within: 'D30' },
    { code: 'MEDICAL_CARE' },
  ],
  INTERCEPTION_OR_MISAPPROPRIATION: [
    { code: 'SEAL_LEDGERS' },
    { code: 'RECONCILE' },
    { code: 'STOP_DISPOSAL' },
  ],
  VICE_PARTICIPATION: [
    { code: 'DRUG_TEST', within: 'AT_ONCE' },
    { code: 'TAKE_FIREARM_AND_BADGE' },
    { code: 'HAND_OVER_OFFENCE' },
    { code: 'PRESERVE_RAID_LOGS' },
  ],
  RENT_SEEKING: [
    { code: 'REMOVE_FROM_APPROVALS' },
    { code: 'CHECK_DECISIONS' },
    { code: 'CHECK_DECLARATIONS' },
  ],
  COLD_SERVICE: [{ code: 'SERVE_CITIZEN' }, { code: 'SAVE_VIDEO' }],
  RETALIATION: [{ code: 'FREEZE_ADVERSE_ACT' }, { code: 'REVIEW_ACCESS' }],
  LEAK_OF_COMPLAINT: [{ code: 'FREEZE_ADVERSE_ACT' }, { code: 'REVIEW_ACCESS' }],
  OTHER: [],
};
