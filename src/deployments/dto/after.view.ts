import type { Language } from '../../common/words.js';
import type { DeploymentReport } from '../deployment-records.entity.js';
import { Outcome } from '../judgement.js';
import { ForceDto, TaskDto } from './deployment-request.dto.js';
import { DutyTestView } from './duty-test.view.js';

/** The after-action record. */
export class DeploymentReportView {
  id: string;
  /** What police really did. */
  tasks: TaskDto[];
  force: ForceDto;
  forceUsed: string | null;
  incidents: string | null;
  injuries: string | null;
  complaints: string | null;
  videos: string[];
  deviated: boolean;
  deviation: string | null;
  /** The duty test on what police really did. */
  test: DutyTestView;
  outcome: Outcome;
  officerHours: number;
  /** Begun hours by which it was signed too late. */
  hoursLate: number | null;
  signedBy: string;
  signedAt: string;

  static of(
    { deploymentId: _, officerMinutes, ...row }: DeploymentReport,
    language: Language,
  ): DeploymentReportView {
    return Object.assign(new DeploymentReportView(), {
      ...row,
      test: DutyTestView.in(language, row.test),
      officerHours: hoursOf(officerMinutes),
      signedAt: row.signedAt.toISOString(),
    });
  }
}

/** Hours with two decimals. */
export const hoursOf = (minutes: number): number => Math.round((minutes * 100) / 60) / 100;
