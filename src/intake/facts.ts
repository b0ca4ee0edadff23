import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import { type InputError, invalidInput } from '../common/errors.js';
import { fromHundredths, hundredths, type MoneyDto, sumMoney } from '../common/money.dto.js';
import { unstorable } from '../common/text.js';
import type { AllegationCategory } from './categories.js';
import { AbuseOfCoerciveMeasuresFacts } from './dto/facts-abuse-of-coercive-measures.dto.js';
import { ArbitraryFineFacts } from './dto/facts-arbitrary-fine.dto.js';
import { CoercedConfessionFacts } from './dto/facts-coerced-confession.dto.js';
import { ColdServiceFacts } from './dto/facts-cold-service.dto.js';
import type { CommonFacts } from './dto/facts-common.dto.js';
import { FavourCaseFacts } from './dto/facts-favour-case.dto.js';
import { InterceptionOrMisappropriationFacts } from './dto/facts-interception-or-misappropriation.dto.js';
import { LeakOfComplaintFacts } from './dto/facts-leak-of-complaint.dto.js';
import { MoneyCaseFacts } from './dto/facts-money-case.dto.js';
import { NonPoliceDeploymentFacts } from './dto/facts-non-police-deployment.dto.js';
import { OtherFacts } from './dto/facts-other.dto.js';
import { RentSeekingFacts } from './dto/facts-rent-seeking.dto.js';
import { RetaliationFacts } from './dto/facts-retaliation.dto.js';
import { demandedOf } from './dto/facts-shared.dto.js';
import { ViceParticipationFacts } from './dto/facts-vice-participation.dto.js';

const classes = {
  COERCED_CONFESSION: CoercedConfessionFacts,
  ARBITRARY_FINE: ArbitraryFineFacts,
  FAVOUR_CASE: FavourCaseFacts,
  NON_POLICE_DEPLOYMENT: NonPoliceDeploymentFacts,
  MONEY_CASE: MoneyCaseFacts,
  ABUSE_OF_COERCIVE_MEASURES: AbuseOfCoerciveMeasuresFacts,
  INTERCEPTION_OR_MISAPPROPRIATION: InterceptionOrMisappropriationFacts,
  VICE_PARTICIPATION: ViceParticipationFacts,
  RENT_SEEKING: RentSeekingFacts,
  COLD_SERVICE: ColdServiceFacts,
  RETALIATION: RetaliationFacts,
  LEAK_OF_COMPLAINT: LeakOfComplaintFacts,
  OTHER: OtherFacts,
} satisfies Record<AllegationCategory, new () => CommonFacts>;

type FactsOf<C extends AllegationCategory> = InstanceType<(typeof classes)[C]>;

/** The class of the facts of each category. */
export const factsClasses: Readonly<Record<AllegationCategory, new () => CommonFacts>> = classes;

// ---- input

/** Deeper than any fact goes; a guard against input that would exhaust the stack. */
const maxDepth = 20;

const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** A copy without nulls in objects: null says the same as nothing. Notes what no check behind it would see. */
function withoutNulls(value: unknown, pointer: string, errors: InputError[], depth = 0): unknown {
  if (typeof value === 'string') {
    const why = unstorable(value);
    if (why) errors.push({ pointer, message: `the text has ${why}` });
  }
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= maxDepth) {
    errors.push({ pointer, message: `facts may be nested ${maxDepth} deep at most` });
    return undefined;
  }
  if (Array.isArray(value)) {
    return value.map((entry, i) => withoutNulls(entry, `${pointer}/${i}`, errors, depth + 1));
  }
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    const at = `${pointer}/${escaped(name)}`;
    if (name in Object.prototype) {
      // class-transformer drops these names silently, and no fact has them.
      errors.push({ pointer: at, message: `${name} is not a fact` });
    } else if (member !== null && member !== undefined) {
      copy[name] = withoutNulls(member, at, errors, depth + 1);
    }
  }
  return copy;
}

/** One error for each wrong place. Of several complaints about one value the last is the most basic, its type. */
function flat(
  errors: readonly ValidationError[],
  pointer: string,
  unknown: (name: string) => string,
): InputError[] {
  return errors.flatMap(({ property, constraints = {}, children = [] }) => {
    const at = `${pointer}/${escaped(property)}`;
    const { whitelistValidation, nestedValidation, ...others } = constraints;
    const message = whitelistValidation
      ? unknown(property)
      : (Object.values(others).at(-1) ?? (nestedValidation && 'must be an object'));
    return [
      ...(message === undefined ? [] : [{ pointer: at, message }]),
      ...flat(children, at, (name) => `${name} is not a field of ${at}`),
    ];
  });
}

/**
 * The facts of that category from untrusted input, which may be incomplete. Refuses, with a pointer to each place,
 * wrong values, unknown fields, the facts of other categories, and what is computed.
 */
export function parseFacts(category: AllegationCategory, input: unknown, pointer = '/facts'): CommonFacts {
  const errors: InputError[] = [];
  const plain = withoutNulls(input ?? {}, pointer, errors);
  if (typeof plain !== 'object' || Array.isArray(plain)) {
    throw invalidInput([{ pointer, message: `the facts of ${category} must be an object` }, ...errors]);
  }
  const facts = plainToInstance(factsClasses[category], plain);
  const wrong = validateSync(facts, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
  });
  const unknown = (name: string) =>
    `${name} is not a fact of ${category}${Object.hasOwn(computations[category], name) ? ': it is computed' : ''}`;
  errors.push(...flat(wrong, pointer, unknown));
  if (errors.length > 0) throw invalidInput(errors);
  return facts;
}

// ---- what is still open

/** True for null, blank text, and a list or object that holds nothing else. Zero and false are answers. */
function isVoid(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'string') return value.trim() === '';
  return typeof value === 'object' && Object.values(value).every(isVoid);
}

function missingIn(value: unknown, pointer: string): string[] {
  if (Array.isArray(value)) return value.flatMap((entry, i) => missingIn(entry, `${pointer}/${i}`));
  if (typeof value !== 'object' || value === null) return [];
  const demanded = new Set(demandedOf(value));
  const members = value as Record<string, unknown>;
  return [...new Set([...demanded, ...Object.keys(members)])].flatMap((name) => {
    const at = `${pointer}/${name}`;
    const inside = missingIn(members[name], at);
    return inside.length === 0 && demanded.has(name) && isVoid(members[name]) ? [at] : inside;
  });
}

/**
 * Pointers, from the facts' own root, to what the report demands and the facts do not hold, such as
 * `/payers/0/amount`. Takes stored facts as well as parsed ones.
 */
export function missingBeforeReport(category: AllegationCategory, facts: CommonFacts): string[] {
  return missingIn(plainToInstance(factsClasses[category], facts), '');
}

// ---- what follows from the facts

const DAY = 86_400_000;

const time = (instant: string): number => Date.parse(instant.toUpperCase());

/** Days since 1970 of that instant's day in China, which has kept UTC+8 without summer time since 1992. */
const chinaDay = (instant: string): number => Math.floor((time(instant) + 8 * 3_600_000) / DAY);

const dayNumber = (date: string): number => Date.parse(`${date}T00:00:00Z`) / DAY;

/** Mondays to Fridays from Monday 1969-12-29 up to and with that day. */
function weekdaysUpTo(day: number): number {
  const sinceMonday = day + 3;
  const weeks = Math.floor(sinceMonday / 7);
  return weeks * 5 + Math.min(sinceMonday - weeks * 7 + 1, 5);
}

/** Working days after `from`, up to and with `to`: Mondays to Fridays only; holidays come with the deadline rules. */
const workdays = (from: number, to: number): number => weekdaysUpTo(to) - weekdaysUpTo(from);

const minutesBetween = (from?: string, to?: string): number | undefined =>
  from && to ? (time(to) - time(from)) / 60_000 : undefined;

/** The amounts that are there, summed by currency; undefined when the list itself is open. */
const sumOf = <T>(list: readonly T[] | undefined, amount: (entry: T) => MoneyDto | undefined) =>
  list && sumMoney(list.flatMap((entry) => amount(entry) ?? []));

/** How much `more` exceeds `less`, never below zero; undefined unless both are of one currency. */
function excess(more?: MoneyDto, less?: MoneyDto): MoneyDto | undefined {
  if (!more || !less || more.currency !== less.currency) return undefined;
  const difference = hundredths(more) - hundredths(less);
  return fromHundredths(difference > 0n ? difference : 0n, more.currency);
}

/** What was taken above the legal maximum of each payer; all of it where no legal basis exists. By currency. */
function overcharge({ basisExists, payers, legalMaximum }: ArbitraryFineFacts): MoneyDto[] | undefined {
  if (basisExists === false) return sumOf(payers, (payer) => payer.amount);
  return legalMaximum && sumOf(payers, (payer) => excess(payer.amount, legalMaximum));
}

/** Working days past the two that the officer has from the first payment (行政处罚法 71). */
function officerDelay({ payers, handedInAt }: ArbitraryFineFacts): number | undefined {
  const days = (payers ?? []).flatMap(({ date }) => (date ? dayNumber(date) : []));
  if (!handedInAt || days.length === 0) return undefined;
  return Math.max(0, workdays(Math.min(...days), chinaDay(handedInAt)) - 2);
}

/** Working days past the two that the organ has from the officer's payment to it (行政处罚法 71). */
function organDelay({ handedInAt, bankAt }: ArbitraryFineFacts): number | undefined {
  return handedInAt && bankAt ? Math.max(0, workdays(chinaDay(handedInAt), chinaDay(bankAt)) - 2) : undefined;
}

function delayWorkdays(facts: ArbitraryFineFacts): number | undefined {
  const steps = [officerDelay(facts), organDelay(facts)].filter((step) => step !== undefined);
  return steps.length > 0 ? steps.reduce((sum, step) => sum + step, 0) : undefined;
}

/** Heads times hours, to two decimals. */
function headHours(
  heads: number | undefined,
  { startedAt, endedAt }: NonPoliceDeploymentFacts,
): number | undefined {
  const minutes = minutesBetween(startedAt, endedAt);
  return heads === undefined || minutes === undefined
    ? undefined
    : Math.round((heads * minutes * 100) / 60) / 100;
}

/** Whole minutes past the limit. */
function overrunMinutes({ startAt, endAt, limitHours }: AbuseOfCoerciveMeasuresFacts): number | undefined {
  const minutes = minutesBetween(startAt, endAt);
  return minutes === undefined || limitHours === undefined
    ? undefined
    : Math.max(0, Math.floor(minutes - limitHours * 60));
}

/** Numbers of the sessions with fewer than two interrogators (刑诉法 118); those still open are left out. */
const sessionsBelowTwoInterrogators = ({ sessions }: CoercedConfessionFacts): number[] | undefined =>
  sessions?.flatMap(({ no, interrogators }, i) =>
    interrogators && interrogators.length < 2 ? [no ?? i + 1] : [],
  );

/** What follows from the facts of each category, and so is never input. */
const computations: {
  readonly [C in AllegationCategory]: Readonly<Record<string, (facts: FactsOf<C>) => unknown>>;
} = {
  COERCED_CONFESSION: { sessionsBelowTwoInterrogators },
  ARBITRARY_FINE: {
    totalAmount: ({ payers }) => sumOf(payers, (payer) => payer.amount),
    overcharge,
    officerDelayWorkdays: officerDelay,
    organDelayWorkdays: organDelay,
    delayWorkdays,
  },
  FAVOUR_CASE: {},
  NON_POLICE_DEPLOYMENT: {
    officerHours: (facts) => headHours(facts.officersSent, facts),
    auxiliaryHours: (facts) => headHours(facts.auxiliariesSent, facts),
  },
  MONEY_CASE: { totalValue: ({ benefit }) => sumOf(benefit, ({ value }) => value) },
  ABUSE_OF_COERCIVE_MEASURES: { overrunMinutes },
  INTERCEPTION_OR_MISAPPROPRIATION: {
    shortfall: ({ dueAmount, handedAmount }) => excess(dueAmount, handedAmount),
    delayDays: ({ dueAt, handedAt }) =>
      dueAt && handedAt ? Math.max(0, chinaDay(handedAt) - chinaDay(dueAt)) : undefined,
  },
  VICE_PARTICIPATION: {},
  RENT_SEEKING: {},
  COLD_SERVICE: {
    overrunDays: ({ legalTimeLimit, actualDays }) =>
      legalTimeLimit === undefined || actualDays === undefined
        ? undefined
        : Math.max(0, actualDays - legalTimeLimit),
  },
  RETALIATION: {
    /** Negative when the adverse act came first. */
    daysAfterProtectedAct: ({ dates }) =>
      dates?.protectedAct && dates.adverseAct
        ? dayNumber(dates.adverseAct) - dayNumber(dates.protectedAct)
        : undefined,
  },
  LEAK_OF_COMPLAINT: {},
  OTHER: {},
};

/**
 * What the parsed facts of that category add up to; a value whose parts are still open is left out. Sums of money
 * are lists, one entry for each currency. Working days are Mondays to Fridays for now, without holidays.
 */
export function computedFacts(category: AllegationCategory, facts: CommonFacts): Record<string, unknown> {
  const entries = Object.entries(computations[category] as Record<string, (facts: CommonFacts) => unknown>);
  return Object.fromEntries(
    entries.flatMap(([name, compute]) => {
      const value = compute(facts);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
