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
import { notFound } from '../common/errors.js';
import { Case } from '../intake/case.entity.js';
import { deedsFrom } from '../intake/case.states.js';
import { CaseHeaderView } from '../intake/dto/case.view.js';
import { computedFacts, missingBeforeReport } from '../intake/facts.js';
import { Vault, type KnownReporter } from '../vault/vault.js';
import { CASE_FILE, type CaseFileRow } from './case-file.sql.js';
import { AllegationView, CaseFileView, HistoryPage, type HistoryEntryView } from './dto/case-file.view.js';
import type { HistoryQuery } from './dto/history.dto.js';
import { historyEntryView } from './history-views.js';

/** Reads the whole of a case, each reader as far as they may see it. */
@Injectable()
export class CaseFilesService {
  constructor(
    private readonly database: CaseDatabase,
    private readonly histories: HistoryService,
    private readonly vault: Vault,
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

  /** A page of the events of a case, the oldest first. */
  async historyPage(actor: Actor, id: string, { limit, cursor }: HistoryQuery): Promise<HistoryPage> {
    const row = await this.readable(actor, id);
    const entries = await this.histories.read(id, cursor ?? -1, limit + 1);
    const shown = entries.slice(0, limit);
    return Object.assign(new HistoryPage(), {
      items: await this.entryViews(actor, row, shown),
      nextCursor: entries.length > limit ? String(shown.at(-1)!.seq) : null,
    });
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
      (parts.allegations ?? []).map((one) => allegationView(row.id, one)),
      [],
    ),
    investigators: may('people', parts.investigators ?? [], []),
    sanctions: may('sanctions', parts.sanctions ?? [], []),
    deeds: may('procedure', parts.deeds ?? [], []),
    allowed: deedsFrom(row.status).filter((deed) => ability.can(deed, row)),
    redacted,
  });
}

/** Read only where it may be shown. */
function reporterIn(vault: Vault, caseId: string, found: CaseFileRow['reporter']): KnownReporter {
  const sealed = found?.sealed ? Buffer.from(found.sealed, 'base64') : null;
  return vault.openIdentity(caseId, { sealed, officerId: found?.officerId ?? null });
}

const allegationView = (
  caseId: string,
  allegation: NonNullable<CaseFileRow['allegations']>[number],
): AllegationView =>
  Object.assign(new AllegationView(), allegation, {
    caseId,
    computed: computedFacts(allegation.category, allegation.facts),
    missing: missingBeforeReport(allegation.category, allegation.facts),
    subjects: allegation.subjects ?? [],
    affectedPersons: allegation.affectedPersons ?? [],
    findings: allegation.findings ?? [],
  });
