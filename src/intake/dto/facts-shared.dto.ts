import { IsBoolean, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { IsLegalDate } from '../../common/validators.js';

type Unless = (owner: object) => boolean;

const demands = new Map<object, Map<string, Unless>>();

/**
 * May be open at intake, but not when the investigation reports. `unless` names the one answer elsewhere in the same
 * object that makes it void, such as an approval that does not exist and so has no date.
 */
export const DemandedBeforeReport =
  <T extends object>(unless?: (owner: T) => boolean) =>
  (target: T, propertyName: string): void => {
    const own = demands.get(target) ?? new Map<string, Unless>();
    own.set(propertyName, (unless as Unless | undefined) ?? (() => false));
    demands.set(target, own);
  };

/** Every class that has a demanded field of its own, by its prototype. */
export const demandingPrototypes = (): object[] => [...demands.keys()];

/** The fields that this object has to hold before the report, its own before the inherited ones. */
export function demandedOf(owner: object): string[] {
  const names: string[] = [];
  for (let proto: unknown = Object.getPrototypeOf(owner); proto; proto = Object.getPrototypeOf(proto)) {
    for (const [name, unless] of demands.get(proto) ?? []) if (!unless(owner)) names.push(name);
  }
  return names;
}

/** A person or a body, by whatever is known. */
export class PersonReference {
  /** Name as given. */
  @IsOptional() @IsString() @MaxLength(200) name?: string;

  /** The officer, if it is one on record. */
  @IsOptional() @IsUUID() officerId?: string;

  /** Organ, firm or other body. */
  @IsOptional() @IsString() @MaxLength(200) organisation?: string;

  /** Whatever else tells who it is. */
  @IsOptional() @IsString() @MaxLength(4000) description?: string;
}

/** A person and what ties them to the officer. */
export class RelatedPerson extends PersonReference {
  /** Tie to the officer, such as spouse or business partner. */
  @IsOptional() @IsString() @MaxLength(200) relation?: string;
}

/** A paper or file. */
export class DocumentReference {
  /** False: it was looked for, and there is none. */
  @IsOptional() @IsBoolean() exists?: boolean;

  /** Number on the document. */
  @IsOptional() @IsString() @MaxLength(200) number?: string;

  /** Title, or what it is. */
  @IsOptional() @IsString() @MaxLength(200) title?: string;

  /** Who issued it. */
  @IsOptional() @IsString() @MaxLength(200) issuer?: string;

  /** Day of issue. */
  @IsOptional() @IsLegalDate() date?: string;

  /** The copy among the evidence of this case. */
  @IsOptional() @IsUUID() evidenceId?: string;
}

/** An account with a bank or payment service. */
export class AccountReference {
  /** Holder. */
  @IsOptional() @IsString() @MaxLength(200) owner?: string;

  /** Bank or payment service. */
  @IsOptional() @IsString() @MaxLength(200) institution?: string;

  /** Number of the account. */
  @IsOptional() @IsString() @MaxLength(200) number?: string;
}

/** How badly somebody was hurt, in the steps of forensic grading (轻微伤, 轻伤, 重伤). */
export const injuryLevels = ['NONE', 'SLIGHT', 'MINOR', 'SERIOUS', 'DEATH'] as const;
export type InjuryLevel = (typeof injuryLevels)[number];

/** What a person did that the law protects; REFUSAL is that of an order beyond police duty (警察法 33). */
export const protectedActs = ['COMPLAINT', 'EVIDENCE', 'INTERFERENCE_RECORD', 'REFUSAL'] as const;
export type ProtectedAct = (typeof protectedActs)[number];
