import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../audit/unit-of-work.js';
import { legalDay, startOfLegalDay } from '../common/clock.js';
import { newIdAt } from '../common/ids.js';
import { AllegationDto } from '../intake/dto/allegation.dto.js';
import { refuseUnknownReferences } from '../intake/references.js';
import { newAllegation, RegistrationService } from '../intake/registration.service.js';
import type { PublicReportDto } from './dto/report.dto.js';
import type { ReceiptCodeView } from './dto/report.view.js';
import { ReceiptsService } from './receipts.service.js';
import { SourceLimits } from './source-limits.js';
import { sourceActor } from './source.js';

/** Registers what anybody reports without saying who they are. */
@Injectable()
export class ReportsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly registration: RegistrationService,
    private readonly receipts: ReceiptsService,
    private readonly limits: SourceLimits,
  ) {}

  async report({ organId, statement, category = 'OTHER' }: PublicReportDto): Promise<ReceiptCodeView> {
    await this.limits.admitReport();
    return this.unitOfWork.run(sourceActor(organId), async (tx) => {
      await refuseUnknownReferences(tx.manager, [{ organId, pointer: '/organId' }]);
      // Times and ids of the case know the day only.
      const day = startOfLegalDay(legalDay(tx.now));
      const id = newIdAt(day);
      const allegation = newAllegation(Object.assign(new AllegationDto(), { category }));
      await this.registration.register({ ...tx, now: day }, [
        {
          id,
          status: 'REGISTERED',
          channel: 'WEB',
          receivedAt: day,
          receivingOrganId: organId,
          reporter: { kind: 'ANONYMOUS', name: null, contact: null },
          statement,
          allegations: [{ ...allegation, id: newIdAt(day) }],
        },
      ]);
      return this.receipts.issue(tx, id);
    });
  }
}
