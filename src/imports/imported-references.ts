import { createHash } from 'node:crypto';
import type { Actor } from '../access/actor.js';
import type { WorkerDatabase } from '../database/worker-database.js';
import type { UnitOfWork } from '../audit/unit-of-work.js';
import type { ImportedOfficer, OfficersService } from '../officers/officers.service.js';
import type { OrgansService } from '../organs/organs.service.js';
import type { CasePlan, OfficerRef, OrganRef } from './case-plan.js';
import type { Tally } from './tally.js';

/** Organs and officers of the source's own names, with their ids here. */
export interface Resolved {
  readonly organs: ReadonlyMap<string, string>;
  readonly officers: ReadonlyMap<string, string>;
}

interface Run {
  readonly actor: Actor;
  readonly system: string;
  /** The organ under which units are added; null in a dry run of an organ that is not here yet. */
  readonly organId: string | null;
  readonly dryRun: boolean;
}

/** So many officers are kept in memory; a police force has fewer, and a source with more only asks again. */
const MAX_KEPT = 100_000;

/**
 * Finds the organs and officers that cases name and adds those that are not here, in a transaction before that of the
 * cases: two batches that are written at once then never wait for each other, and who names an officer first does not
 * depend on which of them is faster. An import that ends in between leaves officers without a case, whom the next
 * one finds.
 */
export class ImportedReferences {
  private last: Promise<unknown> = Promise.resolve();
  private readonly organIds = new Map<string, string>();
  private readonly officerIds = new Map<string, string>();

  constructor(
    private readonly run: Run,
    private readonly worker: WorkerDatabase,
    private readonly unitOfWork: UnitOfWork,
    private readonly organs: OrgansService,
    private readonly officers: OfficersService,
    private readonly tally: Tally,
  ) {}

  /** One batch after the other, in the order in which they are asked for. */
  resolve(plans: readonly CasePlan[]): Promise<Resolved> {
    const resolved = this.last.then(() => this.resolveNow(plans));
    this.last = resolved.catch(() => undefined);
    return resolved;
  }

  private async resolveNow(plans: readonly CasePlan[]): Promise<Resolved> {
    const officers = new Map<string, OfficerRef>();
    const organs = new Map<string, OrganRef>();
    const note = (organ: OrganRef | undefined): void => {
      if (organ && !organs.has(organ.code)) organs.set(organ.code, organ);
    };
    for (const { allegations } of plans) {
      for (const { organ, subjects } of allegations) {
        note(organ);
        for (const { officer } of subjects) {
          if (!officer || officers.has(officer.key)) continue;
          officers.set(officer.key, officer);
          note(officer.organ);
        }
      }
    }
    if (this.officerIds.size > MAX_KEPT) this.officerIds.clear();
    await this.find(organs, officers);
    const newOrgans = [...organs.values()].filter(({ code }) => !this.organIds.has(code));
    const newOfficers = [...officers.values()].filter(({ key }) => !this.officerIds.has(key));
    if (newOrgans.length + newOfficers.length > 0) await this.add(newOrgans, newOfficers);
    const ids = (keys: Iterable<string>, from: ReadonlyMap<string, string>): Map<string, string> =>
      new Map([...keys].map((key) => [key, from.get(key)!]));
    return { organs: ids(organs.keys(), this.organIds), officers: ids(officers.keys(), this.officerIds) };
  }

  private async find(
    organs: ReadonlyMap<string, OrganRef>,
    officers: ReadonlyMap<string, OfficerRef>,
  ): Promise<void> {
    const codes = new Map(
      [...organs.keys()].filter((code) => !this.organIds.has(code)).map((code) => [this.codeOf(code), code]),
    );
    if (codes.size > 0) {
      const rows = await this.worker.query<{ code: string; id: string }[]>(
        'SELECT code, id FROM app.organ WHERE code = ANY($1)',
        [[...codes.keys()]],
      );
      for (const { code, id } of rows) this.organIds.set(codes.get(code)!, id);
    }
    const keys = [...officers.keys()].filter((key) => !this.officerIds.has(key));
    if (keys.length > 0) {
      const rows = await this.worker.query<{ key: string; id: string }[]>(
        'SELECT origin_key AS key, id FROM app.officer WHERE origin_system = $1 AND origin_key = ANY($2)',
        [this.run.system, keys],
      );
      for (const { key, id } of rows) this.officerIds.set(key, id);
    }
  }

  private async add(organs: readonly OrganRef[], officers: readonly OfficerRef[]): Promise<void> {
    this.tally.add('organs', organs.length);
    this.tally.add('officers', officers.length);
    if (this.run.dryRun) {
      for (const { code } of organs) this.organIds.set(code, '');
      for (const { key } of officers) this.officerIds.set(key, '');
      return;
    }
    await this.unitOfWork.run(this.run.actor, async (tx) => {
      for (const { code, name } of organs) {
        const parentId = this.run.organId;
        const added = await this.organs.addImported(tx, {
          parentId,
          code: this.codeOf(code),
          name,
          level: 'STATION',
        });
        this.organIds.set(code, added.id);
      }
      const entries = officers.map((officer) => this.entryOf(officer));
      const { ids } = await this.officers.findOrCreateImported(tx, this.run.system, entries);
      ids.forEach((id, key) => this.officerIds.set(key, id));
    });
  }

  private entryOf({ key, badgeNumber, name, rank, birthYear, post, organ }: OfficerRef): ImportedOfficer {
    return {
      key,
      ...(badgeNumber === undefined ? {} : { badgeNumber }),
      ...(name === undefined ? {} : { name }),
      ...(rank === undefined ? {} : { rank }),
      ...(birthYear === undefined ? {} : { birthYear }),
      ...(organ ? { organId: this.organIds.get(organ.code)! } : {}),
      ...(post === undefined ? {} : { post }),
    };
  }

  private codeOf(code: string): string {
    return organCode(this.run.system, code);
  }
}

const MAX_CODE = 80;

/** The code of a unit of a source: of signs that a code may have, and still different for different units. */
export function organCode(system: string, code: string): string {
  const whole = `${system}:${code}`;
  const plain = whole.replaceAll(/[^A-Za-z0-9 ._:/-]/g, '-');
  if (plain === whole && whole.length <= MAX_CODE) return whole;
  return `${plain.slice(0, MAX_CODE - 9)}-${createHash('sha256').update(code).digest('hex').slice(0, 8)}`;
}
