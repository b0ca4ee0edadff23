import { Injectable, StreamableFile } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { conflict } from '../common/errors.js';
import { Organ } from '../organs/organ.entity.js';
import { deploymentRules, rulesInForce } from '../rulebook/deployment-rules.js';
import { dayOf } from './check.js';
import { DeploymentDeedRecord } from './deployment-deed.entity.js';
import type { Deployment } from './deployment.entity.js';
import { DeploymentsService } from './deployments.service.js';
import type { RefusalQuery } from './dto/decision.dto.js';
import { RefusalView } from './dto/refusal.view.js';
import { inChina } from './request-columns.js';

/** Where to knock when no entry of the list of non-police activities says it (国办发〔2022〕12号). */
const GENERAL_DOOR = {
  code: 'GENERAL',
  door: 'the hotline 12345, which passes it to the department in charge',
};

/** A refusal on paper: why, by which article, where to go instead, and how to have it looked at again. */
@Injectable()
export class RefusalsService {
  constructor(
    private readonly deployments: DeploymentsService,
    private readonly dataSource: DataSource,
  ) {}

  /** @throws 409 unless it was refused */
  async print(actor: Actor, id: string, { format }: RefusalQuery): Promise<RefusalView | StreamableFile> {
    const row = await this.deployments.wholly(actor, id);
    const view = await this.refusalOf(row);
    if (format === 'json') return view;
    return new StreamableFile(Buffer.from(inMarkdown(view), 'utf8'), {
      type: 'text/markdown; charset=utf-8',
      disposition: `attachment; filename="refusal-${row.reference}.md"`,
    });
  }

  private async refusalOf(row: Deployment): Promise<RefusalView> {
    const { manager } = this.dataSource;
    const [refused] = await manager.find(DeploymentDeedRecord, {
      where: { deploymentId: row.id, deed: 'refuse' },
      order: { id: 'DESC' },
      take: 1,
    });
    if (!refused || !['REFUSED', 'UNDER_REVIEW', 'REFUSED_FINALLY'].includes(row.status)) {
      throw conflict('not-refused', `A request that is ${row.status} has no refusal to print.`, {
        state: row.status,
      });
    }
    const organ = await manager.findOneByOrFail(Organ, { id: refused.organId! });
    const higher = organ.path[1] ? await manager.findOneBy(Organ, { id: organ.path[1] }) : null;
    const rules = rulesInForce(deploymentRules, dayOf(inChina(row.startsAt)));
    const doors = rules.nonPolice
      .filter(({ id }) => row.npCodes.includes(id))
      .map(({ id: code, door }) => ({ code, door }));
    const decisive = row.test!.reasons.find((reason) => reason.decisive);
    return Object.assign(new RefusalView(), {
      id: row.id,
      reference: row.reference,
      requester: row.requesterName,
      purpose: row.purpose,
      place: row.place,
      startsAt: inChina(row.startsAt),
      endsAt: inChina(row.endsAt),
      refusedBy: organ.name,
      refusedAt: inChina(refused.doneAt),
      level: row.decisionLevel!,
      outcome: row.outcome!,
      reason: refused.reason,
      question: decisive?.asks ?? null,
      answer: decisive?.answer ?? null,
      article: decisive?.article ?? null,
      changes: decisive?.changes ?? null,
      doors: doors.length > 0 ? doors : [GENERAL_DOOR],
      reviewBy: row.status === 'REFUSED' ? (higher?.name ?? null) : null,
    });
  }
}

/** A text of others, so that nothing in it is taken for a heading. */
const quoted = (text: string): string =>
  text
    .split(/\r?\n/)
    .map((line) => `> ${line}`)
    .join('\n');

const inMarkdown = (refusal: RefusalView): string =>
  [
    `# Refusal ${refusal.reference} 不予出警决定`,
    `${refusal.refusedBy}, ${refusal.refusedAt}, level ${refusal.level}`,
    `## Request\n\n${quoted(refusal.requester)}\n\n${quoted(refusal.purpose)}\n\n${quoted(refusal.place)}\n\n${refusal.startsAt} to ${refusal.endsAt}`,
    `## Reason\n\n${quoted(refusal.reason)}`,
    ...(refusal.answer
      ? [
          `## Duty test: ${refusal.outcome}\n\n${refusal.question ?? ''}\n\n${quoted(refusal.answer)}\n\nArticle: ${refusal.article ?? ''}\n\nWhat would change it: ${refusal.changes ?? ''}`,
        ]
      : []),
    `## The right door\n\n${refusal.doors.map(({ code, door }) => `- ${door} (${code})`).join('\n')}`,
    refusal.reviewBy
      ? `## Review\n\nYou may ask once that ${refusal.reviewBy} looks at it again (警察法 43).`
      : '## Review\n\nThere is no further review.',
    '',
  ].join('\n\n');
