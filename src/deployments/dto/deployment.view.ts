import { DeploymentDeed } from '../../access/shapes.js';
import type { Page } from '../../common/pages.js';
import { inLanguage, type Language } from '../../common/words.js';
import type { DeploymentAttachment, DeploymentReport } from '../deployment-records.entity.js';
import { DeploymentDeedRecord } from '../deployment-deed.entity.js';
import { Deployment } from '../deployment.entity.js';
import { deedsFrom, DeploymentStatus, Operation } from '../deployment.states.js';
import { Outcome } from '../judgement.js';
import { Level } from '../level.js';
import { requestOf } from '../request-columns.js';
import { ActivityType } from '../request.js';
import { CHECK_HOURS, dueAfter, PAPER_HOURS, REPORT_HOURS } from '../time-limits.js';
import { DeploymentRequestDto } from './deployment-request.dto.js';
import { DutyTestView } from './duty-test.view.js';
import { DeploymentReportView } from './after.view.js';

/** What a list shows of a request. */
export class DeploymentHeaderView {
  id: string;
  /** Such as PD-2026-000123. */
  reference: string;
  status: DeploymentStatus;
  /** What police do. */
  operation: Operation;
  organId: string;
  createdBy: string;
  createdAt: string;
  submittedAt: string | null;
  activityType: ActivityType | null;
  place: string;
  startsAt: string;
  endsAt: string;
  officers: number;
  emergency: boolean;
  /** The answer of the duty test; null until it was submitted. */
  outcome: Outcome | null;
  level: Level | null;
  /** Who decides: the level of the test, or a higher one after somebody stepped aside. */
  decisionLevel: Level | null;
  /** Hits on the list of non-police activities. */
  npCodes: string[];
  decidedAt: string | null;
  /** Begun hours by which an emergency was filed too late. */
  hoursLate: number | null;
  /** Send it as If-Match with a change. */
  version: number;

  static of(row: Deployment): DeploymentHeaderView {
    return fill(new DeploymentHeaderView(), row);
  }
}

const iso = (instant: Date | null): string | null => instant?.toISOString() ?? null;

const fill = <T extends DeploymentHeaderView>(view: T, row: Deployment): T =>
  Object.assign(view, {
    id: row.id,
    reference: row.reference,
    status: row.status,
    operation: row.operation,
    organId: row.organId,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    submittedAt: iso(row.submittedAt),
    activityType: row.activityType,
    place: row.place,
    startsAt: row.startsAt.toISOString(),
    endsAt: row.endsAt.toISOString(),
    officers: row.officers,
    emergency: row.emergency,
    outcome: row.outcome,
    level: row.level,
    decisionLevel: row.decisionLevel,
    npCodes: row.npCodes,
    decidedAt: iso(row.decidedAt),
    hoursLate: row.hoursLate,
    version: row.version,
  });

export class DeploymentPage implements Page<DeploymentHeaderView> {
  items: DeploymentHeaderView[];
  /** Pass it as `cursor` for the next page; null at the end. */
  nextCursor: string | null;
  total?: number;
}

/** What every deed answers. */
export class DeploymentDeedView extends DeploymentHeaderView {
  /** Deeds that the new state allows, whoever asks. */
  allowed: DeploymentDeed[];

  static after(row: Deployment): DeploymentDeedView {
    return Object.assign(fill(new DeploymentDeedView(), row), {
      allowed: deedsFrom(row.status, row.operation),
    });
  }
}

export class AttachmentView {
  id: string;
  name: string;
  mediaType: string;
  sizeBytes: number;
  /** SHA-256 of the file as it arrived, hexadecimal. */
  sha256: string;
  uploadedBy: string;
  uploadedAt: string;

  static of(row: DeploymentAttachment): AttachmentView {
    return Object.assign(new AttachmentView(), {
      id: row.id,
      name: row.name,
      mediaType: row.mediaType,
      sizeBytes: Number(row.sizeBytes),
      sha256: row.sha256.toString('hex'),
      uploadedBy: row.uploadedBy,
      uploadedAt: row.uploadedAt.toISOString(),
    });
  }
}

/** A step that was taken. */
export class DeploymentStepView {
  id: string;
  deed: DeploymentDeed;
  fromStatus: DeploymentStatus;
  toStatus: DeploymentStatus;
  round: number;
  doneBy: string;
  doneAt: string;
  /** The organ by whose power it was decided. */
  organId: string | null;
  /** For whom a deputy decided. */
  onBehalfOf: string | null;
  reason: string;
  details: object;

  static of(
    { deploymentId: _, details, ...step }: DeploymentDeedRecord,
    language: Language,
  ): DeploymentStepView {
    return Object.assign(new DeploymentStepView(), {
      ...step,
      // A deviation holds a duty test.
      details: inLanguage(details, language),
      doneAt: step.doneAt.toISOString(),
    });
  }
}

export class OralOrderView {
  name: string;
  words: string;
  at: string;
  paperDueAt: string;
  paperReceivedAt: string | null;
}

interface Parts {
  readonly deeds: readonly DeploymentDeedRecord[];
  readonly attachments: readonly DeploymentAttachment[];
  readonly report: DeploymentReport | null;
  readonly prior: number;
  readonly language: Language;
}

/** A request for police, as far as you may see it. */
export class DeploymentView extends DeploymentHeaderView {
  /** Without the requester's contact and papers for those who only see the order. */
  request: DeploymentRequestDto;
  rulebookVersion: string | null;
  /** The whole answer of the duty test, as it was when it was submitted. */
  test: DutyTestView | null;
  conditions: string[];
  /** Whether the legal section has to give its opinion. */
  opinionWanted: boolean;
  round: number;
  oralOrder: OralOrderView | null;
  dispatchedAt: string | null;
  /** When the request after an emergency is due. */
  checkDueAt: string | null;
  startedAt: string | null;
  endedAt: string | null;
  completedAt: string | null;
  /** When the after-action record is due. */
  reportDueAt: string | null;
  sentOfficers: number | null;
  officerIds: string[];
  attachments: AttachmentView[];
  steps: DeploymentStepView[];
  report: DeploymentReportView | null;
  /** Other requests of the same requester in the year before. */
  priorRequests: number | null;
  /** Deeds that you may do now. */
  allowed: DeploymentDeed[];
  /** Parts that you may not see. */
  redacted: string[];

  static from(
    row: Deployment,
    { deeds, attachments, report, prior, language }: Parts,
    readable: ReadonlySet<string>,
    may: (deed: DeploymentDeed) => boolean,
  ): DeploymentView {
    const whole = readable.has('file');
    const { requester, money, ...order } = requestOf(row);
    return Object.assign(fill(new DeploymentView(), row), {
      request: whole
        ? { requester, money, ...order }
        : { requester: { name: requester.name, type: requester.type }, ...order },
      rulebookVersion: row.rulebookVersion,
      test: whole && row.test ? DutyTestView.in(language, row.test) : null,
      conditions: row.conditions,
      opinionWanted: row.opinionWanted,
      round: row.round,
      oralOrder: whole ? oralOrderOf(row) : null,
      dispatchedAt: iso(row.dispatchedAt),
      checkDueAt:
        row.emergency && row.dispatchedAt && row.status === 'EMERGENCY'
          ? dueAfter(row.dispatchedAt, CHECK_HOURS).toISOString()
          : null,
      startedAt: iso(row.startedAt),
      endedAt: iso(row.endedAt),
      completedAt: iso(row.completedAt),
      reportDueAt:
        row.operation === 'COMPLETED' && row.endedAt
          ? dueAfter(row.endedAt, REPORT_HOURS).toISOString()
          : null,
      sentOfficers: row.sentOfficers,
      officerIds: row.officerIds,
      attachments: whole ? attachments.map((one) => AttachmentView.of(one)) : [],
      steps: whole ? deeds.map((one) => DeploymentStepView.of(one, language)) : [],
      report: whole && report ? DeploymentReportView.of(report, language) : null,
      priorRequests: whole ? prior : null,
      allowed: deedsFrom(row.status, row.operation).filter(may),
      redacted: whole ? [] : ['file'],
    });
  }
}

const oralOrderOf = ({ oralOrder, paperReceivedAt }: Deployment): OralOrderView | null =>
  oralOrder && {
    ...oralOrder,
    paperDueAt: dueAfter(new Date(oralOrder.at), PAPER_HOURS).toISOString(),
    paperReceivedAt: iso(paperReceivedAt),
  };
