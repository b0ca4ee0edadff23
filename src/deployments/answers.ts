import { invalidInput, type InputError } from '../common/errors.js';
import type { WarningAnswerDto, OverrideDto } from './dto/decision.dto.js';
import type { DutyTestResult } from './duty-test.js';
import type { Outcome } from './judgement.js';
import type { Warning } from './warnings.js';

/** What is missing is completed, not answered. */
const wantsAnswer = ({ code }: Warning): boolean => code !== 'MISSING';

const covers = (answer: Pick<WarningAnswerDto, 'code' | 'where'>, warning: Warning): boolean =>
  answer.code === warning.code && (answer.where === undefined || answer.where === warning.where);

/** Outcomes that speak against an approval of the kind. */
const against: Readonly<Record<'approve' | 'stand-by', readonly Outcome[]>> = {
  approve: ['NOT_POLICE_WORK', 'STANDBY_ONLY', 'NEEDS_HIGHER_APPROVAL'],
  'stand-by': ['NOT_POLICE_WORK', 'NEEDS_HIGHER_APPROVAL'],
};

/**
 * Nothing is approved past the duty test without words: each warning has its written answer with a legal basis, and
 * an outcome that speaks against it a reason of its own (deployment-check 5.3).
 * @param before what the first of two persons answered
 * @throws 400 that names each warning without an answer, and each answer without a warning
 */
export function refuseUnanswered(
  { warnings, outcome }: DutyTestResult,
  deed: 'approve' | 'stand-by',
  given: {
    readonly answers?: readonly WarningAnswerDto[] | undefined;
    readonly override?: OverrideDto | undefined;
  },
  before: {
    readonly answers: readonly Pick<WarningAnswerDto, 'code' | 'where'>[];
    readonly overridden: boolean;
  },
): void {
  const answers = given.answers ?? [];
  const open = warnings
    .filter(wantsAnswer)
    .filter((warning) => ![...answers, ...before.answers].some((answer) => covers(answer, warning)));
  const errors: InputError[] = [
    ...new Map(open.map((one) => [`${one.code} ${one.where}`, one])).values(),
  ].map(({ code, where }) => ({
    pointer: '/answers',
    message: `the warning ${code} at ${where} wants a written answer: code, reason, legalBasis`,
  }));
  for (const [i, answer] of answers.entries()) {
    if (!warnings.some((warning) => covers(answer, warning))) {
      errors.push({ pointer: `/answers/${i}/code`, message: 'is of no warning of this request' });
    }
  }
  if (against[deed].includes(outcome) && !given.override && !before.overridden) {
    errors.push({
      pointer: '/override',
      message: `the duty test says ${outcome}; say why it is done all the same, and by which law`,
    });
  }
  if (errors.length > 0) throw invalidInput(errors);
}
