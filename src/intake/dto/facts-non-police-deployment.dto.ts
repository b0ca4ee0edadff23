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
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { IsInstant, Nested, NotBefore } from '../../common/validators.js';
import { CommonFacts } from './facts-common.dto.js';
import { DemandedBeforeReport, PersonReference } from './facts-shared.dto.js';

/** The list of typical non-police activities, by the codes of the duty test's warnings. */
export const nonPoliceActivities = [
  'NP01', // land, demolition, eviction
  'NP02', // economic disputes, debts
  'NP03', // labour disputes
  'NP04', // taxes, fees, campaigns of others
  'NP05', // clearing stalls and buildings
  'NP06', // ceremonies, commercial events
  'NP07', // guarding private firms
  'NP08', // stopping petitioners
  'NP09', // cut-offs of water or power
  'NP10', // help that is no emergency
  'NP11', // administrative support
  'NP12', // other counties without papers
  'NP13', // joint inspections without a task
  'OTHER',
] as const;
export type NonPoliceActivity = (typeof nonPoliceActivities)[number];

export const orderForms = ['WRITTEN', 'ORAL', 'MESSAGE'] as const;
export type OrderForm = (typeof orderForms)[number];

export const deployedWeapons = ['NONE', 'ROUTINE', 'BEYOND_ROUTINE'] as const;
export type DeployedWeapons = (typeof deployedWeapons)[number];

export const deployedActs = [
  'PERIMETER_ONLY',
  'REMOVING_PEOPLE',
  'DEMOLITION_HELP',
  'COLLECTING_MONEY',
  'GUARDING_A_BUSINESS',
  'SERVING_NOTICES',
  'TRAFFIC',
  'OTHER',
] as const;
export type DeployedAct = (typeof deployedActs)[number];

export const approvalStates = [
  'NONE',
  'AFTER_THE_FACT',
  'APPROVED_THEN_EXCEEDED',
  'APPROVED_WRONGLY',
] as const;
export type ApprovalState = (typeof approvalStates)[number];

/** The request for the deployment, or that there was none. */
export class DeploymentRequestReference {
  /** False: nobody filed one. */
  @IsOptional() @IsBoolean() exists?: boolean;

  /** The request, if it is on record here. */
  @IsOptional() @IsUUID() deploymentId?: string;

  /** Number of the request elsewhere. */
  @IsOptional() @IsString() @MaxLength(200) number?: string;
}

/** An officer's objection to the order (警察法 33). */
export class OrderObjection {
  /** Who objected. */
  @IsOptional() @Nested(() => PersonReference) by?: PersonReference;

  /** When. */
  @IsOptional() @IsInstant() at?: string;

  /** What was answered. */
  @IsOptional() @IsString() @MaxLength(4000) reply?: string;
}

/** Facts of police sent to do what is not police work (参与非警务活动). */
export class NonPoliceDeploymentFacts extends CommonFacts {
  /** The request, or that there was none. */
  @DemandedBeforeReport()
  @IsOptional()
  @Nested(() => DeploymentRequestReference)
  deploymentRequest?: DeploymentRequestReference;

  /** Kind of activity, by the list of the duty test. */
  @DemandedBeforeReport() @IsOptional() @IsIn(nonPoliceActivities) activityType?: NonPoliceActivity;

  /** Who asked for police. */
  @DemandedBeforeReport() @IsOptional() @Nested(() => PersonReference) requester?: PersonReference;

  /** Who gave the order. */
  @DemandedBeforeReport() @IsOptional() @Nested(() => PersonReference) orderGivenBy?: PersonReference;

  /** How the order was given. */
  @IsOptional() @IsIn(orderForms) orderForm?: OrderForm;

  /** Words of the order. */
  @IsOptional() @IsString() @MaxLength(4000) orderText?: string;

  /** Officers sent. */
  @DemandedBeforeReport() @IsOptional() @IsInt() @Min(0) @Max(100_000) officersSent?: number;

  /** Auxiliaries sent. */
  @IsOptional() @IsInt() @Min(0) @Max(100_000) auxiliariesSent?: number;

  /** Vehicles sent. */
  @IsOptional() @IsInt() @Min(0) @Max(100_000) vehicles?: number;

  /** Weapons carried. */
  @IsOptional() @IsIn(deployedWeapons) weapons?: DeployedWeapons;

  /** Whether those sent wore uniform. */
  @IsOptional() @IsBoolean() uniform?: boolean;

  /** When the force set out. */
  @DemandedBeforeReport() @IsOptional() @IsInstant() startedAt?: string;

  /** When it was withdrawn. */
  @DemandedBeforeReport() @IsOptional() @IsInstant() @NotBefore('startedAt') endedAt?: string;

  /** What police in fact did. */
  @DemandedBeforeReport()
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(8)
  @ArrayUnique()
  @IsIn(deployedActs, { each: true })
  actualActs?: DeployedAct[];

  /** Whether force or compulsion was used. */
  @IsOptional() @IsBoolean() coerciveActs?: boolean;

  /** Whether there was a clash. */
  @IsOptional() @IsBoolean() conflictOccurred?: boolean;

  /** Who was hurt, and how. */
  @IsOptional() @IsString() @MaxLength(4000) injuries?: string;

  /** Whether it stirred public opinion. */
  @IsOptional() @IsBoolean() publicOpinionEvent?: boolean;

  /** What approval there was. */
  @DemandedBeforeReport() @IsOptional() @IsIn(approvalStates) approvalState?: ApprovalState;

  /** Statutory duty that was claimed, by its number (警察法 6). */
  @IsOptional() @IsInt() @Min(1) @Max(14) dutyClaimed?: number;

  /** Objection of an officer to the order (警察法 33). */
  @IsOptional() @Nested(() => OrderObjection) objectionRaised?: OrderObjection;
}
