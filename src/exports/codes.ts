import { roles } from '../access/roles.js';
import { caseDeeds } from '../access/shapes.js';
import { subjectRoles } from '../intake/allegation.entity.js';
import { channels, reporterKinds } from '../intake/case.entity.js';
import { caseStatuses } from '../intake/case.states.js';
import { allegationCategories } from '../intake/categories.js';
import * as deeds from '../intake/dto/deeds.dto.js';
import * as abuse from '../intake/dto/facts-abuse-of-coercive-measures.dto.js';
import * as fines from '../intake/dto/facts-arbitrary-fine.dto.js';
import * as confessions from '../intake/dto/facts-coerced-confession.dto.js';
import * as coldService from '../intake/dto/facts-cold-service.dto.js';
import * as common from '../intake/dto/facts-common.dto.js';
import * as favours from '../intake/dto/facts-favour-case.dto.js';
import * as interceptions from '../intake/dto/facts-interception-or-misappropriation.dto.js';
import * as leaks from '../intake/dto/facts-leak-of-complaint.dto.js';
import * as money from '../intake/dto/facts-money-case.dto.js';
import * as deployments from '../intake/dto/facts-non-police-deployment.dto.js';
import * as other from '../intake/dto/facts-other.dto.js';
import * as rents from '../intake/dto/facts-rent-seeking.dto.js';
import * as retaliation from '../intake/dto/facts-retaliation.dto.js';
import * as shared from '../intake/dto/facts-shared.dto.js';
import * as vice from '../intake/dto/facts-vice-participation.dto.js';
import * as investigation from '../investigations/dto/investigation.dto.js';
import { findingOutcomes, findingStages } from '../investigations/finding.entity.js';
import * as sanction from '../sanctions/dto/sanction.dto.js';
import { sanctionKinds, tracks } from '../sanctions/sanction.entity.js';
import { sanctionStatuses } from '../sanctions/sanction.states.js';

/** The modules that declare codes of facts and deeds: each of their lists holds some. */
const modules: readonly object[] = [
  abuse,
  fines,
  confessions,
  coldService,
  common,
  favours,
  interceptions,
  leaks,
  money,
  deployments,
  other,
  rents,
  retaliation,
  shared,
  vice,
  deeds,
  investigation,
  sanction,
];

/** Every code of a fact, a state, a role: what may be shown in words. Any other text is somebody's own and stays. */
export const codes: ReadonlySet<string> = new Set<string>([
  ...modules.flatMap((module) =>
    Object.values(module).flatMap((value) => (Array.isArray(value) ? (value as string[]) : [])),
  ),
  ...roles,
  ...caseDeeds,
  ...subjectRoles,
  ...channels,
  ...reporterKinds,
  ...caseStatuses,
  ...allegationCategories,
  ...findingOutcomes,
  ...findingStages,
  ...sanctionKinds,
  ...tracks,
  ...sanctionStatuses,
  'INSTANT',
  'DAY',
  'MONTH',
]);
