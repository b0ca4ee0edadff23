import type { Page } from '../../common/pages.js';
import type { DeploymentNotice, DeploymentObjection } from '../deployment-records.entity.js';
import { DeploymentDeedView } from './deployment.view.js';
import { DutyTestView } from './duty-test.view.js';

/** What a deviation is by the duty test. */
export class DeviationView extends DeploymentDeedView {
  test: DutyTestView;
}

/** Shown to its author, and to the organ above that of the police who were sent. */
export class ObjectionView {
  id: string;
  deploymentId: string;
  /** Its author's account. */
  userId: string;
  text: string;
  createdAt: string;

  static of({ id, deploymentId, userId, text, createdAt }: DeploymentObjection): ObjectionView {
    return Object.assign(new ObjectionView(), {
      id,
      deploymentId,
      userId,
      text,
      createdAt: createdAt.toISOString(),
    });
  }
}

export class ObjectionPage implements Page<ObjectionView> {
  items: ObjectionView[];
  nextCursor: string | null;
  total?: number;
}

/** That something happened too often. */
export class DeploymentNoticeView {
  id: string;
  kind: 'THREE_LATE';
  organId: string;
  /** Such as 2026-Q1. */
  quarter: string;
  count: number;
  /** The one that made it so many. */
  deploymentId: string;
  createdAt: string;

  static of({ __caslSubjectType__: _, ...row }: DeploymentNotice): DeploymentNoticeView {
    return Object.assign(new DeploymentNoticeView(), { ...row, createdAt: row.createdAt.toISOString() });
  }
}

export class DeploymentNoticePage implements Page<DeploymentNoticeView> {
  items: DeploymentNoticeView[];
  nextCursor: string | null;
  total?: number;
}
