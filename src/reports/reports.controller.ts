import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { RecordsRead } from '../audit/recorded-reads.js';
import { CurrentActor, Public } from '../http/current-actor.js';
import { IdParam } from '../http/id-param.js';
import { Needs } from '../http/needs.js';
import {
  MessageDto,
  PublicReportDto,
  ReceiptDto,
  SourceIdentityDto,
  SourceMessageDto,
} from './dto/report.dto.js';
import { MessageView, ReceiptCodeView, ReceiptView, SourceMessageView } from './dto/report.view.js';
import { MessagesService } from './messages.service.js';
import { ReceiptsService } from './receipts.service.js';
import { ReportsService } from './reports.service.js';

/** The source channel: for anybody, without a session, and without a trace of who it was. */
@Public()
@Controller('public')
export class SourceController {
  constructor(
    private readonly reports: ReportsService,
    private readonly receipts: ReceiptsService,
  ) {}

  /** Reports misconduct without saying who you are. Keep the code: it is shown once. */
  @Post('reports')
  report(@Body() dto: PublicReportDto): Promise<ReceiptCodeView> {
    return this.reports.report(dto);
  }

  /** What became of your report, and what the organ answered. */
  @Post('receipts/answers')
  @HttpCode(200)
  answers(@Body() dto: ReceiptDto): Promise<ReceiptView> {
    return this.receipts.read(dto);
  }

  /** Writes more to the organ. */
  @Post('receipts/messages')
  write(@Body() dto: SourceMessageDto): Promise<SourceMessageView> {
    return this.receipts.write(dto);
  }

  /** Says who you are, to the custodian alone. */
  @Post('receipts/identity')
  @HttpCode(204)
  identify(@Body() dto: SourceIdentityDto): Promise<void> {
    return this.receipts.identify(dto);
  }
}

@Controller('cases')
export class CaseMessagesController {
  constructor(
    private readonly receipts: ReceiptsService,
    private readonly messages: MessagesService,
  ) {}

  /** A receipt code for the reporter of a case that you registered; shown once, to be handed to them. */
  @Post(':id/receipt')
  @Needs('issue-receipt', 'Case')
  hand(@CurrentActor() actor: Actor, @IdParam() id: string): Promise<ReceiptCodeView> {
    return this.receipts.hand(actor, id);
  }

  /** What the reporter and the organ wrote to each other, the oldest first. */
  @Get(':id/messages')
  @Needs('read-messages', 'Case')
  @RecordsRead((found: MessageView[], { params }) => ({
    type: 'message.read',
    stream: params['id'] as string,
    target: { kind: 'case', id: params['id'] as string },
    values: { count: found.length },
  }))
  list(@CurrentActor() actor: Actor, @IdParam() id: string): Promise<MessageView[]> {
    return this.messages.list(actor, id);
  }

  /** Answers the reporter, who reads it with their receipt. */
  @Post(':id/messages')
  @Needs('answer-reporter', 'Case')
  write(@CurrentActor() actor: Actor, @IdParam() id: string, @Body() dto: MessageDto): Promise<MessageView> {
    return this.messages.write(actor, id, dto);
  }
}
