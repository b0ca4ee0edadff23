import { FigureTableView, OrganNameView } from '../../common/dto/figure-table.view.js';
import { DeploymentStatus, Operation } from '../deployment.states.js';
import { ActivityType, RequesterType } from '../request.js';

export class RequestsOfDayView {
  /** On which they were submitted. */
  day: string;
  organ: string;
  count: number;
}

/** What counts under one code. A request with several codes counts under each of them, so there is no sum. */
export class CodeFiguresView {
  /** A duty of 警察法 6 by its number, or an entry of the list of non-police activities. */
  code: string;
  /** Null here and below: hidden. */
  requests: number | null;
  /** Of these, those whose after-action record is signed. */
  deployments: number | null;
  /** Of their officers, by the after-action record. */
  officerHours: number | null;
}

export class OrganFiguresView {
  organId: string;
  organ: string;
  count: number | null;
}

export class OverrideFiguresView {
  /** Of the warning that was answered; OUTCOME: something was approved that the duty test speaks against. */
  code: string;
  count: number | null;
}

export class LateFiguresView extends OrganFiguresView {
  /** Begun ones included. */
  hours: number | null;
}

export class RepeatRequesterView {
  /** Null for citizens, who are not named in figures; where small numbers are hidden they are left out. */
  requester: string | null;
  requesterType: RequesterType;
  count: number | null;
  refused: number | null;
}

/** Figures of the requests that were submitted in a period, by the month in which they were. */
export class DeploymentFiguresView {
  from: string;
  to: string;
  /** The organ whose requests are counted, with all under it; null: all that the reader may count. */
  organId: string | null;
  /** Counts below this, other than 0, are hidden; null: the reader decides on all of these requests, and is told all. */
  hiddenBelow: number | null;
  requests: number | null;
  officerHours: number | null;
  /** The organs that are rows: each is the one that is asked, or the branch above it. */
  organs: OrganNameView[];
  /** Requests by outcome of the duty test and month. */
  outcomes: FigureTableView;
  /** The same requests by requester and outcome. */
  byRequester: FigureTableView;
  /** The same by organ and month. */
  byOrgan: FigureTableView;
  /** Officer-hours by requester and month. */
  hoursByRequester: FigureTableView;
  /** The same by organ and month. */
  hoursByOrgan: FigureTableView;
  hoursByDuty: CodeFiguresView[];
  hoursByNpCode: CodeFiguresView[];
  /** Null where small numbers are hidden, for hardly a day has another, and for more than 92 days. */
  requestsByDay: RequestsOfDayView[] | null;
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
  /** How many deployments take place on this day, wholly or in part. */
  count: number;
  /** Of all of them. */
  officers: number;
  /** The first of them; the list has all, by the same day. */
  deployments: CalendarEntryView[];
}

export class CalendarView {
  days: CalendarDayView[];
}
