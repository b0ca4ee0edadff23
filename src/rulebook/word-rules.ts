import type { DeploymentRules, WordRule } from './deployment-rules.js';

type Lists = Pick<DeploymentRules, 'duties' | 'assistance' | 'nonPolice' | 'signals' | 'edgeCases'>;

/** All rules that know words, in the order in which their hits are told. */
export const wordRulesOf = ({
  duties,
  assistance,
  nonPolice,
  signals,
  edgeCases,
}: Lists): readonly WordRule[] => [...duties, ...assistance, ...nonPolice, ...signals, ...edgeCases];
