import { IsObject, IsString, MaxLength, MinLength } from 'class-validator';
import { NotBlank } from '../../common/validators.js';
import { IsCode, IsTicket } from './second-factor.dto.js';

export class FactorNameDto {
  /** How you will recognise it, such as "blue key". */
  @IsString()
  @MinLength(1)
  @NotBlank()
  @MaxLength(100)
  name: string;
}

export class ConfirmTotpDto {
  /** What the app shows. It shows that the secret arrived. */
  @IsString()
  @IsCode()
  code: string;
}

export class EnrolAuthenticatorDto extends FactorNameDto {
  @IsTicket()
  ticket: string;

  /** The JSON of what `navigator.credentials.create` gave. */
  @IsObject()
  attestation: object;
}
