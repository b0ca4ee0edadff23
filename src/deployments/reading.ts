import { said, type Words } from '../common/words.js';
import type { DeploymentRules, WordRule } from '../rulebook/deployment-rules.js';
import { wordRulesOf } from '../rulebook/word-rules.js';
import { fieldWords } from './code-words.js';
import type { DeploymentRequest } from './request.js';
import { surroundingsOf, type Surroundings } from './surroundings.js';
import { matchesOf, readable, type ReadableText } from './text.js';

/** Words of a request that a rule knows, in their place. */
export interface Hit extends Surroundings {
  readonly rule: string;
  /** Field, such as `purpose` or `tasks[0].text`. */
  readonly where: string;
  readonly task?: number;
  readonly words: string;
  /** Offsets in the field as it was written. */
  readonly start: number;
  readonly end: number;
}

/** The words with the name of their field. */
export const quotation = ({ words, where }: Hit): Words => said`"${words}" (${fieldWords(where)})`;

interface Field {
  readonly where: string;
  readonly task?: number;
  readonly text: ReadableText;
  /** What stands there is said not to be done. */
  readonly forbids?: boolean;
}

/** The fields of a request that are read. */
function fieldsOf({ requester, purpose, tasks, law, limits, money }: DeploymentRequest): Field[] {
  const field = (where: string, text: string | null | undefined, more: Partial<Field> = {}): Field[] =>
    text?.trim() ? [{ where, text: readable(text), ...more }] : [];
  return [
    ...field('purpose', purpose),
    ...tasks.flatMap(({ text }, task) => field(`tasks[${task}].text`, text, { task })),
    ...field('requester.document.title', requester.document?.title),
    ...field('law.leadAgency', law?.leadAgency),
    ...field('law.leadAgencyBasis', law?.leadAgencyBasis),
    ...field('law.assistanceDocument', law?.assistanceDocument),
    ...field('law.whyNotOwnStaff', law?.whyNotOwnStaff),
    ...field('limits.stopConditions', limits?.stopConditions),
    ...field('limits.forbiddenActs', limits?.forbiddenActs, { forbids: true }),
    ...field('limits.commander', limits?.commander),
    ...field('money.sponsor', money?.sponsor),
  ];
}

/** All hits of these rules in a text, with what the words around them make of them. */
export function hitsIn(
  text: ReadableText,
  known: readonly WordRule[],
  { lexicon, reading }: Pick<DeploymentRules, 'lexicon' | 'reading'>,
): Omit<Hit, 'where'>[] {
  const matches = matchesOf(text, lexicon);
  return known.flatMap((rule) =>
    (matches.get(rule.words) ?? []).map((match) => {
      const [start, end] = [text.offsets[match.start]!, text.offsets[match.end - 1]! + 1];
      return {
        rule: rule.id,
        words: text.original.slice(start, end),
        start,
        end,
        ...surroundingsOf(text, match, reading),
      };
    }),
  );
}

/** What the prose of a request shows. */
export class Reading {
  private readonly hits: ReadonlyMap<string, readonly Hit[]>;
  /** Rules about acts: against such acts police may act themselves, but not against an errand. */
  private readonly acts: ReadonlySet<string>;

  constructor(request: DeploymentRequest, rules: DeploymentRules) {
    const negative = new Set(rules.signals.filter((signal) => signal.negative).map(({ id }) => id));
    this.acts = new Set(
      [
        ...rules.nonPolice.filter(({ unlessPapers, unlessPoliceTask }) => !unlessPapers && !unlessPoliceTask),
        ...rules.signals.filter(({ act, dispute }) => (act && act !== 'SERVICE') || dispute),
      ].map(({ id }) => id),
    );
    const known = wordRulesOf(rules);
    const hits: Hit[] = fieldsOf(request).flatMap(({ where, task, text, forbids }) =>
      hitsIn(text, known, rules).map((hit) => ({
        ...hit,
        where,
        ...(task === undefined ? {} : { task }),
        negated: !negative.has(hit.rule) && (hit.negated || forbids === true),
      })),
    );
    const byRule = new Map<string, Hit[]>();
    for (const hit of hits) {
      const known = byRule.get(hit.rule);
      if (known) known.push(hit);
      else byRule.set(hit.rule, [hit]);
    }
    this.hits = byRule;
  }

  /** Every hit of the rule, also those that the words around it take back. */
  all(rule: string): readonly Hit[] {
    return this.hits.get(rule) ?? [];
  }

  /** The hits of the rule that stand, in one of the fields whose names begin so. */
  of(rule: string, ...fields: readonly string[]): readonly Hit[] {
    return this.all(rule).filter(
      ({ negated, policed, where }) =>
        !negated &&
        !(policed && this.acts.has(rule)) &&
        (fields.length === 0 || fields.some((field) => where.startsWith(field))),
    );
  }

  has(rule: string, ...fields: readonly string[]): boolean {
    return this.of(rule, ...fields).length > 0;
  }

  inTask(rule: string, task: number): readonly Hit[] {
    return this.of(rule).filter((hit) => hit.task === task);
  }
}
