import { inLanguage, type InLanguage, type Language } from '../../common/words.js';
import type { DutyTestResult } from '../duty-test.js';
import type { Outcome } from '../judgement.js';
import type { Level } from '../level.js';

/** What wants a written answer. */
export class DutyTestWarningView {
  /** NP01 to NP13, TEXT_DISAGREES, ACT_OF_OTHERS, BENEFIT, MISSING and others. */
  code: string;
  /** Field, such as `purpose` or `tasks[0].text`. */
  where: string;
  /** The words in their place, or what was looked at. */
  text: string;
  /** Offset of the words in the field, in UTF-16 code units. */
  start?: number;
  end?: number;
  message: string;
  article?: string;
}

/** One of the ten questions. */
export class DutyTestReasonView {
  question: number;
  asks: string;
  looked: string;
  answer: string;
  article: string;
  changes: string;
  /** Whether this question settled the outcome. */
  decisive: boolean;
}

/** How cases like this are handled. */
export class DutyTestEdgeCaseView {
  code: string;
  text: string;
  article: string;
}

/** What the duty test says. It prepares a decision and takes none. */
export class DutyTestView implements InLanguage<DutyTestResult> {
  outcome: Outcome;
  level: Level;
  decidedBy: string;
  warnings: DutyTestWarningView[];
  reasons: DutyTestReasonView[];
  edgeCases: DutyTestEdgeCaseView[];

  /** In one of the languages in which it is kept. */
  static in(language: Language, test: DutyTestResult): DutyTestView {
    return Object.assign(new DutyTestView(), inLanguage(test, language));
  }
}
