import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  MinLength,
} from 'class-validator';
import { MoneyDto } from '../../common/money.dto.js';
import { IsInstant, Nested, NestedList, NotBefore, NotBlank } from '../../common/validators.js';
import { subjectRoles, type SubjectRole } from '../allegation.entity.js';
import { allegationCategories, type AllegationCategory } from '../categories.js';
import { injuryLevels, type InjuryLevel } from './facts-shared.dto.js';

/** Whom it is about: an officer by id, or a description while nobody knows who it was. */
export class SubjectDto {
  @IsOptional()
  @IsUUID()
  officerId?: string | null;

  /** What is known of an officer who is not yet identified. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @NotBlank()
  @MaxLength(1000)
  description?: string | null;

  @IsIn(subjectRoles)
  role: SubjectRole;
}

/** To whom it was done. */
export class AffectedPersonDto {
  @IsOptional()
  @IsString()
  @MaxLength(200)
  name?: string | null;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  organisation?: string | null;

  /** Such as MINOR, PREGNANT, ILL, DISABLED, FOREIGNER. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @IsString({ each: true })
  @MaxLength(64, { each: true })
  vulnerabilities?: string[];

  @IsOptional()
  @IsIn(injuryLevels)
  injuryLevel?: InjuryLevel;

  @IsOptional()
  @Nested(() => MoneyDto)
  loss?: MoneyDto | null;
}

class AllegationContent {
  @IsOptional()
  @IsInstant()
  occurredFrom?: string | null;

  @IsOptional()
  @IsInstant()
  @NotBefore('occurredFrom')
  occurredTo?: string | null;

  @IsOptional()
  @IsString()
  @MaxLength(500)
  place?: string | null;

  /** The organ whose officers it is about. */
  @IsOptional()
  @IsUUID()
  organId?: string | null;

  @IsOptional()
  @NestedList(() => SubjectDto)
  @ArrayMaxSize(100)
  subjects?: SubjectDto[];

  @IsOptional()
  @NestedList(() => AffectedPersonDto)
  @ArrayMaxSize(100)
  affectedPersons?: AffectedPersonDto[];

  /** The facts of the category, as far as they are known. */
  @IsOptional()
  @IsObject()
  facts?: object;
}

/** One act of one kind. */
export class AllegationDto extends AllegationContent {
  @IsIn(allegationCategories)
  category: AllegationCategory;
}

/** What becomes known later. A member that is left out stays as it is; a list replaces the list before. */
export class UpdateAllegationDto extends AllegationContent {
  /** Why it changes; it goes into the trail. */
  @IsString()
  @MinLength(3)
  @NotBlank()
  @MaxLength(4000)
  reason: string;
}
