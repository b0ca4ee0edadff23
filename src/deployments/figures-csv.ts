import { figuresCsv, linesOf, type FigureLine } from '../common/figure-csv.js';
import { ALL } from '../common/networks.js';
import type { CodeFiguresView, DeploymentFiguresView } from './dto/figures.view.js';

const linesOfCodes = (figure: string, rows: readonly CodeFiguresView[]): FigureLine[] =>
  rows.flatMap(({ code, requests, deployments, officerHours }): FigureLine[] => [
    [figure, code, 'requests', requests],
    [figure, code, 'deployments', deployments],
    [figure, code, 'officerHours', officerHours],
  ]);

/** All figures as one table. */
export function inCsv(view: DeploymentFiguresView): string {
  const lines: FigureLine[] = [
    ['requests', ALL, ALL, view.requests],
    ['officerHours', ALL, ALL, view.officerHours],
    ...linesOf('outcomes', view.outcomes),
    ...linesOf('byRequester', view.byRequester),
    ...linesOf('byOrgan', view.byOrgan),
    ...linesOf('hoursByRequester', view.hoursByRequester),
    ...linesOf('hoursByOrgan', view.hoursByOrgan),
    ...linesOfCodes('hoursByDuty', view.hoursByDuty),
    ...linesOfCodes('hoursByNpCode', view.hoursByNpCode),
    ...(view.requestsByDay ?? []).map(({ day, organ, count }): FigureLine => [
      'requestsByDay',
      day,
      organ,
      count,
    ]),
    ...view.refusals.map(({ organ, count }): FigureLine => ['refusals', organ, 'count', count]),
    ...view.overrides.map(({ code, count }): FigureLine => ['overrides', code, 'count', count]),
    ...view.lates.flatMap(({ organ, count, hours }): FigureLine[] => [
      ['lates', organ, 'count', count],
      ['lates', organ, 'hours', hours],
    ]),
    ...view.repeatRequesters.flatMap(({ requester, requesterType, count, refused }): FigureLine[] => [
      ['repeatRequesters', requester ?? requesterType, 'count', count],
      ['repeatRequesters', requester ?? requesterType, 'refused', refused],
    ]),
  ];
  return figuresCsv(lines, view.organs);
}
