import { Module } from '@nestjs/common';
import { IntakeModule } from '../intake/intake.module.js';
import { VaultModule } from '../vault/vault.module.js';
import { MessagesService } from './messages.service.js';
import { ReceiptsService } from './receipts.service.js';
import { CaseMessagesController, SourceController } from './reports.controller.js';
import { ReportsService } from './reports.service.js';
import { SourceLimits } from './source-limits.js';

/** Reports from the public, and what reporter and organ write to each other. */
@Module({
  imports: [IntakeModule, VaultModule],
  controllers: [SourceController, CaseMessagesController],
  providers: [ReportsService, ReceiptsService, MessagesService, SourceLimits],
})
export class ReportsModule {}
