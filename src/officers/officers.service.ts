import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { SYSTEM_STREAM } from '../audit/streams.js';
import { sqlState, UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { Clock, legalDay } from '../common/clock.js';
import { conflict, invalidInput, notFound } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { containing } from '../common/text.js';
import { checkVersion } from '../common/versions.js';
import { newestFirst } from '../database/newest-first.js';
import { rowsOf } from '../database/insert-rows.js';
import type { CreateOfficerDto, ListOfficersQuery, UpdateOfficerDto } from './dto/officer.dto.js';
import { OfficerPage, OfficerView, OfficerWithAppointmentsView } from './dto/officer.view.js';
import { Appointment, Officer } from './officer.entity.js';

/** An officer as another system knows them. */
export interface ImportedOfficer {
  /** What the other system calls them. */
  readonly key: string;
  readonly badgeNumber?: string | null;
  readonly name?: string | null;
  readonly rank?: string | null;
  readonly birthYear?: number | null;
  /** An organ that exists here; with it the officer is appointed there, from an unknown day. */
  readonly organId?: string | null;
  readonly post?: string | null;
}

/** The post of an imported officer whose source tells the organ only. */
const UNKNOWN_POST = 'UNKNOWN';

@Injectable()
export class OfficersService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  create(actor: Actor, dto: CreateOfficerDto): Promise<OfficerView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const officer = tx.manager.create(Officer, {
        id: newId(),
        badgeNumber: dto.badgeNumber,
        name: dto.name,
        rank: dto.rank ?? null,
        birthYear: dto.birthYear ?? null,
        originSystem: null,
        originKey: null,
        version: 1,
        createdAt: tx.now,
      });
      tx.require('create', 'Officer', officer);
      refuseUnbornOfficer(tx, officer);
      await tx.insert(rowsOf(Officer, [officer])).catch(refuseTakenBadgeNumber);
      const { id, badgeNumber, name, rank, birthYear } = officer;
      tx.record({
        type: 'officer.created',
        stream: SYSTEM_STREAM,
        target: { kind: 'officer', id, rev: 1 },
        values: { badgeNumber, name, rank, birthYear },
      });
      return OfficerView.of(officer);
    });
  }

  update(actor: Actor, id: string, version: number, dto: UpdateOfficerDto): Promise<OfficerView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const officer = await this.lock(tx, id, version);
      const changes = applyChanges(officer, dto);
      if (Object.keys(changes).length === 0) {
        throw invalidInput([{ pointer: '', message: 'names nothing that would change' }]);
      }
      refuseUnbornOfficer(tx, officer);
      officer.version++;
      await tx.save(officer).catch(refuseTakenBadgeNumber);
      tx.record({
        type: 'officer.updated',
        stream: SYSTEM_STREAM,
        target: { kind: 'officer', id, rev: officer.version },
        values: { ...changes, reason: dto.reason },
      });
      return OfficerView.of(officer);
    });
  }

  /**
   * The officers of another system by its keys, inside a transaction of an import; who is not here yet is recorded.
   * Whoever is here already stays as they are. The import has a permission of its own, so none is asked for.
   */
  async findOrCreateImported(
    tx: Transaction,
    system: string,
    entries: readonly ImportedOfficer[],
  ): Promise<{ ids: Map<string, string>; added: number }> {
    const wanted = new Map<string, ImportedOfficer>();
    for (const entry of entries) if (!wanted.has(entry.key)) wanted.set(entry.key, entry);
    const ids = await idsOf(tx, system, [...wanted.keys()]);
    const missing = (): ImportedOfficer[] => [...wanted.values()].filter(({ key }) => !ids.has(key));
    if (missing().length > 0) {
      // Another import may be adding the same officers at this moment: wait for it, then look again.
      await tx.manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `officers of ${system}`,
      ]);
      const others = await idsOf(
        tx,
        system,
        missing().map(({ key }) => key),
      );
      others.forEach((id, key) => ids.set(key, id));
    }
    const added = missing().map((entry) => ({ entry, officer: importedOfficer(tx, system, entry) }));
    await tx.insert(
      rowsOf(
        Officer,
        added.map(({ officer }) => officer),
      ),
      rowsOf(
        Appointment,
        added.flatMap(({ entry, officer }) => importedAppointment(tx, entry, officer.id)),
      ),
    );
    for (const { entry, officer } of added) {
      ids.set(entry.key, officer.id);
      tx.record({
        type: 'officer.created',
        stream: SYSTEM_STREAM,
        target: { kind: 'officer', id: officer.id, rev: 1 },
        values: { system, ...entry },
      });
    }
    return { ids, added: added.length };
  }

  async get(id: string): Promise<OfficerWithAppointmentsView> {
    const { manager } = this.dataSource;
    const officer = await manager.findOneBy(Officer, { id });
    if (!officer) throw notFound('officer');
    const appointments = await manager.find(Appointment, { where: { officerId: id }, order: { id: 'DESC' } });
    return OfficerWithAppointmentsView.with(officer, appointments);
  }

  /** Newest first. Every signed-in person may see the officers. */
  async list(query: ListOfficersQuery): Promise<OfficerPage> {
    const matching = this.dataSource.manager.createQueryBuilder(Officer, 'officer');
    if (query.q) {
      matching.andWhere('(officer.badgeNumber ILIKE :q OR officer.name ILIKE :q)', {
        q: containing(query.q),
      });
    }
    if (query.organId) {
      matching.andWhere(
        `EXISTS (SELECT 1 FROM app.appointment a JOIN app.organ o ON o.id = a.organ_id
                 WHERE a.officer_id = officer.id AND o.path @> ARRAY[:under]::uuid[]
                   AND (a.valid_from IS NULL OR a.valid_from <= :today)
                   AND (a.valid_to IS NULL OR a.valid_to >= :today))`,
        { under: query.organId, today: legalDay(this.clock.now()) },
      );
    }
    return newestFirst(matching, query, (officer) => OfficerView.of(officer));
  }

  /**
   * Loads an officer to change them or their appointments: locked until the transaction ends.
   * @throws 404 when there is none, 403 unless the actor may change it, 412 when it is no longer the version they read
   */
  async lock(tx: Transaction, id: string, version?: number): Promise<Officer> {
    const officer = await tx.manager.findOne(Officer, { where: { id }, lock: { mode: 'pessimistic_write' } });
    if (!officer) throw notFound('officer');
    tx.require('update', 'Officer', officer);
    if (version !== undefined) checkVersion(officer, version);
    return officer;
  }
}

type Changes = Record<string, { from: unknown; to: unknown }>;

/** Sets what the body names, and says what changed. */
function applyChanges(officer: Officer, dto: UpdateOfficerDto): Changes {
  const changes: Changes = {};
  const set = <F extends 'badgeNumber' | 'name' | 'rank' | 'birthYear'>(
    field: F,
    to: Officer[F] | undefined,
  ): void => {
    if (to === undefined || to === officer[field]) return;
    changes[field] = { from: officer[field], to };
    officer[field] = to;
  };
  set('badgeNumber', dto.badgeNumber);
  set('name', dto.name);
  set('rank', dto.rank);
  set('birthYear', dto.birthYear);
  return changes;
}

function refuseUnbornOfficer({ now }: Transaction, { birthYear }: Officer): void {
  if (birthYear === null || birthYear <= Number(legalDay(now).slice(0, 4))) return;
  throw invalidInput([{ pointer: '/birthYear', message: 'must not be in the future' }]);
}

function refuseTakenBadgeNumber(error: unknown): never {
  if (sqlState(error) !== '23505') throw error;
  throw conflict('badge-number-taken', 'Another officer has this badge number already.', {
    errors: [{ pointer: '/badgeNumber', message: 'another officer has this badge number' }],
  });
}

async function idsOf({ manager }: Transaction, system: string, keys: string[]): Promise<Map<string, string>> {
  const rows = await manager.query<{ id: string; key: string }[]>(
    'SELECT id, origin_key AS key FROM app.officer WHERE origin_system = $1 AND origin_key = ANY($2)',
    [system, keys],
  );
  return new Map(rows.map(({ key, id }) => [key, id]));
}

const importedOfficer = (
  tx: Transaction,
  system: string,
  entry: ImportedOfficer,
): Omit<Officer, '__caslSubjectType__'> => ({
  id: newId(),
  badgeNumber: entry.badgeNumber ?? null,
  name: entry.name ?? null,
  rank: entry.rank ?? null,
  birthYear: entry.birthYear ?? null,
  originSystem: system,
  originKey: entry.key,
  version: 1,
  createdAt: tx.now,
});

const importedAppointment = (
  { now }: Transaction,
  { organId, post }: ImportedOfficer,
  officerId: string,
): Appointment[] =>
  organId
    ? [
        {
          id: newId(),
          officerId,
          organId,
          post: post ?? UNKNOWN_POST,
          leads: false,
          validFrom: null,
          validTo: null,
          recordedAt: now,
          version: 1,
        },
      ]
    : [];
