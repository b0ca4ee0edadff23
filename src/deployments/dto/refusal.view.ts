import { Outcome } from '../judgement.js';
import { Level } from '../level.js';

/** Who does what police do not do. */
export class DoorView {
  /** NP01 to NP13, or GENERAL. */
  code: string;
  door: string;
}

/** A refusal, to be handed to whoever asked. */
export class RefusalView {
  id: string;
  reference: string;
  requester: string;
  purpose: string;
  place: string;
  startsAt: string;
  endsAt: string;
  refusedBy: string;
  refusedAt: string;
  level: Level;
  outcome: Outcome;
  reason: string;
  /** The question of the duty test that settled it, with its answer. */
  question: string | null;
  answer: string | null;
  article: string | null;
  changes: string | null;
  doors: DoorView[];
  /** The organ that looks at it again on request, once; null when there is no further review. */
  reviewBy: string | null;
}
