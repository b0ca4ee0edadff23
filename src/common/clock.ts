/** The only source of the present time, so that a limit of the law can be tested at any date. */
export abstract class Clock {
  abstract now(): Date;
}

export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}

/** The zone in which days of law begin and end (the rulebook's `timezone`). */
export const LEGAL_TIME_ZONE = 'Asia/Shanghai';

const legalDays = new Intl.DateTimeFormat('en-CA', {
  timeZone: LEGAL_TIME_ZONE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** The day of law on which this instant falls, `YYYY-MM-DD`. */
export const legalDay = (instant: Date): string => legalDays.format(instant);

/** The instant at which a day of law begins. The zone has had no summer time since 1991. */
export const startOfLegalDay = (day: string): Date => new Date(`${day}T00:00:00+08:00`);

/** The day of law so many days later; earlier where negative. */
export const addLegalDays = (day: string, days: number): string =>
  legalDay(new Date(startOfLegalDay(day).getTime() + days * 86_400_000));
