import { Injectable, StreamableFile } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { languageOf, type Actor } from '../access/actor.js';
import { CaseDatabase } from '../access/case-database.js';
import { inLanguage, said, type Language, type Words } from '../common/words.js';
import { conflict } from '../common/errors.js';
import { Organ } from '../organs/organ.entity.js';
import { deploymentRules, rulesInForce } from '../rulebook/deployment-rules.js';
import { dayOf } from './check.js';
import { DeploymentDeedRecord } from './deployment-deed.entity.js';
import type { Deployment } from './deployment.entity.js';
import { DeploymentsService } from './deployments.service.js';
import type { RefusalQuery } from './dto/decision.dto.js';
import { RefusalView } from './dto/refusal.view.js';
import { outcomeWords } from './judgement.js';
import { inChina } from './request-columns.js';

/** Where to knock when no entry of the list of non-police activities says it (国办发〔2022〕12号). */
const GENERAL_DOOR = {
  code: 'GENERAL',
  door: said`the hotline 12345, which passes it to the department in charge`,
};

/** A refusal on paper: why, by which article, where to go instead, and how to have it looked at again. */
@Injectable()
export class RefusalsService {
  constructor(
    private readonly deployments: DeploymentsService,
    private readonly database: CaseDatabase,
  ) {}

  /** @throws 409 unless it was refused */
  async print(actor: Actor, id: string, { format }: RefusalQuery): Promise<RefusalView | StreamableFile> {
    const row = await this.deployments.wholly(actor, id);
    const language = languageOf(actor);
    const view = await this.database.as(actor, (manager) => this.refusalOf(manager, row, language));
    if (format !== 'markdown') return view;
    return new StreamableFile(Buffer.from(inMarkdown(view, language), 'utf8'), {
      type: 'text/markdown; charset=utf-8',
      disposition: `attachment; filename="refusal-${row.reference}.md"`,
    });
  }

  private async refusalOf(manager: EntityManager, row: Deployment, language: Language): Promise<RefusalView> {
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
    const known = rules.nonPolice
      .filter(({ id }) => row.npCodes.includes(id))
      .map(({ id: code, door }) => ({ code, door }));
    const doors = known.length > 0 ? known : [GENERAL_DOOR];
    const decisive = inLanguage(row.test!, language).reasons.find((reason) => reason.decisive);
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
      doors: inLanguage(doors, language),
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

function inMarkdown(refusal: RefusalView, language: Language): string {
  const { reference, refusedBy, refusedAt, level, startsAt, endsAt, reviewBy } = refusal;
  const title = { en: `Refusal ${reference} 不予批准决定`, zh: `不予批准决定 ${reference}` };
  const text = (words: Words): string => words[language];
  return [
    `# ${text(title)}`,
    text(said`${refusedBy}, ${refusedAt}, level ${level}`),
    `## ${text(said`Request`)}\n\n${quoted(refusal.requester)}\n\n${quoted(refusal.purpose)}\n\n${quoted(refusal.place)}\n\n${text(said`${startsAt} to ${endsAt}`)}`,
    `## ${text(said`Reason`)}\n\n${quoted(refusal.reason)}`,
    ...(refusal.answer
      ? [
          `## ${text(said`Duty test: ${outcomeWords(refusal.outcome, deploymentRules)}`)}\n\n${refusal.question ?? ''}\n\n${quoted(refusal.answer)}\n\n${text(said`Article: ${refusal.article ?? ''}`)}\n\n${text(said`What would change it: ${refusal.changes ?? ''}`)}`,
        ]
      : []),
    `## ${text(said`The right door`)}\n\n${refusal.doors.map(({ code, door }) => `- ${door} (${code})`).join('\n')}`,
    `## ${text(said`Review`)}\n\n${text(
      reviewBy
        ? said`You may ask once that ${reviewBy} looks at it again (警察法 43).`
        : said`There is no further review.`,
    )}`,
    '',
  ].join('\n\n');
}
