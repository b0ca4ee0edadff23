import { Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { abilityFor, type Ability } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { readableFields } from '../access/authorize.js';
import { CaseDatabase } from '../access/case-database.js';
import { caseFileFields, identityField } from '../access/policy.js';
import { whereAccessible } from '../access/where-accessible.js';
import { tellsReporter, tellsRows } from '../audit/disclosures.js';
import { HistoryService, type HistoryEntry } from '../audit/history.service.js';
import type { Protected } from '../access/shapes.js';
import { notFound } from '../common/errors.js';
import { Case } from '../intake/case.entity.js';
import { caseRecords, deedsFrom, isRecordable } from '../intake/case.states.js';
import { CaseHeaderView } from '../intake/dto/case.view.js';
import { UrgentMeasureView } from '../intake/dto/measure.view.js';
import { cameInAt, measuresOf } from '../intake/measures.js';
import { computedFacts, missingBeforeReport } from '../intake/facts.js';
import { LogService } from '../log/log.service.js';
import { Vault, type KnownReporter } from '../vault/vault.js';
import { CASE_FILE, type CaseFileRow } from './case-file.sql.js';
import {
  AllegationView,
  CaseFileView,
  HistoryPage,
  type HistoryEntryView,
  type SanctionSummaryView,
} from './dto/case-file.view.js';
import type { CaseHistoryQuery } from './dto/history.dto.js';
import { isFiltered, matches } from './history-filter.js';
import { historyEntryView, placed } from './history-views.js';
import { sanctionDeedsFrom, type SanctionDeed } from '../sanctions/sanction.states.js';

/** How many entries are looked at at once when only some of them match. */
const BATCH = 200;

/** Reads the whole of a case, each reader as far as they may see it. */
@Injectable()
export class CaseFilesService {
  constructor(
    private readonly database: CaseDatabase,
    private readonly histories: HistoryService,
    private readonly vault: Vault,
    private readonly log: LogService,
  ) {}

  /** @throws 404 unless the actor may read the case */
  async get(actor: Actor, id: string): Promise<CaseFileView> {
    const [found] = await this.filesOf(actor, (manager) => caseWith(manager, id));
    if (!found) throw notFound('case');
    return found.file;
  }

  /** The files of those cases of a query with the alias `case` that the actor may read, in one round trip. */
  async filesOf(
    actor: Actor,
    query: (manager: EntityManager) => SelectQueryBuilder<Case>,
  ): Promise<{ row: Case; file: CaseFileView }[]> {
    const ability = abilityFor(actor);
    const { entities, raw } = await this.database.as(actor, (manager) =>
      whereAccessible(query(manager), ability, 'read', 'Case')
        .addSelect(CASE_FILE, 'file')
        .getRawAndEntities<{ file: CaseFileRow }>(),
    );
    return entities.map((row, i) => ({
      row,
      file: this.fileView(row, raw[i]!.file, ability),
    }));
  }

  private fileView(row: Case, parts: CaseFileRow, ability: Ability): CaseFileView {
    const fields = readableFields(ability, row);
    return caseFileView(row, parts, fields, ability, () => reporterIn(this.vault, row.id, parts.reporter));
  }

  async allegations(actor: Actor, id: string): Promise<AllegationView[]> {
    return (await this.get(actor, id)).allegations;
  }

  /** One allegation. @throws 404 unless the actor may read its case's allegations */
  async allegation(actor: Actor, id: string): Promise<AllegationView> {
    // A hidden case must answer like an allegation that does not exist.
    const readable = await this.database.as(actor, (manager) =>
      whereAccessible(
        manager
          .createQueryBuilder(Case, 'case')
          .where('case.id = (SELECT a.case_id FROM app.allegation a WHERE a.id = :id)', { id }),
        abilityFor(actor),
        'read',
        'Case',
      ).getOne(),
    );
    const file = readable && (await this.get(actor, readable.id));
    const allegation = file?.allegations.find((one) => one.id === id);
    if (!allegation) throw notFound('allegation');
    return allegation;
  }

  /** All events of a case, the oldest first. */
  async history(actor: Actor, id: string): Promise<HistoryEntryView[]> {
    const row = await this.readable(actor, id);
    const entries: HistoryEntry[] = [];
    for await (const entry of this.histories.all(id)) entries.push(entry);
    return this.entryViews(actor, row, entries);
  }

  /** A page of the events of a case that match, the oldest first, each with its place in the log. */
  async historyPage(actor: Actor, id: string, query: CaseHistoryQuery): Promise<HistoryPage> {
    const row = await this.readable(actor, id);
    const entries = await this.matching(id, query);
    const shown = entries.slice(0, query.limit);
    const [views, places] = await Promise.all([
      this.entryViews(actor, row, shown),
      this.log.placesOf(id, shown[0]?.seq ?? 0, shown.at(-1)?.seq ?? -1),
    ]);
    return Object.assign(new HistoryPage(), {
      items: placed(views, places),
      nextCursor: entries.length > query.limit ? String(shown.at(-1)!.seq) : null,
    });
  }

  /** As many matching entries as the page takes and one more, if there are. */
  private async matching(id: string, query: CaseHistoryQuery): Promise<HistoryEntry[]> {
    const atOnce = isFiltered(query) ? BATCH : query.limit + 1;
    const found: HistoryEntry[] = [];
    for (let after = query.cursor ?? -1; found.length <= query.limit;) {
      const batch = await this.histories.read(id, after, atOnce);
      found.push(...batch.filter((entry) => matches(entry, query)));
      if (batch.length < atOnce) break;
      after = batch.at(-1)!.seq;
    }
    return found;
  }

  /** All events of each of these cases that the actor may read, the oldest first; cases in the order of their ids. */
  async *historiesOf(
    actor: Actor,
    rows: readonly Case[],
  ): AsyncGenerator<HistoryEntryView[], void, undefined> {
    const entries = this.histories.allOf(rows.map(({ id }) => id));
    const names = new Map<string, string>();
    let next = await entries.next();
    for (const row of rows) {
      const own: HistoryEntry[] = [];
      for (; !next.done && next.value.stream === row.id; next = await entries.next()) own.push(next.value);
      yield this.entryViews(actor, row, own, names);
    }
  }

  private async readable(actor: Actor, id: string): Promise<Case> {
    const row = await this.find(actor, id);
    if (!row) throw notFound('case');
    return row;
  }

  private find(actor: Actor, id: string): Promise<Case | null> {
    return this.database.as(actor, (manager) =>
      whereAccessible(caseWith(manager, id), abilityFor(actor), 'read', 'Case').getOne(),
    );
  }

  /** A value that the reader may not see is left out, and with it the disclosure that would prove it. */
  private async entryViews(
    actor: Actor,
    row: Case,
    entries: readonly HistoryEntry[],
    names = new Map<string, string>(),
  ): Promise<HistoryEntryView[]> {
    const fields = readableFields(abilityFor(actor), row);
    const visible = (name: string): boolean => {
      if (tellsReporter(name)) return fields.has(identityField);
      if (name === 'statement') return fields.has('statement');
      // A row holds everything at once.
      if (tellsRows(name)) return caseFileFields.every((field) => fields.has(field));
      return fields.has('procedure');
    };
    const unknown = entries.map(({ actor: { uid } }) => uid).filter((id) => !names.has(id));
    for (const [id, name] of await this.histories.namesOf(unknown)) names.set(id, name);
    return entries.map((entry) => historyEntryView(entry, visible, names));
  }
}

const caseWith = (manager: EntityManager, id: string): SelectQueryBuilder<Case> =>
  manager.createQueryBuilder(Case, 'case').where('case.id = :id', { id });

function caseFileView(
  row: Case,
  parts: CaseFileRow,
  fields: ReadonlySet<string>,
  ability: Ability,
  reporter: () => KnownReporter,
): CaseFileView {
  const may = <T, I>(field: string, value: T, instead: I): T | I => (fields.has(field) ? value : instead);
  const redacted = ['statement', 'allegations', 'people', 'procedure', 'sanctions', identityField].filter(
    (field) => !fields.has(field),
  );
  const hidden = { $redacted: 'reporter' };
  const identity = fields.has(identityField)
    ? reporter()
    : { name: hidden, contact: hidden, officerId: hidden };
  return Object.assign(new CaseFileView(), CaseHeaderView.of(row), {
    organ: parts.organ,
    statement: may('statement', parts.statement, null),
    reporter: { kind: row.reporterKind, ...identity },
    allegations: may(
      'allegations',
      (parts.allegations ?? []).map((one) => allegationView(row, one)),
      [],
    ),
    investigators: may('people', parts.investigators ?? [], []),
    sanctions: may(
      'sanctions',
      (parts.sanctions ?? []).map((one) => ({ ...one, allowed: allowedOn(one, row, ability) })),
      [],
    ),
    deeds: may('procedure', parts.deeds ?? [], []),
    allowed: deedsFrom(row.status).filter((deed) => ability.can(deed, row)),
    recordable: caseRecords.filter((record) => isRecordable(record, row.status) && ability.can(record, row)),
    redacted,
  });
}

/** The deeds on a sanction that its state, the case and the rules on both allow. */
function allowedOn(
  { status, officerId }: Pick<SanctionSummaryView, 'status' | 'officerId'>,
  row: Case,
  ability: Ability,
): SanctionDeed[] {
  const sanction: Protected<'Sanction'> = { __caslSubjectType__: 'Sanction', status, officerId };
  return sanctionDeedsFrom(status, row.status).filter(
    (deed) =>
      ability.can(deed, sanction) && ability.can(deed === 'decide' ? 'decide' : 'serve-decision', row),
  );
}

/** Read only where it may be shown. */
function reporterIn(vault: Vault, caseId: string, found: CaseFileRow['reporter']): KnownReporter {
  const sealed = found?.sealed ? Buffer.from(found.sealed, 'base64') : null;
  return vault.openIdentity(caseId, { sealed, officerId: found?.officerId ?? null });
}

type AllegationRow = NonNullable<CaseFileRow['allegations']>[number];

const allegationView = (row: Case, { createdAt, ...allegation }: AllegationRow): AllegationView =>
  Object.assign(new AllegationView(), allegation, {
    caseId: row.id,
    measures: measureViews(row, allegation, createdAt),
    computed: computedFacts(allegation.category, allegation.facts),
    missing: missingBeforeReport(allegation.category, allegation.facts),
    subjects: allegation.subjects ?? [],
    affectedPersons: allegation.affectedPersons ?? [],
    findings: allegation.findings ?? [],
  });

/** What is called for at once, each with what was recorded about it. */
const measureViews = (
  row: Case,
  { category, measures }: Pick<AllegationRow, 'category' | 'measures'>,
  createdAt: string,
): UrgentMeasureView[] =>
  measuresOf(category, cameInAt(row, new Date(createdAt))).map(({ code, text, source, dueAt }) =>
    Object.assign(new UrgentMeasureView(), {
      code,
      text,
      source,
      dueAt: dueAt?.toISOString() ?? null,
      records: (measures ?? []).filter((one) => one.code === code).map(({ code: _, ...record }) => record),
    }),
  );
