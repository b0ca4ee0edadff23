import { deploymentRules, rulesInForce } from '../rulebook/deployment-rules.js';
import { dutyTest, type DutyTestResult } from './duty-test.js';
import type { DeploymentRequest } from './request.js';

/** Its day in China, which has kept UTC+8 without summer time since 1992. */
export const dayOf = (instant: string): string =>
  new Date(Date.parse(instant.toUpperCase()) + 8 * 3_600_000).toISOString().slice(0, 10);

/** The duty test by the rules in force on the day on which the deployment begins. */
export const testedByItsDay = (request: DeploymentRequest): DutyTestResult =>
  dutyTest(request, rulesInForce(deploymentRules, dayOf(request.startsAt)));
