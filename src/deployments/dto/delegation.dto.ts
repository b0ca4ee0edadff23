import { IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { ListQuery, type Page } from '../../common/pages.js';
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

export class ListDelegationCandidatesQuery extends ListQuery {
  /** The organ in which you approve; without it, all of them. */
  @IsOptional()
  @IsUUID()
  organId?: string;

  /** Part of the name, or of that of the unit. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  q?: string;
}

/** Somebody who could stand in for an approver. */
export class DelegationCandidateView {
  userId: string;
  name: string;
  /** Name of the organ in which they approve or serve. */
  unit: string;
}

export class DelegationCandidatePage implements Page<DelegationCandidateView> {
  items: DelegationCandidateView[];
  nextCursor: string | null;
  total?: number;
}

export class DelegationView {
  id: string;
  /** The deputy. */
  userId: string;
  /** What the deputy is called. */
  name: string;
  delegatedBy: string;
  /** What the principal is called. */
  delegatedByName: string;
  organId: string;
  validFrom: string;
  validTo: string;
  reason: string;
  createdAt: string;
  revokedAt: string | null;

  /** @param names what the two are called, by their accounts */
  static of(
    { grantId: _, __caslSubjectType__: __, ...row }: DeploymentDelegation,
    names: ReadonlyMap<string, string>,
  ): DelegationView {
    return Object.assign(new DelegationView(), {
      ...row,
      name: names.get(row.userId)!,
      delegatedByName: names.get(row.delegatedBy)!,
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
