import { ArrayMaxSize, IsBoolean, IsIn, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { Nested, NestedList } from '../../common/validators.js';
import { CommonFacts } from './facts-common.dto.js';
import { DemandedBeforeReport, PersonReference } from './facts-shared.dto.js';

export const caseStages = [
  'CLUE',
  'FILING',
  'INVESTIGATION',
  'MEASURE',
  'TRANSFER',
  'PUNISHMENT',
  'ENFORCEMENT',
  'PROPERTY',
] as const;
export type CaseStage = (typeof caseStages)[number];

export const favourRelations = [
  'RELATIVE',
  'CLASSMATE',
  'COLLEAGUE',
  'FRIEND_OF_SUPERIOR',
  'BUSINESS',
  'OTHER',
] as const;
export type FavourRelation = (typeof favourRelations)[number];

export const favourActs = [
  'NOT_FILING',
  'LATE_FILING',
  'DOWNGRADING',
  'UPGRADING',
  'CHANGING_MEASURE',
  'RELEASING',
  'EVIDENCE_ALTERED',
  'LEAK_OR_TIP_OFF',
  'PROPERTY_RETURNED_EARLY',
  'LIGHT_PUNISHMENT',
] as const;
export type FavourAct = (typeof favourActs)[number];

export const askerPositions = ['LEADER', 'INSIDER', 'RELATIVE', 'OUTSIDE'] as const;
export type AskerPosition = (typeof askerPositions)[number];

export const requestChannels = ['ORAL', 'PHONE', 'MESSAGE', 'DOCUMENT', 'MEETING'] as const;
export type RequestChannel = (typeof requestChannels)[number];

/** The police case that was handled with favour. */
export class PoliceCaseReference {
  /** Number of the case; none if it was never filed. */
  @IsOptional() @IsString() @MaxLength(200) caseNo?: string;

  /** What the case is about. */
  @IsOptional() @IsString() @MaxLength(200) title?: string;

  /** Organ that handles it. */
  @IsOptional() @IsString() @MaxLength(200) organisation?: string;
}

/** Who asked for the favour. */
export class FavourAsker extends PersonReference {
  /** Where that person stands. */
  @IsOptional() @IsIn(askerPositions) position?: AskerPosition;
}

/** Facts of a favour case (关系案、人情案). */
export class FavourCaseFacts extends CommonFacts {
  /** The case that was favoured. */
  @DemandedBeforeReport() @IsOptional() @Nested(() => PoliceCaseReference) policeCase?: PoliceCaseReference;

  /** Stage of that case. */
  @DemandedBeforeReport() @IsOptional() @IsIn(caseStages) stage?: CaseStage;

  /** Who was favoured. */
  @DemandedBeforeReport() @IsOptional() @Nested(() => PersonReference) favouredParty?: PersonReference;

  /** Tie between the favoured party and the subject. */
  @DemandedBeforeReport() @IsOptional() @IsIn(favourRelations) relation?: FavourRelation;

  /** What shows the tie. */
  @IsOptional() @IsString() @MaxLength(4000) relationEvidence?: string;

  /** What was done. */
  @DemandedBeforeReport() @IsOptional() @IsIn(favourActs) act?: FavourAct;

  /** The decision as it stood before. */
  @IsOptional() @IsString() @MaxLength(4000) decisionBefore?: string;

  /** The decision afterwards. */
  @IsOptional() @IsString() @MaxLength(4000) decisionAfter?: string;

  /** How comparable cases normally end. */
  @IsOptional() @IsString() @MaxLength(4000) normalOutcomeBenchmark?: string;

  /** Who asked for it. */
  @IsOptional() @Nested(() => FavourAsker) requestedBy?: FavourAsker;

  /** How it was asked. */
  @IsOptional() @IsIn(requestChannels) channel?: RequestChannel;

  /** The entry in the interference register. */
  @IsOptional() @IsUUID() interferenceRecordId?: string;

  /** Whether the subject had to withdraw from the case. */
  @DemandedBeforeReport() @IsOptional() @IsBoolean() recusalDue?: boolean;

  /** Whether the subject did withdraw. */
  @IsOptional() @IsBoolean() recusalMade?: boolean;

  /** Who approved, in order. */
  @IsOptional() @ArrayMaxSize(50) @NestedList(() => PersonReference) approverChain?: PersonReference[];
}
