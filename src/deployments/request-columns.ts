import type { Deployment } from './deployment.entity.js';
import type { DeploymentRequest, RiskLevel } from './request.js';

type Optional<T> = T | null | undefined;

/** A request with all that is kept of it, also what the duty test does not look at. */
export interface WholeRequest extends DeploymentRequest {
  readonly requester: DeploymentRequest['requester'] & { readonly signedBy?: Optional<string> };
  readonly force: DeploymentRequest['force'] & {
    readonly units?: Optional<readonly string[]>;
    readonly dogs?: Optional<number>;
    readonly drones?: Optional<number>;
    readonly equipment?: Optional<readonly string[]>;
    readonly uniformed?: Optional<boolean>;
  };
  readonly riskLevel?: Optional<RiskLevel>;
  readonly opposingPartiesPresent?: Optional<boolean>;
  readonly documentNumbers?: Optional<readonly string[]>;
}

type RequestColumns = Pick<
  Deployment,
  | 'requesterName'
  | 'requesterType'
  | 'requesterOrganId'
  | 'requesterContact'
  | 'requesterDocument'
  | 'signedBy'
  | 'purpose'
  | 'activityType'
  | 'place'
  | 'startsAt'
  | 'endsAt'
  | 'expectedPeople'
  | 'riskLevel'
  | 'opposingPartiesPresent'
  | 'disputes'
  | 'documentNumbers'
  | 'lifeOrCrimeAtStake'
  | 'tasks'
  | 'taskTexts'
  | 'officers'
  | 'force'
  | 'law'
  | 'limits'
  | 'money'
>;

/** As JSON has it: no classes, nothing undefined. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** An instant as it was written, with the offset of China, whose day and hour the duty test reads. */
const HOURS_AHEAD = 8;
export const inChina = (instant: Date): string =>
  new Date(instant.getTime() + HOURS_AHEAD * 3_600_000).toISOString().replace(/(\.000)?Z$/, '+08:00');

/** How a request lies in the table. */
export function columnsOf(request: WholeRequest): RequestColumns {
  const { requester, tasks } = request;
  return {
    requesterName: requester.name,
    requesterType: requester.type,
    requesterOrganId: requester.organId ?? null,
    requesterContact: requester.contact ?? null,
    requesterDocument: plain(requester.document ?? null),
    signedBy: requester.signedBy ?? null,
    purpose: request.purpose,
    activityType: request.activityType ?? null,
    place: request.place,
    startsAt: new Date(request.startsAt.toUpperCase()),
    endsAt: new Date(request.endsAt.toUpperCase()),
    expectedPeople: request.expectedPeople ?? null,
    riskLevel: request.riskLevel ?? null,
    opposingPartiesPresent: request.opposingPartiesPresent ?? null,
    disputes: [...(request.disputes ?? [])],
    documentNumbers: [...(request.documentNumbers ?? [])],
    lifeOrCrimeAtStake: request.lifeOrCrimeAtStake ?? null,
    tasks: plain(tasks),
    taskTexts: tasks.flatMap(({ text }) => text?.trim() || []).join('\n'),
    officers: request.force.officers,
    force: plain(request.force),
    law: plain(request.law ?? null),
    limits: plain(request.limits ?? null),
    money: plain(request.money ?? null),
  };
}

/** The request in a row. */
export const requestOf = (row: Deployment): WholeRequest => ({
  requester: {
    name: row.requesterName,
    type: row.requesterType,
    organId: row.requesterOrganId,
    contact: row.requesterContact,
    document: row.requesterDocument,
    signedBy: row.signedBy,
  },
  purpose: row.purpose,
  activityType: row.activityType,
  place: row.place,
  startsAt: inChina(row.startsAt),
  endsAt: inChina(row.endsAt),
  expectedPeople: row.expectedPeople,
  riskLevel: row.riskLevel,
  opposingPartiesPresent: row.opposingPartiesPresent,
  disputes: row.disputes,
  documentNumbers: row.documentNumbers,
  lifeOrCrimeAtStake: row.lifeOrCrimeAtStake,
  tasks: row.tasks,
  force: row.force,
  law: row.law,
  limits: row.limits,
  money: row.money,
});
