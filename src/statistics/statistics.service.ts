import { Injectable, StreamableFile } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { CaseDatabase } from '../access/case-database.js';
import { onlyOrganOf, rolesAllowed } from '../access/roles-allowed.js';
import { forbidden, invalidInput } from '../common/errors.js';
import { monthsBetween } from '../common/figure-tables.js';
import { CasesService } from '../intake/cases.service.js';
import { inCsv } from './csv.js';
import type { StatisticsQuery } from './dto/statistics.dto.js';
import type { StatisticsView } from './dto/statistics.view.js';
import { figuresOf, type RawFigures } from './statistics.sql.js';
import { told } from './telling.js';

const MONTHS = 36;

const counting = rolesAllowed('read-figures', 'Case');

/** Counts cases and what came of them, as far as the reader may and as no small number shows. */
@Injectable()
export class StatisticsService {
  constructor(
    private readonly database: CaseDatabase,
    private readonly cases: CasesService,
  ) {}

  /** @throws 400 for too many months, or months in the wrong order; 403 for who counts no cases */
  async statistics(actor: Actor, query: StatisticsQuery): Promise<StatisticsView> {
    const { from, to, organId } = query;
    if (!actor.grants.some(({ role }) => counting.includes(role))) {
      throw forbidden('Your roles do not allow you to count cases.');
    }
    if (to < from) throw invalidInput([{ pointer: 'to', message: 'to must not be before from' }]);
    if (monthsBetween(from, to).length > MONTHS) {
      throw invalidInput([{ pointer: 'to', message: `ask for ${MONTHS} months at most` }]);
    }
    const root = organId ?? onlyOrganOf(actor, counting);
    const raw = await this.database.as(actor, async (manager) => {
      const [seen, parameters] = this.cases
        .matching(manager, actor, organId ? { organId } : {}, 'read-figures')
        .select('case.id', 'id')
        .addSelect('case.organId', 'organ_id')
        .addSelect('case.status', 'status')
        .addSelect('case.receivedAt', 'received_at')
        .addSelect('case.decidedOn', 'decided_on')
        .getQueryAndParameters();
      const n = parameters.length;
      const [row] = await manager.query<[{ figures: RawFigures }]>(
        figuresOf(seen, { from: n + 1, to: n + 2, root: n + 3 }),
        [...(parameters as unknown[]), from, to, root],
      );
      return row.figures;
    });
    return told(raw, { from, to, organId: organId ?? null });
  }

  /** The same as a file. */
  async csv(actor: Actor, query: StatisticsQuery): Promise<StreamableFile> {
    const view = await this.statistics(actor, query);
    return new StreamableFile(Buffer.from(inCsv(view), 'utf8'), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="statistics-${view.from}-${view.to}.csv"`,
    });
  }
}
