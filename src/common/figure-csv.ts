import { CSV_BOM, csvLine } from './csv.js';
import type { FigureTableView, OrganNameView } from './dto/figure-table.view.js';

/** A number of a figure by its row and column; null: hidden. */
export type FigureLine = readonly [figure: string, row: string, column: string, value: number | null];

/** The lines of a table, its sums among them. */
export const linesOf = (figure: string, { cells }: FigureTableView): FigureLine[] =>
  cells.map(({ row, column, count }) => [figure, row, column, count]);

/** One table for all figures: which figure, its row and column, and the number, or that it is hidden. */
export function figuresCsv(lines: readonly FigureLine[], organs: readonly OrganNameView[]): string {
  const names = new Map(organs.map(({ id, name }) => [id, name]));
  return [
    CSV_BOM,
    csvLine(['figure', 'row', 'column', 'value', 'note']),
    ...lines.map(([figure, row, column, value]) =>
      csvLine([
        figure,
        names.get(row) ?? row,
        names.get(column) ?? column,
        value,
        value === null ? 'hidden' : null,
      ]),
    ),
  ].join('');
}
