import { IsIn, IsOptional, IsString, IsUUID, Matches, MaxLength, MinLength } from 'class-validator';
import { NotBlank } from '../../common/validators.js';
import { ListQuery } from '../../common/pages.js';
import { organLevels, type OrganLevel } from '../organ.entity.js';

export class CreateOrganDto {
  /** The organ above; null for the top of a tree. */
  @IsOptional()
  @IsUUID()
  parentId?: string | null;

  /** A short code that no other organ has. */
  @Matches(/^[A-Za-z0-9][A-Za-z0-9 ._:/-]{0,79}$/, {
    message:
      'code must begin with a letter or digit and have at most 80 letters, digits, spaces or . _ : / -',
  })
  code: string;

  @IsString()
  @MinLength(1)
  @NotBlank()
  @MaxLength(200)
  name: string;

  @IsIn(organLevels)
  level: OrganLevel;
}

export class UpdateOrganDto {
  @IsString()
  @MinLength(1)
  @NotBlank()
  @MaxLength(200)
  name: string;

  /** Why it changes; it goes into the trail. */
  @IsString()
  @MinLength(3)
  @NotBlank()
  @MaxLength(2000)
  reason: string;
}

export class ListOrgansQuery extends ListQuery {
  /** Only this organ and those under it. */
  @IsOptional()
  @IsUUID()
  under?: string;

  @IsOptional()
  @IsIn(organLevels)
  level?: OrganLevel;

  /** Part of the name or code. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  q?: string;
}
