import { IsIn, IsOptional, IsString, IsUUID, Length, Matches, MaxLength, MinLength } from 'class-validator';
import { roles, type Role } from '../../access/roles.js';
import { ListQuery } from '../../common/pages.js';
import { IfSent, IsLegalDate, NotBlank } from '../../common/validators.js';

/** The states that an administrator may set and see; the account of the system itself is neither. */
export const accountStatuses = ['ACTIVE', 'DISABLED'] as const;
export type SettableStatus = (typeof accountStatuses)[number];

export const PASSWORD_MIN = 12;
export const PASSWORD_MAX = 200;

export class CreateUserDto {
  /** What the person signs in with. It never changes. */
  @Matches(/^[a-z0-9][a-z0-9._-]{1,63}$/, {
    message:
      'username must have 2 to 64 characters: a-z and 0-9, and after the first one also . _ - (no capital letters)',
  })
  username: string;

  @IsString()
  @MinLength(1)
  @NotBlank()
  @MaxLength(200)
  displayName: string;

  /** The officer whom the account belongs to, if any: they will not see or handle a case against themselves. */
  @IsOptional()
  @IsUUID()
  officerId?: string | null;
}

export class UpdateUserDto {
  @IfSent()
  @IsString()
  @MinLength(1)
  @NotBlank()
  @MaxLength(200)
  displayName?: string;

  /** DISABLED ends every session of the account at once. */
  @IfSent()
  @IsIn(accountStatuses)
  status?: SettableStatus;

  /** The officer whom the account belongs to; null for none. */
  @IsOptional()
  @IsUUID()
  officerId?: string | null;

  /** Who they are at the provider of OpenID Connect (`sub`); null: they do not sign in there. */
  @IsOptional()
  @IsString()
  @Length(1, 255)
  oidcSubject?: string | null;

  /** Why it changes; it goes into the trail. */
  @IsString()
  @MinLength(3)
  @NotBlank()
  @MaxLength(2000)
  reason: string;
}

export class ResetPasswordDto {
  /** Why it is needed; it goes into the trail. */
  @IsString()
  @MinLength(3)
  @NotBlank()
  @MaxLength(2000)
  reason: string;
}

export class EndSessionsDto {
  /** Why they are ended; it goes into the trail. */
  @IsString()
  @MinLength(3)
  @NotBlank()
  @MaxLength(2000)
  reason: string;
}

export class GrantDto {
  @IsIn(roles)
  role: Role;

  /** The role holds in this organ and in those under it. */
  @IsUUID()
  organId: string;

  /** The first day; today when absent. */
  @IfSent()
  @IsLegalDate()
  validFrom?: string;

  /** The last day; absent or null while it has none. */
  @IsOptional()
  @IsLegalDate()
  validTo?: string | null;

  /** Why it is granted; it goes into the trail. */
  @IsString()
  @MinLength(3)
  @NotBlank()
  @MaxLength(2000)
  reason: string;
}

export class RevokeGrantDto {
  /** Why it is revoked; it goes into the trail. */
  @IsString()
  @MinLength(3)
  @NotBlank()
  @MaxLength(2000)
  reason: string;
}

export class ListUsersQuery extends ListQuery {
  /** Part of the user name or the display name. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  q?: string;

  @IsOptional()
  @IsIn(accountStatuses)
  status?: SettableStatus;

  /** Holds this role today, in any organ. */
  @IsOptional()
  @IsIn(roles)
  role?: Role;
}
