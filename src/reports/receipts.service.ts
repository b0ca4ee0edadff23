import { Injectable } from '@nestjs/common';
import { CaseDatabase } from '../access/case-database.js';
import type { Actor } from '../access/actor.js';
import { sqlState, UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { legalDay } from '../common/clock.js';
import { conflict } from '../common/errors.js';
import { rowsOf } from '../database/insert-rows.js';
import { Case } from '../intake/case.entity.js';
import { CasesService } from '../intake/cases.service.js';
import { Identity, Receipt } from '../vault/vault.entity.js';
import { newReceiptCode, Vault } from '../vault/vault.js';
import type { ReceiptDto, SourceIdentityDto, SourceMessageDto } from './dto/report.dto.js';
import { ReceiptCodeView, ReceiptView, SourceMessageView } from './dto/report.view.js';
import { MessagesService } from './messages.service.js';
import { SourceLimits } from './source-limits.js';
import { sourceActor, unknownReceipt } from './source.js';
import { statusWords } from './status-words.js';

/** What a reporter does with a receipt code: read what became of the report, write more, say who they are. */
@Injectable()
export class ReceiptsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly database: CaseDatabase,
    private readonly cases: CasesService,
    private readonly vault: Vault,
    private readonly limits: SourceLimits,
    private readonly messages: MessagesService,
  ) {}

  /** A code for the reporter of a case that an officer registered. @throws 409 when there is one already */
  hand(actor: Actor, caseId: string): Promise<ReceiptCodeView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const row = await this.cases.lock(tx, caseId);
      tx.require('issue-receipt', 'Case', row);
      return this.issue(tx, caseId).catch(
        refuseSecond('receipt-issued', 'The reporter has a receipt already.'),
      );
    });
  }

  /** @returns the code, which is kept nowhere */
  async issue(tx: Transaction, caseId: string): Promise<ReceiptCodeView> {
    const code = newReceiptCode();
    const issuedOn = legalDay(tx.now);
    await tx.insert(rowsOf(Receipt, [{ caseId, lookup: this.vault.lookupOf(code), issuedOn }]));
    tx.record({ type: 'receipt.issued', stream: caseId, target: { kind: 'case', id: caseId } });
    return Object.assign(new ReceiptCodeView(), { code, issuedOn });
  }

  /** Leaves nothing in the trail: when a reporter looks is nobody's business. */
  async read({ code }: ReceiptDto): Promise<ReceiptView> {
    const id = await this.caseOf(code);
    const [row, messages] = await this.database.as(sourceActor(), async (manager) => [
      await manager.findOneByOrFail(Case, { id }),
      await this.vault.correspondence(manager, id),
    ]);
    return Object.assign(new ReceiptView(), {
      receivedOn: legalDay(row.receivedAt),
      status: statusWords[row.status],
      messages: messages.map((message) => SourceMessageView.of(message)),
    });
  }

  async write({ code, text }: SourceMessageDto): Promise<SourceMessageView> {
    return this.asReporter(code, async (tx, caseId) =>
      SourceMessageView.of(await this.messages.append(tx, caseId, text, null)),
    );
  }

  /** @throws 409 when the organ knows who they are, or they said so before */
  identify({ code, name, contact = null }: SourceIdentityDto): Promise<void> {
    return this.asReporter(code, async (tx, caseId) => {
      const sealed = this.vault.sealIdentity(caseId, { name, contact });
      await tx
        .insert(rowsOf(Identity, [{ caseId, open: false, officerId: null, sealed }]))
        .catch(refuseSecond('identity-given', 'The custodian has your name already.'));
      tx.record({
        type: 'reporter.identified',
        stream: caseId,
        target: { kind: 'case', id: caseId },
        values: { 'reporter.name': name, 'reporter.contact': contact ?? undefined },
      });
    });
  }

  private async asReporter<T>(
    code: string,
    work: (tx: Transaction, caseId: string) => Promise<T>,
  ): Promise<T> {
    const id = await this.caseOf(code);
    return this.unitOfWork.run(sourceActor(), async (tx) => {
      // One writer at a time: messages are numbered.
      await tx.manager.findOneOrFail(Case, { where: { id }, lock: { mode: 'pessimistic_write' } });
      return work(tx, id);
    });
  }

  /** @throws 404, the same for every code without a receipt; 429 beyond the limits */
  private async caseOf(code: string): Promise<string> {
    await this.limits.admitCode(code);
    const id = await this.database.as(sourceActor(), (manager) => this.vault.caseOfReceipt(manager, code));
    if (id === null) throw unknownReceipt();
    return id;
  }
}

const refuseSecond =
  (code: string, detail: string) =>
  (error: unknown): never => {
    if (sqlState(error) !== '23505') throw error;
    throw conflict(code, detail);
  };
