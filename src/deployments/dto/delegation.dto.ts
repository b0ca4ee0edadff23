import { IsUUID } from 'class-validator';
import type { Page } from '../../common/pages.js';
import { IsLegalDate, NotBefore } from '../../common/validators.js';
import { ReasonDto } from '../../intake/dto/deeds.dto.js';
import type { DeploymentDelegation } from '../deployment-records.entity.js';

export class CreateDelegationDto extends ReasonDto {
  /** The deputy. */
  @IsUUID() userId: string;

  /** The organ in which you approve. */
  @IsUUID() organId: string;

  @IsLegalDate() validFrom: string;

  /** The last day; at most 31 days in all. */
  @IsLegalDate() @NotBefore('validFrom') validTo: string;
}

export class DelegationView {
  id: string;
  /** The deputy. */
  userId: string;
  delegatedBy: string;
  organId: string;
  validFrom: string;
  validTo: string;
  reason: string;
  createdAt: string;
  revokedAt: string | null;

  static of({ grantId: _, __caslSubjectType__: __, ...row }: DeploymentDelegation): DelegationView {
    return Object.assign(new DelegationView(), {
      ...row,
      createdAt: row.createdAt.toISOString(),
      revokedAt: row.revokedAt?.toISOString() ?? null,
    });
  }
}

export class DelegationPage implements Page<DelegationView> {
  items: DelegationView[];
  nextCursor: string | null;
  total?: number;
}
