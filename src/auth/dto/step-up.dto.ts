import { IsIn, IsObject, IsString, MaxLength, MinLength } from 'class-validator';
import { IsCode, IsTicket, when } from './second-factor.dto.js';

export const stepUpKinds = ['PASSWORD', 'TOTP', 'WEBAUTHN'] as const;

export class StepUpDto {
  /** The strongest that the account has; the refusal names it in `methods`. */
  @IsIn(stepUpKinds)
  kind: (typeof stepUpKinds)[number];

  @when('PASSWORD')
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  password?: string;

  /** Of TOTP: what the app shows. */
  @when('TOTP')
  @IsString()
  @IsCode()
  code?: string;

  /** Of WEBAUTHN: the one that POST /auth/step-up/options answered. */
  @when('WEBAUTHN')
  @IsTicket()
  ticket?: string;

  /** Of WEBAUTHN: the JSON of what `navigator.credentials.get` gave. */
  @when('WEBAUTHN')
  @IsObject()
  assertion?: object;
}
