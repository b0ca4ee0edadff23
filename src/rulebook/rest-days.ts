import { deploymentRules } from './deployment-rules.js';

/** The article by which the days of rest are statutory; the dates are those of the State Council's yearly notice. */
export const restDaysArticle = '全国年节及纪念日放假办法 2';

export interface RestDays {
  readonly year: number;
  readonly days: readonly string[];
}

/** The statutory days of rest, year by year. A year without those that move with the moon is not entered yet. */
export function restDays(): RestDays[] {
  const { holidays, everyYear } = deploymentRules.rest;
  const years = [...new Set(holidays.map((day) => Number(day.slice(0, 4))))].sort();
  return years.map((year) => ({
    year,
    days: [
      ...holidays.filter((day) => Number(day.slice(0, 4)) === year),
      ...everyYear.map((day) => `${year}-${day}`),
    ].sort(),
  }));
}
