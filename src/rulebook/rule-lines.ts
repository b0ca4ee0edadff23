import type { Words } from '../common/words.js';
import {
  deploymentRules,
  rulesInForce,
  type ApprovalRule,
  type AssistanceRule,
  type DutyRule,
  type EdgeCaseRule,
  type LevelRule,
  type NonPoliceRule,
  type Rule,
  type SignalRule,
} from './deployment-rules.js';
import { rulebookOn, rulebooks, type Confidence, type Rulebook } from './rulebook.js';

/** The parts of the rulebook: the rules for cases, and those of the duty test. */
export const ruleParts = [
  'CASES',
  'DUTIES',
  'ASSISTANCE',
  'NON_POLICE',
  'SIGNALS',
  'LEVELS',
  'APPROVALS',
  'EDGE_CASES',
] as const;
export type RulePart = (typeof ruleParts)[number];

/** A rule as a person reads it: what it says, where that stands, and its values by name. */
export interface RuleLine {
  readonly part: RulePart;
  readonly id: string;
  readonly article: string;
  readonly confidence: Confidence;
  readonly en: string;
  readonly zh: string;
  /** Null for the rules for cases, which are of one version together. */
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly settings: Settings;
}

export interface ChangedRule {
  readonly before: RuleLine;
  readonly after: RuleLine;
}

export interface RuleComparison {
  readonly added: RuleLine[];
  readonly removed: RuleLine[];
  readonly changed: ChangedRule[];
}

/** What a line says in its own members, and the words of the test, which are many and have tests of their own. */
type LeftOut =
  'id' | 'article' | 'confidence' | 'en' | 'zh' | 'validFrom' | 'validTo' | 'words' | 'hits' | 'misses';
type NamesOf<R> = R extends unknown ? Exclude<keyof R, LeftOut> : never;
/** What a rule fixes beside its text. */
export type SettingName =
  | 'version'
  | NamesOf<
      Rulebook['investigators' | 'caseDecision' | 'identityRelease'] | Rulebook['sanctions']['kinds'][number]
    >
  | NamesOf<DutyRule | AssistanceRule | NonPoliceRule | SignalRule | LevelRule | ApprovalRule | EdgeCaseRule>;
export type Settings = Readonly<Partial<Record<SettingName, Words>>>;

/** Complete by type. */
const SETTINGS: Readonly<Record<SettingName, true>> = {
  version: true,
  atLeast: true,
  atMost: true,
  months: true,
  extendableToMonths: true,
  hours: true,
  code: true,
  grade: true,
  number: true,
  codes: true,
  activities: true,
  level1: true,
  movedAway: true,
  leftBy: true,
  residual: true,
  by: true,
  acts: true,
  general: true,
  policeWork: true,
  needsAct: true,
  disputes: true,
  door: true,
  courtRuling: true,
  unlawfulBeside: true,
  unlessPapers: true,
  unlessPoliceTask: true,
  act: true,
  exclusive: true,
  besideTopic: true,
  negative: true,
  dispute: true,
  level: true,
  measure: true,
  who: true,
  control: true,
  carriedBy: true,
  ordinaryFor: true,
  when: true,
};
/** In the order in which they are shown. */
export const settingNames = Object.keys(SETTINGS) as SettingName[];

const alike = (text: string): Words => ({ en: text, zh: text });
const YES = { en: 'yes', zh: '是' };
const NO = { en: 'no', zh: '否' };
const NONE = { en: 'none', zh: '无' };

type Setting = string | number | boolean | null | readonly (string | number)[] | Words;

function wordsOf(value: Setting): Words {
  if (value === null) return NONE;
  if (typeof value === 'boolean') return value ? YES : NO;
  if (typeof value === 'string' || typeof value === 'number') return alike(String(value));
  return 'en' in value ? value : alike(value.join(', '));
}

const settingsOf = (rule: object): Settings => {
  const values = rule as Partial<Record<SettingName, Setting>>;
  return Object.fromEntries(
    settingNames.flatMap((name) => {
      const value = values[name];
      const words = value === undefined ? undefined : wordsOf(value);
      return words?.en ? [[name, words]] : [];
    }),
  );
};

const lineOf =
  (part: RulePart) =>
  (rule: Rule): RuleLine => ({
    part,
    id: rule.id,
    article: rule.article,
    confidence: rule.confidence,
    en: rule.en,
    zh: rule.zh,
    validFrom: rule.validFrom,
    validTo: rule.validTo ?? null,
    settings: settingsOf(rule),
  });

function caseLines(day: string): RuleLine[] {
  const { version, investigators, caseDecision, identityRelease, sanctions } = rulebookOn(day);
  const line = (
    id: string,
    rule: { readonly article: string; readonly confidence: Confidence },
    [en, zh]: readonly [string, string],
  ): RuleLine => ({
    part: 'CASES',
    id,
    article: rule.article,
    confidence: rule.confidence,
    en,
    zh,
    validFrom: null,
    validTo: null,
    settings: { version: alike(version), ...settingsOf(rule) },
  });
  return [
    line('investigators', investigators, ['Investigators of a case', '案件调查人员']),
    line('case-decision', caseDecision, ['Time limit of the decision', '作出决定的期限']),
    line('identity-release', identityRelease, ['Release of a reporter’s identity', '反映人身份的披露']),
    ...sanctions.kinds.map((kind) =>
      line(
        `sanction-${kind.code}`,
        { article: sanctions.article, confidence: sanctions.confidence, ...kind },
        [`Sanction: ${kind.code.toLowerCase().replaceAll('_', ' ')}`, `处分：${kind.zh}`],
      ),
    ),
  ];
}

/** Every rule that is in force on this day, part by part. */
export function linesOn(day: string): RuleLine[] {
  const rules = rulesInForce(deploymentRules, day);
  return [
    ...caseLines(day),
    ...rules.duties.map(lineOf('DUTIES')),
    ...rules.assistance.map(lineOf('ASSISTANCE')),
    ...rules.nonPolice.map(lineOf('NON_POLICE')),
    ...rules.signals.map(lineOf('SIGNALS')),
    ...rules.levels.map(lineOf('LEVELS')),
    ...rules.approvals.map(lineOf('APPROVALS')),
    ...rules.edgeCases.map(lineOf('EDGE_CASES')),
  ];
}

/** The law's own counting: the day after. */
const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/** The days on which another version of the rulebook begins, the oldest first. */
export function versionDays(): string[] {
  const { duties, assistance, nonPolice, signals, levels, approvals, edgeCases } = deploymentRules;
  const rules = [duties, assistance, nonPolice, signals, levels, approvals, edgeCases].flat() as Rule[];
  const days = [
    ...rulebooks.map(({ validFrom }) => validFrom),
    ...rules.map(({ validFrom }) => validFrom),
    ...rules.flatMap(({ validTo }) => (validTo === undefined ? [] : [dayAfter(validTo)])),
  ];
  return [...new Set(days)].sort();
}

const keyOf = ({ part, id }: RuleLine): string => `${part} ${id}`;
const contentOf = ({ article, confidence, en, zh, settings }: RuleLine): string =>
  JSON.stringify([article, confidence, en, zh, settings]);

/** What is different on the second day from the first. */
export function compareDays(before: string, after: string): RuleComparison {
  const old = new Map(linesOn(before).map((line) => [keyOf(line), line]));
  const now = new Map(linesOn(after).map((line) => [keyOf(line), line]));
  return {
    added: [...now.values()].filter((line) => !old.has(keyOf(line))),
    removed: [...old.values()].filter((line) => !now.has(keyOf(line))),
    changed: [...now.values()].flatMap((line) => {
      const was = old.get(keyOf(line));
      return was && contentOf(was) !== contentOf(line) ? [{ before: was, after: line }] : [];
    }),
  };
}
