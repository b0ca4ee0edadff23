import { IsIn, IsString, IsUUID, MaxLength, MinLength, ValidateIf } from 'class-validator';
import { NotBlank } from '../../common/validators.js';
import { ReasonDto } from '../../intake/dto/deeds.dto.js';
import { erasablePersons, type ErasablePerson } from '../erasure.entity.js';

export class ProposeErasureDto extends ReasonDto {
  @IsIn(erasablePersons)
  person: ErasablePerson;

  /** Which of the persons affected; of the reporter there is one. */
  @ValidateIf(
    ({ person, personId }: ProposeErasureDto) => person === 'AFFECTED_PERSON' || personId !== undefined,
  )
  @IsUUID()
  personId?: string;

  /** The article under which the person may ask for it, such as 个人信息保护法 47. */
  @IsString()
  @MinLength(2)
  @NotBlank()
  @MaxLength(200)
  legalBasis: string;
}
