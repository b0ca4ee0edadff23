import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Transaction } from '../audit/unit-of-work.js';
import { conflict, invalidInput } from '../common/errors.js';
import { Organ, organLevels } from '../organs/organ.entity.js';
import { OrgansService } from '../organs/organs.service.js';
import type { Mapping } from './mapping.js';

/** The organ that receives what is imported, or the one under which it is to be made. */
export interface Destination {
  readonly organ: Organ | null;
  readonly parent: Organ | null;
}

/** Decides to which organ imported cases go. */
@Injectable()
export class ImportOrgans {
  constructor(private readonly organs: OrgansService) {}

  /**
   * The organ that was asked for, or else the mapping's own one: that has a place under the top of the tree.
   * @throws DomainError when there is no such organ, or when it is unclear which top is meant
   */
  async find(
    manager: EntityManager,
    mapping: Mapping,
    wanted: { id: string } | { code: string } | undefined,
  ): Promise<Destination> {
    if (wanted) {
      const organ = await manager.findOneBy(Organ, wanted);
      if (organ) return { organ, parent: null };
      if ('id' in wanted)
        throw invalidInput([{ pointer: '/organId', message: 'there is no organ with this id' }]);
      throw invalidInput([{ pointer: 'organ', message: `there is no organ with the code ${wanted.code}` }]);
    }
    const organ = await manager.findOneBy(Organ, { code: mapping.organ.code });
    if (organ) return { organ, parent: null };
    const tops = await manager
      .createQueryBuilder(Organ, 'organ')
      .where('organ.parentId IS NULL')
      .orderBy('organ.code')
      .getMany();
    const above = tops.filter(
      ({ level }) => organLevels.indexOf(level) > organLevels.indexOf(mapping.organ.level),
    );
    if (above.length > 1) {
      throw conflict(
        'organ-unclear',
        `There are several organs at the top (${above.map(({ code }) => code).join(', ')}). Say which organ receives the cases.`,
      );
    }
    return { organ: null, parent: above[0] ?? null };
  }

  /** The organ itself, made when the mapping's own one is not here yet. */
  async ensure(tx: Transaction, mapping: Mapping, { organ, parent }: Destination): Promise<Organ> {
    return organ ?? this.organs.addImported(tx, { ...mapping.organ, parentId: parent?.id ?? null });
  }
}
