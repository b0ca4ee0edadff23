import { Controller, Get, Query } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { HistoryService } from '../audit/history.service.js';
import { RecordsRead } from '../audit/recorded-reads.js';
import { DeploymentsService } from '../deployments/deployments.service.js';
import { CurrentActor } from '../http/current-actor.js';
import { IdParam } from '../http/id-param.js';
import { Needs } from '../http/needs.js';
import { LogService } from '../log/log.service.js';
import { HistoryPage } from './dto/case-file.view.js';
import { HistoryQuery } from './dto/history.dto.js';
import { historyEntryView, placed } from './history-views.js';

@Controller('deployments')
export class DeploymentHistoryController {
  constructor(
    private readonly deployments: DeploymentsService,
    private readonly histories: HistoryService,
    private readonly log: LogService,
  ) {}

  /** The audit trail of a request for police in words, the oldest entry first, each with what proves it. */
  @Get(':id/history')
  @Needs('read', 'Deployment')
  @RecordsRead(({ items }: HistoryPage, { params }) => ({
    type: 'deployment.history-read',
    stream: params['id'] as string,
    target: { kind: 'deployment', id: params['id'] as string },
    values: { from: items[0]?.seq ?? null, to: items.at(-1)?.seq ?? null },
  }))
  async history(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Query() { limit, cursor }: HistoryQuery,
  ): Promise<HistoryPage> {
    await this.deployments.wholly(actor, id);
    const entries = await this.histories.read(id, cursor ?? -1, limit + 1);
    const shown = entries.slice(0, limit);
    const names = await this.histories.namesOf(shown.map(({ actor: { uid } }) => uid));
    return Object.assign(new HistoryPage(), {
      items: placed(
        shown.map((entry) => historyEntryView(entry, () => true, names)),
        await this.log.placesOf(id, shown[0]?.seq ?? 0, shown.at(-1)?.seq ?? -1),
      ),
      nextCursor: entries.length > limit ? String(shown.at(-1)!.seq) : null,
    });
  }
}
