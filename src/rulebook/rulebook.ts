/** How sure we are of a rule: A read in full, B an excerpt, C to be confirmed. */
export type Confidence = 'A' | 'B' | 'C';

export interface Citation {
  readonly article: string;
  readonly confidence: Confidence;
}

export interface SanctionRule {
  readonly code: 'WARNING' | 'DEMERIT' | 'MAJOR_DEMERIT' | 'DOWNGRADE' | 'REMOVAL' | 'DISMISSAL';
  readonly zh: string;
  readonly grade: number;
  /** Its period; null for a dismissal, which has none. */
  readonly months: number | null;
}

/** The rules of law that the program applies, valid from a day on. */
export interface Rulebook {
  readonly version: string;
  /** The first day on which a new case is opened under it. */
  readonly validFrom: string;
  readonly investigators: Citation & { readonly atLeast: number };
  readonly caseDecision: Citation & { readonly months: number; readonly extendableToMonths: number };
  /**
   * How long a release of a reporter's identity holds at the most. The law wants the smallest scope and a definite
   * purpose; the number is ours.
   */
  readonly identityRelease: Citation & { readonly hours: number };
  readonly sanctions: Citation & { readonly kinds: readonly SanctionRule[] };
}

/** Newest last. A case keeps the version under which it was opened. */
export const rulebooks: readonly Rulebook[] = [
  {
    version: '2020-07',
    validFrom: '1900-01-01',
    investigators: { article: '政务处分法 42', confidence: 'A', atLeast: 2 },
    caseDecision: { article: '处分条例 44', confidence: 'A', months: 6, extendableToMonths: 12 },
    identityRelease: { article: '个人信息保护法 6', confidence: 'C', hours: 72 },
    sanctions: {
      article: '政务处分法 7, 8',
      confidence: 'A',
      kinds: [
        { code: 'WARNING', zh: '警告', grade: 1, months: 6 },
        { code: 'DEMERIT', zh: '记过', grade: 2, months: 12 },
        { code: 'MAJOR_DEMERIT', zh: '记大过', grade: 3, months: 18 },
        { code: 'DOWNGRADE', zh: '降级', grade: 4, months: 24 },
        { code: 'REMOVAL', zh: '撤职', grade: 5, months: 24 },
        { code: 'DISMISSAL', zh: '开除', grade: 6, months: null },
      ],
    },
  },
];

/** The rulebook under which a case is opened on this day. */
export function rulebookOn(day: string): Rulebook {
  const valid = rulebooks.filter((rulebook) => rulebook.validFrom <= day).at(-1);
  if (!valid) throw new Error(`There is no rulebook for ${day}`);
  return valid;
}

/** The rulebook of a case. */
export function rulebookOf(version: string): Rulebook {
  const found = rulebooks.find((rulebook) => rulebook.version === version);
  if (!found) throw new Error(`There is no rulebook ${version}`);
  return found;
}
