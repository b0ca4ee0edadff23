import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { IsInstant, Nested, NestedList, NotBefore } from '../../common/validators.js';
import { CommonFacts } from './facts-common.dto.js';
import {
  DemandedBeforeReport,
  DocumentReference,
  type InjuryLevel,
  injuryLevels,
  PersonReference,
} from './facts-shared.dto.js';

export const interrogationPlaces = [
  'STATION_INTERROGATION_ROOM',
  'DETENTION_CENTRE',
  'HOSPITAL',
  'RESIDENCE',
  'OTHER',
] as const;
export type InterrogationPlace = (typeof interrogationPlaces)[number];

export const recordingStates = ['FULL', 'PARTIAL', 'NONE', 'LOST'] as const;
export type RecordingState = (typeof recordingStates)[number];

export const transcriptMatches = ['FULLY', 'PARTLY', 'NOT', 'NOT_COMPARED'] as const;
export type TranscriptMatch = (typeof transcriptMatches)[number];

export const coercionMethods = [
  'BEATING',
  'STRESS_POSITION',
  'SLEEP_DEPRIVATION',
  'RESTRAINT',
  'ELECTRIC',
  'HEAT_OR_COLD',
  'THREAT_TO_SELF_OR_FAMILY',
  'HUMILIATION',
  'FOOD_OR_WATER',
  'SOLITARY',
  'DRUGS',
  'OTHER',
] as const;
export type CoercionMethod = (typeof coercionMethods)[number];

export const exclusionResults = ['EXCLUDED', 'PARTLY_EXCLUDED', 'REFUSED', 'PENDING', 'WITHDRAWN'] as const;
export type ExclusionResult = (typeof exclusionResults)[number];

/** One interrogation from its start to its end. */
export class InterrogationSession {
  /** Running number. */
  @IsOptional() @IsInt() @Min(1) @Max(1000) no?: number;

  /** When it began. */
  @DemandedBeforeReport() @IsOptional() @IsInstant() start?: string;

  /** When it ended. */
  @DemandedBeforeReport() @IsOptional() @IsInstant() @NotBefore('start') end?: string;

  /** Where; after delivery to a detention centre only inside it (刑诉法 118). */
  @DemandedBeforeReport() @IsOptional() @IsIn(interrogationPlaces) place?: InterrogationPlace;

  /** Whether the place was one approved for interrogation. */
  @IsOptional() @IsBoolean() inApprovedPlace?: boolean;

  /** Who interrogated; the law wants two at least (刑诉法 118), fewer is recorded as it was. */
  @DemandedBeforeReport()
  @IsOptional()
  @ArrayMaxSize(50)
  @NestedList(() => PersonReference)
  interrogators?: PersonReference[];

  /** Whether an interpreter was there. */
  @IsOptional() @IsBoolean() interpreter?: boolean;

  /** Whether a lawyer was asked for. */
  @IsOptional() @IsBoolean() lawyerRequested?: boolean;

  /** Whether a lawyer was seen. */
  @IsOptional() @IsBoolean() lawyerSeen?: boolean;

  /** When the rights were told. */
  @IsOptional() @IsInstant() rightsToldAt?: string;

  /** Breaks during the session, in minutes. */
  @IsOptional() @IsInt() @Min(0) @Max(100_000) breaksMinutes?: number;

  /** Whether meals were given. */
  @IsOptional() @IsBoolean() mealsGiven?: boolean;

  /** Rest before the session, in minutes. */
  @IsOptional() @IsInt() @Min(0) @Max(100_000) restMinutes?: number;

  /** Whether the law demanded a recording (刑诉法 123). */
  @DemandedBeforeReport() @IsOptional() @IsBoolean() recordingRequired?: boolean;

  /** What there is of a recording. */
  @DemandedBeforeReport() @IsOptional() @IsIn(recordingStates) recordingExists?: RecordingState;

  /** Number of the recording in its system. */
  @IsOptional() @IsString() @MaxLength(200) recordingId?: string;

  /** SHA-256 of the recording, in hexadecimal. */
  @IsOptional()
  @Matches(/^[0-9a-fA-F]{64}$/, { message: 'recordingHash must be a SHA-256 of 64 hexadecimal digits' })
  recordingHash?: string;

  /** Missing or broken time in the recording, in minutes. */
  @IsOptional() @IsInt() @Min(0) @Max(100_000) gapMinutes?: number;

  /** How far the transcript agrees with the recording. */
  @IsOptional() @IsIn(transcriptMatches) transcriptMatchesRecording?: TranscriptMatch;
}

/** The body check on arrival (刑事案件程序规定 154). */
export class IntakeBodyCheck {
  /** False: none was made. */
  @IsOptional() @IsBoolean() done?: boolean;

  /** Who made it. */
  @IsOptional() @Nested(() => PersonReference) by?: PersonReference;

  /** When. */
  @IsOptional() @IsInstant() at?: string;

  /** What was found. */
  @IsOptional() @IsString() @MaxLength(4000) findings?: string;

  /** Photographs, as evidence of this case. */
  @IsOptional() @IsArray() @ArrayMaxSize(200) @IsUUID(undefined, { each: true }) photos?: string[];
}

/** One injury as the doctor saw it. */
export class ObservedInjury {
  /** Part of the body. */
  @IsOptional() @IsString() @MaxLength(200) bodyPart?: string;

  /** Type of injury. */
  @IsOptional() @IsString() @MaxLength(200) type?: string;

  /** Estimated age of the injury. */
  @IsOptional() @IsString() @MaxLength(200) ageEstimate?: string;
}

/** The independent medical examination. */
export class MedicalExam {
  /** False: none was made. */
  @IsOptional() @IsBoolean() done?: boolean;

  /** When it was asked for. */
  @IsOptional() @IsInstant() requestedAt?: string;

  /** When it was done. */
  @IsOptional() @IsInstant() @NotBefore('requestedAt') doneAt?: string;

  /** Hospital or institute. */
  @IsOptional() @IsString() @MaxLength(200) institution?: string;

  /** Injuries found. */
  @IsOptional() @ArrayMaxSize(200) @NestedList(() => ObservedInjury) injuries?: ObservedInjury[];

  /** Grade of the injuries as a whole. */
  @IsOptional() @IsIn(injuryLevels) level?: InjuryLevel;
}

/** A motion to exclude the confession (刑诉法 56-58). */
export class ExclusionMotion {
  /** Whether one was filed. */
  @IsOptional() @IsBoolean() filed?: boolean;

  /** The court. */
  @IsOptional() @IsString() @MaxLength(200) court?: string;

  /** What came of it. */
  @IsOptional() @IsIn(exclusionResults) result?: ExclusionResult;
}

/** Somebody who saw or heard it. */
export class CustodyWitness extends PersonReference {
  /** Whether the witness shared the cell. */
  @IsOptional() @IsBoolean() cellMate?: boolean;
}

/** Facts of a coerced confession (刑讯逼供). */
export class CoercedConfessionFacts extends CommonFacts {
  /** The person held. */
  @DemandedBeforeReport() @IsOptional() @Nested(() => PersonReference) personHeld?: PersonReference;

  /** When custody began. */
  @DemandedBeforeReport() @IsOptional() @IsInstant() custodyStart?: string;

  /** When the person arrived at the station. */
  @DemandedBeforeReport() @IsOptional() @IsInstant() arrivalAtStation?: string;

  /** The custody register. */
  @IsOptional() @Nested(() => DocumentReference) custodyLog?: DocumentReference;

  /** When the person reached the detention centre; at most 24 hours after detention (刑诉法 85). */
  @IsOptional() @IsInstant() @NotBefore('custodyStart') detentionCentreAt?: string;

  /** The interrogations. */
  @DemandedBeforeReport()
  @IsOptional()
  @ArrayMaxSize(200)
  @NestedList(() => InterrogationSession)
  sessions?: InterrogationSession[];

  /** Means of coercion. */
  @DemandedBeforeReport()
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(12)
  @ArrayUnique()
  @IsIn(coercionMethods, { each: true })
  method?: CoercionMethod[];

  /** Words of the threat. */
  @IsOptional() @IsString() @MaxLength(4000) threatText?: string;

  /** What the interrogators wanted to hear. */
  @IsOptional() @IsString() @MaxLength(4000) whatWasAsked?: string;

  /** Whether there was a confession. */
  @IsOptional() @IsBoolean() confessionObtained?: boolean;

  /** Papers and proceedings that rely on the confession. */
  @IsOptional() @ArrayMaxSize(50) @NestedList(() => DocumentReference) confessionUsedIn?: DocumentReference[];

  /** Body check on arrival (刑事案件程序规定 154). */
  @DemandedBeforeReport() @IsOptional() @Nested(() => IntakeBodyCheck) intakeBodyCheck?: IntakeBodyCheck;

  /** Independent medical examination. */
  @DemandedBeforeReport() @IsOptional() @Nested(() => MedicalExam) medicalExam?: MedicalExam;

  /** Whether the person died or was gravely hurt. */
  @IsOptional() @IsBoolean() deathOrSeriousInjury?: boolean;

  /** Motion to exclude the confession (刑诉法 56-58). */
  @IsOptional() @Nested(() => ExclusionMotion) exclusionMotion?: ExclusionMotion;

  /** Witnesses, cell mates among them. */
  @IsOptional() @ArrayMaxSize(200) @NestedList(() => CustodyWitness) witnesses?: CustodyWitness[];
}
