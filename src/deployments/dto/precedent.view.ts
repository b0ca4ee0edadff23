import { Outcome } from '../judgement.js';
import { DeploymentStatus } from '../deployment.states.js';
import { DutyTestView } from './duty-test.view.js';

/** An earlier request like this one, and what became of it. */
export class PrecedentView {
  id: string;
  /** Such as PD-2026-000123. */
  reference: string;
  organId: string;
  status: DeploymentStatus;
  /** What the duty test said of it. */
  outcome: Outcome;
  npCodes: string[];
  decidedAt: string | null;
  /** Why it was decided as it was, in the words of the decision. */
  reason: string | null;
  /** How like it is: 0 to 1, by the words that both have; a word that few requests have counts more. */
  likeness: number;
  /** Words that both have, whatever their endings, as they stand in what is asked; Chinese in pairs of characters. */
  sharedWords: string[];
  /** Type of requester, activity, codes of tasks and of the non-police list that both have. */
  sharedCodes: string[];
}

/** What became of the requests of the same requester in the year before, as far as you may see them. */
export class RequesterRecordView {
  /** The first day that is looked at. */
  since: string;
  asked: number;
  approved: number;
  refused: number;
  withdrawn: number;
  /** Approved although the duty test spoke against it. */
  overridden: number;
  /** Emergencies that were filed too late. */
  late: number;
}

/** What earlier requests say about one. */
export class PrecedentsView {
  /** At most five, the most similar first; only what you may see. */
  precedents: PrecedentView[];
  requesterRecord: RequesterRecordView;
}

/** The duty test as a dry run, with what earlier requests say. */
export class CheckView extends DutyTestView implements PrecedentsView {
  /** At most five, the most similar first; only what you may see. */
  precedents: PrecedentView[];
  requesterRecord: RequesterRecordView;
}
