import type { AllegationCategory } from './categories.js';

/** Something to do as soon as an allegation of that category is in; becomes a task of the case. */
export interface ImmediateAction {
  readonly code: string;
  readonly text: string;
  /** Time from receipt: 0 hours is at once, 0 days is before the day ends. None: no number, but without delay. */
  readonly within?: { readonly n: number; readonly unit: 'HOUR' | 'DAY' };
  /** The article that demands it, or `proposal` where it is practice and the organ may set it otherwise. */
  readonly source: string;
}

const atOnce = { n: 0, unit: 'HOUR' } as const;
const sameDay = { n: 0, unit: 'DAY' } as const;
const in24Hours = { n: 24, unit: 'HOUR' } as const;

const proposal = 'proposal';

/** A leak is followed up like retaliation, since the one tends to bring the other. */
const protectReporter: readonly ImmediateAction[] = [
  {
    code: 'FREEZE_ADVERSE_ACT',
    text: 'Have the act against the protected person put on hold.',
    source: proposal,
  },
  {
    code: 'REVIEW_ACCESS',
    text: 'Go through the read log: who opened the report, and with what reason.',
    source: proposal,
  },
];

/** What each category calls for at once. */
export const immediateActions: Readonly<Record<AllegationCategory, readonly ImmediateAction[]>> = {
  COERCED_CONFESSION: [
    {
      code: 'PRESERVE_RECORDINGS',
      text: 'Place all recordings under hold and store their hashes.',
      within: sameDay,
      source: proposal,
    },
    {
      code: 'PRESERVE_CUSTODY_LOGS',
      text: 'Secure the custody registers and logs.',
      within: sameDay,
      source: proposal,
    },
    {
      code: 'MEDICAL_EXAM',
      text: 'Have an independent doctor examine the person held.',
      within: in24Hours,
      source: proposal,
    },
    {
      code: 'SEPARATE_SUBJECT',
      text: 'Keep the subject away from the victim and the witnesses.',
      source: proposal,
    },
    {
      code: 'CONSIDER_DUTY_MEASURE',
      text: 'Consider stop-duty, confinement or suspension, and note the reason either way.',
      source: '督察条例 12; 政务处分法 52',
    },
    {
      code: 'CHALLENGE_CONFESSION',
      text: 'Tell the prosecutor of the case, and mark the confession as challenged.',
      source: proposal,
    },
    {
      code: 'REPORT_DEATH',
      text: 'If somebody died in custody: report it to the procuratorate of the same level.',
      within: atOnce,
      source: '继续盘问规定 24-25',
    },
    {
      code: 'PROTECT_SCENE',
      text: 'If somebody died in custody: guard the scene and the body.',
      within: atOnce,
      source: '继续盘问规定 24-25',
    },
    {
      code: 'COMMISSION_AUTOPSY',
      text: 'If somebody died in custody: commission the autopsy.',
      within: in24Hours,
      source: '继续盘问规定 24-25',
    },
  ],
  ARBITRARY_FINE: [
    {
      code: 'FREEZE_RECEIPTS',
      text: 'Secure the receipt books and the records of card terminals and QR accounts.',
      source: proposal,
    },
    { code: 'STOP_CHARGE', text: 'Have the charge stopped.', source: proposal },
    { code: 'LIST_PAYERS', text: 'List everybody who paid in the period.', source: proposal },
    { code: 'PLAN_REFUND', text: 'Draw up the plan of refunds.', source: proposal },
  ],
  FAVOUR_CASE: [
    {
      code: 'LOCK_CASE_FILE',
      text: 'Lock the present version of the case file and the log of its system.',
      source: proposal,
    },
    { code: 'PULL_APPROVALS', text: 'Get the history of approvals.', source: proposal },
    {
      code: 'CHECK_INTERFERENCE',
      text: 'Look the case up in the register of interference.',
      source: proposal,
    },
    { code: 'ASK_HANDLERS', text: 'Question each handler alone.', source: proposal },
    { code: 'SECOND_REVIEW', text: 'Have another team review the case.', source: proposal },
  ],
  NON_POLICE_DEPLOYMENT: [
    { code: 'WITHDRAW_FORCE', text: 'Withdraw the officers.', source: proposal },
    {
      code: 'PRESERVE_TRACES',
      text: 'Secure radio traffic, dispatch records, positions and body-camera video.',
      source: proposal,
    },
    { code: 'FREEZE_REQUEST', text: 'Freeze the record of the request.', source: proposal },
    { code: 'PROTECT_OBJECTOR', text: 'Protect the officer who objected to the order.', source: '警察法 33' },
  ],
  MONEY_CASE: [
    {
      code: 'LIMIT_KNOWLEDGE',
      text: 'Keep the circle of those who know as small as can be.',
      source: proposal,
    },
    { code: 'DO_NOT_ALERT', text: 'Take no step that would warn the subject.', source: proposal },
    { code: 'LIST_PROPERTY', text: 'List the leads on property.', source: proposal },
    {
      code: 'REFER_EARLY',
      text: 'Refer it to the supervisory commission; police do not investigate bribes of their own staff.',
      source: '监察法 37',
    },
  ],
  ABUSE_OF_COERCIVE_MEASURES: [
    {
      code: 'RELEASE_OR_CORRECT',
      text: 'Find out whether the person is still held; if so, release or correct.',
      within: atOnce,
      source: '刑诉法; 刑事案件程序规定',
    },
    {
      code: 'DECIDE_COMPLAINT',
      text: 'Start the clock of the written decision on the complaint.',
      within: { n: 30, unit: 'DAY' },
      source: '刑事案件程序规定 196; 刑诉法 117',
    },
    { code: 'MEDICAL_CARE', text: 'See to medical care if anybody is hurt.', source: proposal },
  ],
  INTERCEPTION_OR_MISAPPROPRIATION: [
    { code: 'SEAL_LEDGERS', text: 'Seal the ledgers and the property room.', source: proposal },
    {
      code: 'RECONCILE',
      text: 'Compare the property system with the shelf and with the treasury.',
      source: proposal,
    },
    { code: 'STOP_DISPOSAL', text: 'Stop any disposal of property.', source: proposal },
  ],
  VICE_PARTICIPATION: [
    { code: 'DRUG_TEST', text: 'Take the samples for a drug test.', within: atOnce, source: proposal },
    {
      code: 'TAKE_FIREARM_AND_BADGE',
      text: 'Take firearm and badge along with a stop-duty decision.',
      source: '督察条例 12',
    },
    { code: 'HAND_OVER_OFFENCE', text: 'Hand the offence to another unit or region.', source: proposal },
    {
      code: 'PRESERVE_RAID_LOGS',
      text: 'Secure the access logs of raid plans, to look for a leak.',
      source: proposal,
    },
  ],
  RENT_SEEKING: [
    {
      code: 'REMOVE_FROM_APPROVALS',
      text: 'Take the subject out of the chain of approvals.',
      source: proposal,
    },
    {
      code: 'CHECK_DECISIONS',
      text: 'Check all decisions of the last three years that favoured the beneficiary.',
      source: proposal,
    },
    { code: 'CHECK_DECLARATIONS', text: "Check the subject's declarations.", source: proposal },
  ],
  COLD_SERVICE: [
    {
      code: 'SERVE_CITIZEN',
      text: "First get the citizen's business done, and note the day.",
      source: proposal,
    },
    { code: 'SAVE_VIDEO', text: 'Save the window video before it is overwritten.', source: proposal },
  ],
  RETALIATION: protectReporter,
  LEAK_OF_COMPLAINT: protectReporter,
  OTHER: [],
};
