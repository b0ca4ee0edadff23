import { IsIn, IsObject, IsString, Matches, ValidateIf } from 'class-validator';
import { factorKinds, type FactorKind } from '../factor.entity.js';

/** Only of this kind of proof. */
export const when = (kind: string): PropertyDecorator =>
  ValidateIf((dto: { kind?: unknown }) => dto.kind === kind);

export const IsCode = (): PropertyDecorator => Matches(/^\d{6}$/, { message: 'code must have six digits' });

export const IsTicket = (): PropertyDecorator =>
  Matches(/^[A-Za-z0-9_-]{43}$/, { message: 'ticket must be the one that you were given' });

export class SecondFactorDto {
  /** The one that the first factor was answered with. */
  @IsTicket()
  ticket: string;

  @IsIn(factorKinds)
  kind: FactorKind;

  /** Of TOTP: what the app shows. */
  @when('TOTP')
  @IsString()
  @IsCode()
  code?: string;

  /** Of WEBAUTHN: the JSON of what `navigator.credentials.get` gave. */
  @when('WEBAUTHN')
  @IsObject()
  assertion?: object;
}
