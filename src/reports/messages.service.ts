import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { CaseDatabase } from '../access/case-database.js';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { whereAccessible } from '../access/where-accessible.js';
import { UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { legalDay } from '../common/clock.js';
import { conflict, notFound } from '../common/errors.js';
import { rowsOf } from '../database/insert-rows.js';
import { Case } from '../intake/case.entity.js';
import { CasesService } from '../intake/cases.service.js';
import { Message } from '../vault/vault.entity.js';
import { Vault, type OpenedMessage } from '../vault/vault.js';
import type { MessageDto } from './dto/report.dto.js';
import { MessageView } from './dto/report.view.js';

/** What reporter and organ write to each other, from the side of the organ. */
@Injectable()
export class MessagesService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly database: CaseDatabase,
    private readonly cases: CasesService,
    private readonly vault: Vault,
  ) {}

  list(actor: Actor, caseId: string): Promise<MessageView[]> {
    return this.database.as(actor, async (manager) => {
      const readable = whereAccessible(
        manager.createQueryBuilder(Case, 'case').where('case.id = :caseId', { caseId }),
        abilityFor(actor),
        'read-messages',
        'Case',
      );
      if (!(await readable.getExists())) throw notFound('case');
      return (await this.vault.correspondence(manager, caseId)).map((message) => MessageView.of(message));
    });
  }

  /** @throws 409 when nobody holds a receipt, so that nobody could read it */
  write(actor: Actor, caseId: string, { text }: MessageDto): Promise<MessageView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, caseId);
      tx.require('answer-reporter', 'Case', row);
      const [{ held }] = await tx.manager.query<[{ held: boolean }]>('SELECT vault.has_receipt($1) AS held', [
        caseId,
      ]);
      if (!held) throw conflict('no-receipt', 'The reporter has no receipt and could not read it.');
      return MessageView.of(await this.append(tx, caseId, text, actor.userId));
    });
  }

  /**
   * Adds a message to a case that the transaction has locked.
   * @param writtenBy null for the reporter
   */
  async append(
    tx: Transaction,
    caseId: string,
    text: string,
    writtenBy: string | null,
  ): Promise<OpenedMessage> {
    const before = await this.vault.correspondence(tx.manager, caseId);
    // Random, since an id that rises with time would tell the instant.
    const id = randomUUID();
    const message = {
      id,
      caseId,
      no: before.length + 1,
      author: writtenBy === null ? ('REPORTER' as const) : ('ORGAN' as const),
      writtenBy,
      writtenOn: legalDay(tx.now),
    };
    await tx.insert(rowsOf(Message, [{ ...message, sealed: this.vault.sealMessage(id, text) }]));
    tx.record({
      type: writtenBy === null ? 'message.received' : 'message.written',
      stream: caseId,
      target: { kind: 'message', id },
      values: { 'reporter.message': text },
    });
    return { ...message, text };
  }
}
