import {
  IsBoolean,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
} from 'class-validator';
import { ListQuery } from '../../common/pages.js';
import { IfSent, IsLegalDate, NotBefore, NotBlank } from '../../common/validators.js';

const IsBadgeNumber = (): PropertyDecorator =>
  Matches(/^\S(.{0,78}\S)?$/u, {
    message: 'badgeNumber must have 1 to 80 characters, without space at its ends',
  });

export class CreateOfficerDto {
  /** A number that no other officer has. */
  @IsBadgeNumber()
  badgeNumber: string;

  @IsString()
  @MinLength(1)
  @NotBlank()
  @MaxLength(200)
  name: string;

  @IsOptional()
  @IsString()
  @MinLength(1)
  @NotBlank()
  @MaxLength(100)
  rank?: string | null;

  @IsOptional()
  @IsInt()
  @Min(1900)
  @Max(2100)
  birthYear?: number | null;
}

export class UpdateOfficerDto {
  /** A number that no other officer has. */
  @IfSent()
  @IsBadgeNumber()
  badgeNumber?: string;

  @IfSent()
  @IsString()
  @MinLength(1)
  @NotBlank()
  @MaxLength(200)
  name?: string;

  /** Null when there is none. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @NotBlank()
  @MaxLength(100)
  rank?: string | null;

  /** Null when it is not known. */
  @IsOptional()
  @IsInt()
  @Min(1900)
  @Max(2100)
  birthYear?: number | null;

  /** Why it changes; it goes into the trail. */
  @IsString()
  @MinLength(3)
  @NotBlank()
  @MaxLength(2000)
  reason: string;
}

export class AppointDto {
  @IsUUID()
  organId: string;

  /** What the officer is there. */
  @IsString()
  @MinLength(1)
  @NotBlank()
  @MaxLength(200)
  post: string;

  /** Whether the post heads the organ: then its holder is in the chain of command above all who serve there. */
  @IsOptional()
  @IsBoolean()
  leads?: boolean;

  /** The first day. */
  @IsLegalDate()
  validFrom: string;

  /** The last day; absent or null while it has none. */
  @IsOptional()
  @IsLegalDate()
  @NotBefore('validFrom')
  validTo?: string | null;
}

export class EndAppointmentDto {
  /** The last day. */
  @IsLegalDate()
  validTo: string;

  /** Why it ends; it goes into the trail. */
  @IsString()
  @MinLength(3)
  @NotBlank()
  @MaxLength(2000)
  reason: string;
}

export class ListOfficersQuery extends ListQuery {
  /** Part of the badge number or name. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  q?: string;

  /** Appointed today in this organ or in one under it. */
  @IsOptional()
  @IsUUID()
  organId?: string;
}

export class ListAppointmentsQuery extends ListQuery {}
