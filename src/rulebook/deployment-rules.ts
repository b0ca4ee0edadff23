import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Words } from '../common/words.js';
import { checkedRules, type Raw } from './deployment-schema.js';
import type { Confidence } from './rulebook.js';
import type { Lexicon, Terms } from './terms.js';

/** A rule of the duty test: where it stands in the law and when it is in force. */
export interface Rule {
  readonly id: string;
  readonly article: string;
  readonly confidence: Confidence;
  readonly en: string;
  readonly zh: string;
  readonly validFrom: string;
  /** The last day of it. */
  readonly validTo?: string;
}

/** A rule with words by which a text shows it; `hits` and `misses` are its own small tests. */
export interface WordRule extends Rule {
  readonly words: Terms;
  readonly hits: readonly string[];
  readonly misses: readonly string[];
}

export interface DutyRule extends WordRule {
  readonly number: number;
  /** Codes of tasks and activities that are this duty by their nature. */
  readonly codes: readonly string[];
  readonly activities: readonly string[];
  /** Whether the head of a station may decide a small deployment for it. */
  readonly level1: boolean;
  /** The day on which it went to somebody else, and the provision that leaves a part of it. */
  readonly movedAway?: string;
  readonly leftBy?: string;
  /** Whatever else a law says. */
  readonly residual: boolean;
}

export interface AssistanceRule extends WordRule {
  readonly by: readonly string[];
  readonly acts: readonly string[];
  readonly activities: readonly string[];
  readonly general: boolean;
  readonly policeWork: boolean;
  readonly needsAct: boolean;
}

export interface NonPoliceRule extends WordRule {
  readonly activities: readonly string[];
  readonly disputes: readonly string[];
  readonly door: Words;
  readonly courtRuling: boolean;
  readonly unlawfulBeside: boolean;
  readonly unlessPapers: boolean;
  readonly unlessPoliceTask: boolean;
}

export interface SignalRule extends WordRule {
  readonly act?: string;
  readonly exclusive: boolean;
  readonly besideTopic: boolean;
  /** Its words are a negation themselves. */
  readonly negative: boolean;
  readonly dispute?: string;
}

export interface LevelRule extends Rule {
  readonly level: 'L0' | 'L1' | 'L2' | 'L3' | 'L4';
  readonly measure: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly who: Words;
}

export interface ApprovalRule extends Rule {
  readonly control: string;
  readonly carriedBy: string;
  readonly ordinaryFor: readonly string[];
}

export interface EdgeCaseRule extends WordRule {
  readonly when: string;
  readonly atLeast?: number;
}

export interface Question {
  readonly number: number;
  readonly article: string;
  readonly en: string;
  readonly zh: string;
  readonly changes: Words;
}

export interface Law {
  readonly id: string;
  readonly names: readonly string[];
  readonly also: readonly string[];
  readonly articles: number;
  readonly rank: 'LAW' | 'REGULATION' | 'RULE';
}

/** Words that turn a hit into something else. */
export interface ReadingRules {
  readonly en: Readonly<
    Record<'negators' | 'breakers' | 'notAfter' | 'others' | 'afterwards', ReadonlySet<string>>
  >;
  readonly zh: Readonly<Record<'negators' | 'blockers' | 'deceivers' | 'afterwards', readonly string[]>>;
  readonly policed: TwoLanguages;
  readonly agents: TwoLanguages;
  readonly conditional: TwoLanguages;
  readonly past: TwoLanguages;
  readonly lasting: TwoLanguages;
  readonly labels: TwoLanguages;
  readonly violence: TwoLanguages;
}

export interface TwoLanguages {
  /** Words, and pairs of words such as "in case". */
  readonly en: ReadonlySet<string>;
  readonly zh: readonly string[];
}

/** The part of the rulebook by which a request for police is tested. */
export interface DeploymentRules {
  readonly duties: readonly DutyRule[];
  readonly assistance: readonly AssistanceRule[];
  readonly nonPolice: readonly NonPoliceRule[];
  readonly signals: readonly SignalRule[];
  readonly levels: readonly LevelRule[];
  readonly approvals: readonly ApprovalRule[];
  readonly edgeCases: readonly EdgeCaseRule[];
  readonly questions: readonly Question[];
  readonly outcomes: readonly { readonly code: string; readonly en: string; readonly zh: string }[];
  readonly laws: readonly Law[];
  /** Of the rules of all times. */
  readonly lexicon: Lexicon;
  readonly reading: ReadingRules;
  readonly plausible: {
    readonly from: number;
    readonly officersPerPerson: number;
    readonly officersPerSuspect: number;
    readonly suspects: readonly string[];
  };
  /** For what police are held to account by the program itself. */
  readonly accountability: {
    /** So many hours after police went at once, a request that was not filed will not come. */
    readonly unfiledHours: number;
    /** So many minutes after a refusal, police who had gone before it have to be back. */
    readonly recallMinutes: number;
    readonly grounds: readonly {
      readonly id: string;
      readonly article: string;
      readonly en: string;
      readonly zh: string;
    }[];
  };
  /** A refusal that somebody tries to get around: by asking another organ, or in other words. */
  readonly askedAgain: {
    /** After so many days it may be asked anew. */
    readonly days: number;
    /** From this likeness on, 0 to 1, it is the same matter, whoever asks. */
    readonly alike: number;
    /** The same where the same requester asks. */
    readonly alikeOfSame: number;
    readonly article: string;
    readonly en: string;
    readonly zh: string;
  };
  /** Nights and holidays on which no agency may enforce. */
  readonly rest: {
    readonly from: number;
    readonly to: number;
    readonly appliesTo: readonly string[];
    readonly warning: string;
    readonly holidays: readonly string[];
    readonly everyYear: readonly string[];
  };
}

function readData(): Raw {
  const directory = join(import.meta.dirname, 'data');
  const parts = readdirSync(directory).filter((file) => file.endsWith('.yaml'));
  return Object.fromEntries(
    parts.map((file) => [
      file.slice(0, -'.yaml'.length),
      parse(readFileSync(join(directory, file), 'utf8')) as unknown,
    ]),
  );
}

/** All rules, of all times. Read when the program starts, which it does not with a rulebook that is wrong. */
export const deploymentRules: DeploymentRules = checkedRules(readData());

const inForce =
  (day: string) =>
  ({ validFrom, validTo }: Rule): boolean =>
    validFrom <= day && (validTo === undefined || day <= validTo);

/** The rules in force on that day. */
export function rulesInForce(rules: DeploymentRules, day: string): DeploymentRules {
  const valid = inForce(day);
  return {
    ...rules,
    duties: rules.duties.filter(valid),
    assistance: rules.assistance.filter(valid),
    nonPolice: rules.nonPolice.filter(valid),
    signals: rules.signals.filter(valid),
    levels: rules.levels.filter(valid),
    approvals: rules.approvals.filter(valid),
    edgeCases: rules.edgeCases.filter(valid),
  };
}
