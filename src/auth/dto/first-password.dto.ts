import { IsString, MaxLength, MinLength } from 'class-validator';
import { LoginDto } from './login.dto.js';
import { PASSWORD_MAX, PASSWORD_MIN } from './user.dto.js';

/** The name and the one-time password, and the one that takes its place. */
export class ChoosePasswordDto extends LoginDto {
  /** Not a common one, none that is known from a breach, and not made of the names of this place or of you. */
  @IsString()
  @MinLength(PASSWORD_MIN)
  @MaxLength(PASSWORD_MAX)
  newPassword: string;
}
