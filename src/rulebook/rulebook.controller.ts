import { Controller, Get, Query } from '@nestjs/common';
import { Needs } from '../http/needs.js';
import { deploymentRules } from './deployment-rules.js';
import { CompareRulebooksQuery, RulesQuery } from './dto/rulebook.dto.js';
import { RestDaysView, RulebookComparisonView, RulebookVersionView, RuleView } from './dto/rulebook.view.js';
import { restDays, restDaysArticle } from './rest-days.js';
import { compareDays, linesOn, versionDays } from './rule-lines.js';

/** The law is everybody's to read. A new version comes with a new version of the program, tested with it. */
@Controller('rulebooks')
export class RulebookController {
  /** The versions of the rulebook, the newest first: each begins on the day on which a rule comes, goes or changes. */
  @Get()
  @Needs('read', 'Rulebook')
  list(): RulebookVersionView[] {
    const days = versionDays();
    return days
      .map((validFrom, index) => {
        const before = days[index - 1];
        const { added, removed, changed } = before
          ? compareDays(before, validFrom)
          : { added: [], removed: [], changed: [] };
        return Object.assign(new RulebookVersionView(), {
          validFrom,
          rules: linesOn(validFrom).length,
          added: added.length,
          removed: removed.length,
          changed: changed.length,
        });
      })
      .reverse();
  }

  /** The rules in force on a day, each with its article. */
  @Get('rules')
  @Needs('read', 'Rulebook')
  rules(@Query() { on }: RulesQuery): RuleView[] {
    return linesOn(on).map((line) => RuleView.of(line));
  }

  /** What the rules of one day have, lack or say differently from those of another. */
  @Get('comparison')
  @Needs('read', 'Rulebook')
  compare(@Query() { before, after }: CompareRulebooksQuery): RulebookComparisonView {
    const { added, removed, changed } = compareDays(before, after);
    return Object.assign(new RulebookComparisonView(), {
      before,
      after,
      added: added.map((line) => RuleView.of(line)),
      removed: removed.map((line) => RuleView.of(line)),
      changed: changed.map((rule) => ({ before: RuleView.of(rule.before), after: RuleView.of(rule.after) })),
    });
  }

  /** The statutory days of rest that are entered, year by year. */
  @Get('rest-days')
  @Needs('read', 'Rulebook')
  listRestDays(): RestDaysView {
    const { from, to } = deploymentRules.rest;
    return Object.assign(new RestDaysView(), {
      article: restDaysArticle,
      years: restDays(),
      nightFrom: from,
      nightTo: to,
    });
  }
}
