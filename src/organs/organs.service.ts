import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { SYSTEM_STREAM } from '../audit/streams.js';
import { sqlState, UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { systemWith } from '../audit/writer-registration.js';
import { conflict, invalidInput, notFound } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { rowsOf } from '../database/insert-rows.js';
import { decodeCursor, toPage } from '../common/pages.js';
import { checkVersion } from '../common/versions.js';
import { containing } from '../common/text.js';
import type { CreateOrganDto, ListOrgansQuery, UpdateOrganDto } from './dto/organ.dto.js';
import { OrganPage, OrganView } from './dto/organ.view.js';
import { Organ } from './organ.entity.js';

@Injectable()
export class OrgansService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
  ) {}

  create(actor: Actor, dto: CreateOrganDto): Promise<OrganView> {
    return this.unitOfWork.run(actor, async (tx) => OrganView.of(await this.add(tx, dto)));
  }

  /** The first organ of an empty database, for the first administrator. */
  createTop(code: string): Promise<OrganView> {
    const system = systemWith([{ role: 'ADMINISTRATOR', organId: '', organIds: [''] }]);
    return this.create(system, { code, name: code, level: 'MINISTRY' });
  }

  /** Adds an organ inside a transaction of another deed. */
  async add(tx: Transaction, dto: CreateOrganDto): Promise<Organ> {
    const organ = await this.build(tx, dto);
    tx.require('create', 'Organ', organ);
    return this.insert(tx, organ, dto);
  }

  /** Adds an organ that an import names. The import has a permission of its own, so none is asked for. */
  async addImported(tx: Transaction, dto: CreateOrganDto): Promise<Organ> {
    return this.insert(tx, await this.build(tx, dto), dto);
  }

  private async build(tx: Transaction, dto: CreateOrganDto): Promise<Organ> {
    const parent = dto.parentId ? await tx.manager.findOneBy(Organ, { id: dto.parentId }) : null;
    if (dto.parentId && !parent) {
      throw invalidInput([{ pointer: '/parentId', message: 'there is no organ with this id' }]);
    }
    const id = newId();
    return tx.manager.create(Organ, {
      id,
      parentId: parent?.id ?? null,
      path: [id, ...(parent?.path ?? [])],
      code: dto.code,
      name: dto.name,
      level: dto.level,
      version: 1,
      createdAt: tx.now,
    });
  }

  private async insert(tx: Transaction, organ: Organ, dto: CreateOrganDto): Promise<Organ> {
    try {
      await tx.insert(rowsOf(Organ, [organ]));
    } catch (error) {
      if (sqlState(error) !== '23505') throw error;
      throw conflict('code-taken', 'Another organ has this code already.', {
        errors: [{ pointer: '/code', message: 'another organ has this code' }],
      });
    }
    tx.record({
      type: 'organ.created',
      stream: SYSTEM_STREAM,
      target: { kind: 'organ', id: organ.id, rev: 1 },
      values: { ...dto },
    });
    return organ;
  }

  update(actor: Actor, id: string, version: number, { name, reason }: UpdateOrganDto): Promise<OrganView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const organ = await tx.manager.findOne(Organ, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (!organ) throw notFound('organ');
      tx.require('update', 'Organ', organ);
      checkVersion(organ, version);
      const from = organ.name;
      organ.name = name;
      organ.version++;
      await tx.save(organ);
      tx.record({
        type: 'organ.updated',
        stream: SYSTEM_STREAM,
        target: { kind: 'organ', id, rev: organ.version },
        values: { name: { from, to: name }, reason },
      });
      return OrganView.of(organ);
    });
  }

  async get(id: string): Promise<OrganView> {
    const organ = await this.dataSource.manager.findOneBy(Organ, { id });
    if (!organ) throw notFound('organ');
    return OrganView.of(organ);
  }

  /** Sorted by code. Every signed-in person may see the tree. */
  async list(query: ListOrgansQuery): Promise<OrganPage> {
    const after = decodeCursor(query.cursor, [() => true]);
    const matching = this.dataSource.manager.createQueryBuilder(Organ, 'organ');
    if (query.under) matching.andWhere('organ.path @> ARRAY[:under]::uuid[]', { under: query.under });
    if (query.level) matching.andWhere('organ.level = :level', { level: query.level });
    if (query.q)
      matching.andWhere('(organ.name ILIKE :q OR organ.code ILIKE :q)', { q: containing(query.q) });
    const total = query.count ? await matching.getCount() : undefined;
    if (after) matching.andWhere('organ.code > :after', { after: after[0] });
    const rows = await matching
      .orderBy('organ.code')
      .limit(query.limit + 1)
      .getMany();
    return toPage(
      rows,
      query.limit,
      (organ) => [organ.code],
      (organ) => OrganView.of(organ),
      total,
    );
  }
}
