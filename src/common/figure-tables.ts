import type { CellView, FigureTableView } from './dto/figure-table.view.js';
import { ALL } from './networks.js';

/** Both included. */
export function monthsBetween(from: string, to: string): string[] {
  const number = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;
  const first = number(from);
  return Array.from({ length: Math.max(0, number(to) - first + 1) }, (_, i) => {
    const n = first + i;
    return `${Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, '0')}`;
  });
}

/** The codes that occur, in the order of the catalogue. */
export const present = <C extends string>(codes: readonly C[], found: readonly string[]): C[] => {
  const set = new Set(found);
  return codes.filter((code) => set.has(code));
};

/** @param count of a row and a column, each of which may be ALL; null or undefined: hidden */
export function tableOf(
  rows: readonly string[],
  columns: readonly string[],
  count: (row: string, column: string) => number | null | undefined,
): FigureTableView {
  const cells: CellView[] = [...rows, ALL].flatMap((row) =>
    [...columns, ALL].map((column) => ({ row, column, count: count(row, column) ?? null })),
  );
  return { rows: [...rows], columns: [...columns], cells };
}
