import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { ListQuery } from '../../common/pages.js';
import { ReasonDto } from '../../intake/dto/deeds.dto.js';
import { questionVerdicts, type QuestionVerdict } from '../read-question.entity.js';

export const questionStates = ['OPEN', 'OVERDUE', 'ANSWERED', 'JUDGED'] as const;
export type QuestionState = (typeof questionStates)[number];

export class OwnQuestionsQuery extends ListQuery {
  /** Without it: those that still wait for an answer, OPEN and OVERDUE. */
  @IsOptional()
  @IsIn(questionStates)
  state?: QuestionState;
}

export class ListQuestionsQuery extends ListQuery {
  /** OVERDUE: not answered within seven days. */
  @IsOptional()
  @IsIn(questionStates)
  state?: QuestionState;

  /** Whose reading it is about. */
  @IsOptional()
  @IsUUID()
  userId?: string;
}

export class JudgeDto extends ReasonDto {
  @IsIn(questionVerdicts)
  verdict: QuestionVerdict;
}
