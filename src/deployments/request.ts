/** A request for police, as api.md has it. All but the first group may be missing: that is a finding, not an error. */
export const requesterTypes = [
  'PARTY_OR_GOVERNMENT',
  'GOVERNMENT',
  'COURT',
  'PROCURATORATE',
  'SUPERVISORY_COMMISSION',
  'OTHER_AGENCY',
  'SUBDISTRICT_OR_VILLAGE',
  'ENTERPRISE',
  'EVENT_ORGANISER',
  'HIGHER_POLICE',
  'OWN_UNIT',
  'CITIZEN',
] as const;
/** GOVERNMENT is another spelling of PARTY_OR_GOVERNMENT. */
export type RequesterType = (typeof requesterTypes)[number];

export const activityTypes = [
  'CRIME_OR_PUBLIC_ORDER',
  'TRAFFIC',
  'DISASTER_OR_EPIDEMIC',
  'ASSEMBLY',
  'PROTECTION',
  'EVENT',
  'COURT_ENFORCEMENT',
  'SUPERVISORY_CUSTODY',
  'MEDICAL_OR_WELFARE',
  'LAND_OR_DEMOLITION',
  'CITY_MANAGEMENT',
  'ECONOMIC_DISPUTE',
  'LABOUR_DISPUTE',
  'REVENUE_OR_CAMPAIGN',
  'PRIVATE_GUARDING',
  'PETITIONERS',
  'UTILITY_CUTOFF',
  'NON_EMERGENCY_HELP',
  'ADMINISTRATIVE_SUPPORT',
  'CROSS_REGION_CASE',
  'JOINT_INSPECTION',
  'OTHER',
] as const;
export type ActivityType = (typeof activityTypes)[number];

export const taskCodes = [
  'STAND_BY',
  'KEEP_ORDER',
  'TRAFFIC',
  'PROTECT_PERSONS',
  'STOP_CRIME',
  'MAKE_ARRESTS',
  'ESCORT',
  'RESCUE',
  'REMOVE_PEOPLE',
  'DEMOLISH_OR_CLEAR',
  'SEARCH_OR_SEIZE',
  'DETAIN_BY_COURT_ORDER',
  'SERVE_PAPERS',
  'GUARD_PROPERTY',
  'CEREMONIAL',
  'COLLECT_MONEY',
  'OTHER',
] as const;
export type TaskCode = (typeof taskCodes)[number];

export const disputeKinds = ['CIVIL', 'ECONOMIC', 'LAND', 'LABOUR'] as const;
export type DisputeKind = (typeof disputeKinds)[number];

export const weaponLevels = ['NONE', 'ROUTINE', 'BEYOND_ROUTINE'] as const;
export type WeaponLevel = (typeof weaponLevels)[number];

export const riskLevels = ['LOW', 'MEDIUM', 'HIGH'] as const;
export type RiskLevel = (typeof riskLevels)[number];

type Text = string | null | undefined;

export interface DeploymentRequest {
  readonly requester: {
    readonly name: string;
    readonly type: RequesterType;
    readonly organId?: Text;
    readonly contact?: Text;
    readonly document?: { readonly number?: Text; readonly title?: Text } | null | undefined;
  };
  readonly purpose: string;
  readonly activityType?: ActivityType | null | undefined;
  readonly place: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly expectedPeople?: number | null | undefined;
  readonly disputes?: readonly DisputeKind[] | null | undefined;
  readonly lifeOrCrimeAtStake?: boolean | null | undefined;
  readonly tasks: readonly { readonly code: TaskCode; readonly text?: Text }[];
  readonly force: {
    readonly officers: number;
    readonly auxiliaries?: number | null | undefined;
    readonly vehicles?: number | null | undefined;
    readonly weapons?: WeaponLevel | null | undefined;
    readonly bodyCameras?: boolean | null | undefined;
  };
  readonly law?:
    | {
        readonly duties?: readonly number[] | null | undefined;
        readonly articles?: readonly string[] | null | undefined;
        readonly leadAgency?: Text;
        readonly leadAgencyBasis?: Text;
        readonly assistanceDocument?: Text;
        readonly whyNotOwnStaff?: Text;
      }
    | null
    | undefined;
  readonly limits?:
    | { readonly stopConditions?: Text; readonly forbiddenActs?: Text; readonly commander?: Text }
    | null
    | undefined;
  readonly money?:
    | {
        readonly fee?: { readonly amount: string; readonly currency: string } | null | undefined;
        readonly meals?: boolean | null | undefined;
        readonly sponsor?: Text;
        readonly payer?: Text;
      }
    | null
    | undefined;
}
