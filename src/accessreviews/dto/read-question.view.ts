import { eventWords } from '../../audit/events.js';
import { dueAt, QuestionVerdict, ReadQuestion } from '../read-question.entity.js';
import { ReadPurposeView } from './access-review.view.js';
import { QuestionState } from './read-question.dto.js';

/** A question as the reader sees it: when and what kind of reading, and what they said then; never of which case. */
export class OwnQuestionView {
  id: string;
  readAt: string;
  readType: string;
  /** The same in words. */
  words: string;
  /** Why, as they said when they read; null where they said nothing. */
  purpose: ReadPurposeView | null;
  state: QuestionState;
  askedAt: string;
  dueAt: string;
  answer: string | null;
  answeredAt: string | null;
  version: number;

  static of(row: ReadQuestion, now: Date): OwnQuestionView {
    const { id, readType, purposeCode, purposeRef, answer, version } = row;
    return Object.assign(new OwnQuestionView(), {
      id,
      readAt: row.readAt.toISOString(),
      readType,
      words: eventWords[readType],
      purpose: purposeCode === null ? null : { code: purposeCode, reference: purposeRef },
      state: stateOf(row, now),
      askedAt: row.askedAt.toISOString(),
      dueAt: dueAt(row).toISOString(),
      answer,
      answeredAt: row.answeredAt?.toISOString() ?? null,
      version,
    });
  }
}

const stateOf = (row: ReadQuestion, now: Date): QuestionState => {
  if (row.verdict !== null) return 'JUDGED';
  if (row.answer !== null) return 'ANSWERED';
  return dueAt(row) <= now ? 'OVERDUE' : 'OPEN';
};

export class ReadQuestionView extends OwnQuestionView {
  /** Whose reading it is about. */
  userId: string;
  organId: string;
  caseId: string | null;
  /** The event of the read in the trail. */
  readId: string;
  verdict: QuestionVerdict | null;
  judgedBy: string | null;
  judgedAt: string | null;
  judgeReason: string | null;

  static override of(row: ReadQuestion, now: Date): ReadQuestionView {
    const { userId, organId, caseId, readId, verdict, judgedBy, judgeReason } = row;
    return Object.assign(new ReadQuestionView(), OwnQuestionView.of(row, now), {
      userId,
      organId,
      caseId,
      readId,
      verdict,
      judgedBy,
      judgedAt: row.judgedAt?.toISOString() ?? null,
      judgeReason,
    });
  }
}

export class OwnQuestionPage {
  items: OwnQuestionView[];
  nextCursor: string | null;
  total?: number;
}

export class ReadQuestionPage {
  items: ReadQuestionView[];
  nextCursor: string | null;
  total?: number;
}
