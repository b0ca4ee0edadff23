import type { DeploymentDeed } from '../access/shapes.js';

/** What became of the request. */
export const deploymentStatuses = [
  'DRAFT',
  /** Police went first; the request is still to be made. */
  'EMERGENCY',
  'SUBMITTED',
  /** Submitted more than a day after police went. */
  'LATE',
  'RETURNED',
  'WITHDRAWN',
  'APPROVED',
  /** Approved for standing by only: police are near and take no part. */
  'STAND_BY',
  'REFUSED',
  /** Refused, and before the higher organ. */
  'UNDER_REVIEW',
  /** Refused by the higher organ as well. */
  'REFUSED_FINALLY',
] as const;
export type DeploymentStatus = (typeof deploymentStatuses)[number];

/** What police do: apart from the request, since in an emergency they go before it is made. */
export const operations = ['NONE', 'DISPATCHED', 'COMPLETED', 'REPORTED'] as const;
export type Operation = (typeof operations)[number];

type Edges<S extends string> = Readonly<Partial<Record<S, readonly S[]>>>;

export interface Transition {
  /** Where it leads from each status; several where the deed itself chooses. */
  readonly status: Edges<DeploymentStatus>;
  /** The same for the operation; absent: it does not matter, and stays. */
  readonly operation?: Edges<Operation>;
  readonly article?: string;
}

function staysIn<S extends string>(...all: readonly S[]): Edges<S> {
  const edges: Partial<Record<S, readonly S[]>> = {};
  for (const one of all) edges[one] = [one];
  return edges;
}

const anyStatus = staysIn(...deploymentStatuses);
/** Waiting for a decision. */
export const undecided = ['SUBMITTED', 'LATE', 'UNDER_REVIEW'] as const satisfies readonly DeploymentStatus[];
/** Its requester may change it. */
export const editable = ['DRAFT', 'EMERGENCY', 'RETURNED'] as const satisfies readonly DeploymentStatus[];

/** From a request to the after-action record. A first signature of two leaves the status as it is. */
export const transitions: Readonly<Record<DeploymentDeed, Transition>> = {
  submit: {
    status: {
      DRAFT: ['SUBMITTED'],
      EMERGENCY: ['SUBMITTED', 'LATE'],
      RETURNED: ['SUBMITTED', 'LATE'],
    },
  },
  withdraw: {
    status: {
      DRAFT: ['WITHDRAWN'],
      SUBMITTED: ['WITHDRAWN'],
      RETURNED: ['WITHDRAWN'],
      APPROVED: ['WITHDRAWN'],
      STAND_BY: ['WITHDRAWN'],
    },
    operation: staysIn('NONE'),
  },
  'request-opinion': { status: staysIn(...undecided) },
  assess: { status: staysIn(...undecided) },
  'declare-conflict': { status: staysIn(...undecided) },
  approve: {
    status: {
      SUBMITTED: ['SUBMITTED', 'APPROVED'],
      LATE: ['LATE', 'APPROVED'],
      UNDER_REVIEW: ['UNDER_REVIEW', 'APPROVED'],
    },
    article: '警察法 6',
  },
  'stand-by': {
    status: {
      SUBMITTED: ['SUBMITTED', 'STAND_BY'],
      LATE: ['LATE', 'STAND_BY'],
      UNDER_REVIEW: ['UNDER_REVIEW', 'STAND_BY'],
    },
    article: '警察法 6',
  },
  refuse: {
    status: { SUBMITTED: ['REFUSED'], LATE: ['REFUSED'], UNDER_REVIEW: ['REFUSED_FINALLY'] },
    article: '警察法 33',
  },
  return: { status: { SUBMITTED: ['RETURNED'], LATE: ['RETURNED'] } },
  'request-review': { status: { REFUSED: ['UNDER_REVIEW'] }, article: '警察法 43' },
  dispatch: { status: staysIn('APPROVED', 'STAND_BY'), operation: { NONE: ['DISPATCHED'] } },
  'record-paper': { status: anyStatus, operation: staysIn('DISPATCHED', 'COMPLETED', 'REPORTED') },
  'report-deviation': { status: anyStatus, operation: staysIn('DISPATCHED', 'COMPLETED') },
  complete: { status: anyStatus, operation: { DISPATCHED: ['COMPLETED'] } },
  'sign-off': { status: anyStatus, operation: { COMPLETED: ['REPORTED'] } },
};

/** The deeds that the state allows, whoever asks. */
export const deedsFrom = (status: DeploymentStatus, operation: Operation): DeploymentDeed[] =>
  (Object.keys(transitions) as DeploymentDeed[]).filter((deed) => {
    const { status: statuses, operation: ground } = transitions[deed];
    return statuses[status] !== undefined && (!ground || ground[operation] !== undefined);
  });
