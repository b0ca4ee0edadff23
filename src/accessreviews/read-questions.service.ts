import { Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { abilityFor, type Ability } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { CaseDatabase } from '../access/case-database.js';
import { whereAccessible } from '../access/where-accessible.js';
import type { EventType } from '../audit/events.js';
import { UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { Clock } from '../common/clock.js';
import { conflict, forbidden, notFound } from '../common/errors.js';
import { checkVersion } from '../common/versions.js';
import { newestFirst } from '../database/newest-first.js';
import type {
  JudgeDto,
  ListQuestionsQuery,
  OwnQuestionsQuery,
  QuestionState,
} from './dto/read-question.dto.js';
import {
  OwnQuestionView,
  ReadQuestionView,
  type OwnQuestionPage,
  type ReadQuestionPage,
} from './dto/read-question.view.js';
import { ANSWER_DAYS, dueAt, ReadQuestion } from './read-question.entity.js';

/** "Why did you look?": the reader answers, an auditor who is somebody else judges. */
@Injectable()
export class ReadQuestionsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly database: CaseDatabase,
    private readonly clock: Clock,
  ) {}

  /** Those that one is asked oneself, the newest first; without a state, those that one has still to answer. */
  own(actor: Actor, { state, ...page }: OwnQuestionsQuery): Promise<OwnQuestionPage> {
    const now = this.clock.now();
    return this.database.as(actor, (manager) => {
      const mine = questions(manager, abilityFor(actor), 'answer');
      if (state) inState(mine, state, now);
      else mine.andWhere('question.answer IS NULL AND question.verdict IS NULL');
      return newestFirst(mine, page, (row) => OwnQuestionView.of(row, now));
    });
  }

  /** Those about readers in the reviewer's organs, the newest first; never one's own. @throws 403 for who reviews none */
  async list(actor: Actor, { state, userId, ...page }: ListQuestionsQuery): Promise<ReadQuestionPage> {
    const ability = abilityFor(actor);
    if (ability.cannot('read', 'ReadQuestion')) {
      throw forbidden('Your roles do not allow you to review how others read.');
    }
    const now = this.clock.now();
    return this.database.as(actor, (manager) => {
      const matching = questions(manager, ability, 'read');
      if (userId) matching.andWhere('question.userId = :userId', { userId });
      if (state) inState(matching, state, now);
      return newestFirst(matching, page, (row) => ReadQuestionView.of(row, now));
    });
  }

  /** The reader says why. Once; also when it is late. */
  answer(actor: Actor, id: string, version: number, answer: string): Promise<OwnQuestionView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const question = await lock(tx, 'answer', id, version);
      if (question.answer !== null) throw conflict('already-answered', 'You have said why already.');
      if (question.verdict !== null) throw conflict('already-judged', 'The question is judged already.');
      Object.assign(question, { answer, answeredAt: tx.now });
      await change(tx, question, 'read-question.answered', { answer });
      return OwnQuestionView.of(question, tx.now);
    });
  }

  /** @throws 409 before the answer, unless that is overdue */
  judge(actor: Actor, id: string, version: number, { verdict, reason }: JudgeDto): Promise<ReadQuestionView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const question = await lock(tx, 'read', id, version);
      tx.require('judge', 'ReadQuestion', question);
      if (question.verdict !== null) throw conflict('already-judged', 'The question is judged already.');
      if (question.answer === null && dueAt(question) > tx.now) {
        throw conflict('not-answered', 'The reader still has time to answer.', {
          dueAt: dueAt(question).toISOString(),
        });
      }
      Object.assign(question, { verdict, judgedBy: actor.userId, judgedAt: tx.now, judgeReason: reason });
      await change(tx, question, 'read-question.judged', { verdict, reason });
      return ReadQuestionView.of(question, tx.now);
    });
  }
}

const questions = (
  manager: EntityManager,
  ability: Ability,
  action: 'read' | 'answer',
): SelectQueryBuilder<ReadQuestion> =>
  whereAccessible(manager.createQueryBuilder(ReadQuestion, 'question'), ability, action, 'ReadQuestion');

function inState(matching: SelectQueryBuilder<ReadQuestion>, state: QuestionState, now: Date): void {
  matching.andWhere(`question.verdict IS ${state === 'JUDGED' ? 'NOT ' : ''}NULL`);
  if (state === 'ANSWERED') matching.andWhere('question.answer IS NOT NULL');
  if (state === 'OPEN' || state === 'OVERDUE') {
    const late = `question.askedAt ${state === 'OVERDUE' ? '<=' : '>'} :before`;
    const before = new Date(now.getTime() - ANSWER_DAYS * 86_400_000);
    matching.andWhere(`question.answer IS NULL AND ${late}`, { before });
  }
}

/** @throws 404 unless the actor may see it in this way, 412 when it has changed */
async function lock(
  { manager, ability }: Transaction,
  action: 'read' | 'answer',
  id: string,
  version: number,
): Promise<ReadQuestion> {
  const question = await questions(manager, ability, action)
    .andWhere('question.id = :id', { id })
    .setLock('pessimistic_write')
    .getOne();
  if (!question) throw notFound('question');
  checkVersion(question, version);
  return question;
}

async function change(
  tx: Transaction,
  question: ReadQuestion,
  type: EventType,
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  question.version++;
  await tx.save(question);
  const { id, userId: stream, version: rev } = question;
  tx.record({ type, stream, target: { kind: 'read-question', id, rev }, values });
}
