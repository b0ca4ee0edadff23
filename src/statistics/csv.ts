import { figuresCsv, linesOf, type FigureLine } from '../common/figure-csv.js';
import type { StatisticsView } from './dto/statistics.view.js';

/** All figures as one table. */
export function inCsv(view: StatisticsView): string {
  const lines: FigureLine[] = [
    ['flow', 'BEFORE', 'open', view.openBefore],
    ...view.flow.flatMap(({ month, opened, closed, open }): FigureLine[] => [
      ['flow', month, 'opened', opened],
      ['flow', month, 'closed', closed],
      ['flow', month, 'open', open],
    ]),
    ['flow', 'ALL', 'opened', view.openedInAll],
    ['flow', 'ALL', 'closed', view.closedInAll],
    ...view.timeToDecision.flatMap(({ month, decided, medianDays, p90Days }): FigureLine[] => [
      ['timeToDecision', month, 'decided', decided],
      ...(decided === 0
        ? []
        : ([
            ['timeToDecision', month, 'medianDays', medianDays],
            ['timeToDecision', month, 'p90Days', p90Days],
          ] satisfies FigureLine[])),
    ]),
    ...linesOf('findings', view.findings),
    ...linesOf('categoriesByMonth', view.categoriesByMonth),
    ...linesOf('categoriesByOrgan', view.categoriesByOrgan),
    ...linesOf('sanctions', view.sanctions),
  ];
  return figuresCsv(lines, view.organs);
}
