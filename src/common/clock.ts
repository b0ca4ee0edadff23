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

/** The instant at which the day of law begins on which this one falls. China has one offset and no summer time. */
export const startOfLegalDay = (instant: Date): Date => new Date(`${legalDay(instant)}T00:00:00+08:00`);
