import { DeploymentStatus, Operation } from '../deployment.states.js';
import { Outcome } from '../judgement.js';
import { ActivityType, RequesterType } from '../request.js';

export class RequestsOfDayView {
  /** On which they were submitted. */
  day: string;
  organ: string;
  count: number;
}

export class HoursView {
  /** A duty of 警察法 6 by its number, or an entry of the list of non-police activities. */
  code: string;
  deployments: number;
  officerHours: number;
}

export class RequesterFiguresView {
  requesterType: RequesterType;
  outcome: Outcome;
  count: number;
}

export class OrganFiguresView {
  organ: string;
  count: number;
}

export class OverrideFiguresView {
  /** Of the warning that was answered; OUTCOME: something was approved that the duty test speaks against. */
  code: string;
  count: number;
}

export class LateFiguresView extends OrganFiguresView {
  hours: number;
}

export class RepeatRequesterView {
  /** Null for citizens, who are not named in figures. */
  requester: string | null;
  requesterType: RequesterType;
  count: number;
  refused: number;
}

/** Figures of the requests that were submitted in a period. */
export class DeploymentFiguresView {
  from: string;
  to: string;
  requests: number;
  officerHours: number;
  requestsByDay: RequestsOfDayView[];
  /** A deployment for several duties counts under each of them. */
  hoursByDuty: HoursView[];
  hoursByNpCode: HoursView[];
  byRequester: RequesterFiguresView[];
  refusals: OrganFiguresView[];
  overrides: OverrideFiguresView[];
  lates: LateFiguresView[];
  repeatRequesters: RepeatRequesterView[];
}

export class CalendarEntryView {
  id: string;
  reference: string;
  status: DeploymentStatus;
  operation: Operation;
  organId: string;
  activityType: ActivityType | null;
  place: string;
  startsAt: string;
  endsAt: string;
  officers: number;
}

export class CalendarDayView {
  day: string;
  /** Of all deployments that take place on this day, wholly or in part. */
  officers: number;
  deployments: CalendarEntryView[];
}

export class CalendarView {
  days: CalendarDayView[];
}
