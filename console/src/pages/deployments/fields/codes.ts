import type { components } from '../../../api/client.ts';

type Request = components['schemas']['DeploymentRequestDto'];

export type RequesterType = Request['requester']['type'];
export type ActivityType = NonNullable<Request['activityType']>;
export type TaskCode = Request['tasks'][number]['code'];
export type Weapons = NonNullable<Request['force']['weapons']>;
export type Dispute = NonNullable<Request['disputes']>[number];
export type Risk = NonNullable<Request['riskLevel']>;
export type Opinion = components['schemas']['AssessDto']['opinion'];
export type Operation = components['schemas']['DeploymentView']['operation'];
/** The fourteen duties of 警察法 6. */
export type Duty = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14;
