import { ApiProperty } from '@nestjs/swagger';
import { ruleParts, settingNames, type RuleLine, type RulePart, type SettingName } from '../rule-lines.js';

/** A day from which other rules are in force. */
export class RulebookVersionView {
  /** Its first day, which names it. */
  validFrom: string;
  /** How many rules are in force, and how many came, went and changed with it. */
  rules: number;
  added: number;
  removed: number;
  changed: number;
}

export class RuleSettingView {
  @ApiProperty({ enum: settingNames })
  name: SettingName;
  /** Its value in words; what is a number, a day or a code is the same in both languages. */
  en: string;
  zh: string;
}

/** A rule of law, with its article and how sure we are of it. */
export class RuleView {
  @ApiProperty({ enum: ruleParts })
  part: RulePart;
  id: string;
  article: string;
  /** A read in full, B an excerpt, C to be confirmed. */
  @ApiProperty({ enum: ['A', 'B', 'C'] })
  confidence: 'A' | 'B' | 'C';
  en: string;
  zh: string;
  /** Null for the rules for cases, which are of one version together. */
  validFrom: string | null;
  validTo: string | null;
  /** What else it fixes, by name. */
  settings: RuleSettingView[];

  static of({ settings, ...line }: RuleLine): RuleView {
    return Object.assign(new RuleView(), line, {
      settings: settingNames.flatMap((name) => (settings[name] ? [{ name, ...settings[name] }] : [])),
    });
  }
}

export class ChangedRuleView {
  before: RuleView;
  after: RuleView;
}

export class RulebookComparisonView {
  before: string;
  after: string;
  added: RuleView[];
  removed: RuleView[];
  changed: ChangedRuleView[];
}

export class RestDaysOfYearView {
  year: number;
  days: string[];
}

export class RestDaysView {
  /** Where it stands that they are days of rest. */
  article: string;
  years: RestDaysOfYearView[];
  /** The hours of night on which, as on these days, no agency enforces (行政强制法 43). */
  nightFrom: number;
  nightTo: number;
}
