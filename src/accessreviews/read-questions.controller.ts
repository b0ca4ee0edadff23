import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { RecordsSearch } from '../audit/recorded-reads.js';
import { CurrentActor } from '../http/current-actor.js';
import { IdParam } from '../http/id-param.js';
import { IfMatch } from '../http/if-match.js';
import { Needs } from '../http/needs.js';
import { AnswerDto } from './dto/access-alert.dto.js';
import { JudgeDto, ListQuestionsQuery, OwnQuestionsQuery } from './dto/read-question.dto.js';
import {
  OwnQuestionPage,
  OwnQuestionView,
  ReadQuestionPage,
  ReadQuestionView,
} from './dto/read-question.view.js';
import { ReadQuestionsService } from './read-questions.service.js';

@Controller('read-questions')
export class ReadQuestionsController {
  constructor(private readonly questions: ReadQuestionsService) {}

  /** What you are asked about your own reading, the newest first; unless a state is given, what you have not answered yet. */
  @Get()
  @Needs('answer', 'ReadQuestion')
  own(@CurrentActor() actor: Actor, @Query() query: OwnQuestionsQuery): Promise<OwnQuestionPage> {
    return this.questions.own(actor, query);
  }

  /** What people in your organs were asked about their reading, the newest first; never what you were asked yourself. */
  @Get('review')
  @Needs('read', 'ReadQuestion')
  @RecordsSearch('read-questions')
  list(@CurrentActor() actor: Actor, @Query() query: ListQuestionsQuery): Promise<ReadQuestionPage> {
    return this.questions.list(actor, query);
  }

  /** Says why you looked. */
  @Post(':id/answer')
  @Needs('answer', 'ReadQuestion')
  @HttpCode(200)
  answer(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() { answer }: AnswerDto,
  ): Promise<OwnQuestionView> {
    return this.questions.answer(actor, id, version, answer);
  }

  /** Judges what somebody else said, or that they said nothing within seven days. */
  @Post(':id/judge')
  @Needs('judge', 'ReadQuestion')
  @HttpCode(200)
  judge(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: JudgeDto,
  ): Promise<ReadQuestionView> {
    return this.questions.judge(actor, id, version, dto);
  }
}
