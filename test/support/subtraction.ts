import type { FigureTableView } from '../../src/common/dto/figure-table.view.js';
import { THRESHOLD } from '../../src/common/suppression.js';
import type { toldFigures } from '../../src/deployments/figures-told.js';

/** A sum that a reader knows: these numbers, each with its sign, make 0. */
export interface Equation {
  readonly terms: readonly { readonly name: string; readonly sign: 1 | -1; readonly told: number | null }[];
}

/**
 * What a reader of the figures can add up, said by what the numbers mean and not by how they are hidden: the rows and
 * columns of each table, and sums that two tables share.
 */
export function equationsOf(view: ReturnType<typeof toldFigures>): Equation[] {
  const { outcomes, byRequester, byOrgan, hoursByRequester, hoursByOrgan } = view;
  const cell = (table: FigureTableView, name: string, row: string, column: string) => ({
    name: `${name} ${row} ${column}`,
    told: table.cells.find((one) => one.row === row && one.column === column)!.count,
  });
  const sums = (table: FigureTableView, name: string): Equation[] => [
    ...[...table.rows, 'ALL'].map((row) => ({
      terms: [
        ...table.columns.map((column) => ({ ...cell(table, name, row, column), sign: 1 as const })),
        { ...cell(table, name, row, 'ALL'), sign: -1 as const },
      ],
    })),
    ...[...table.columns, 'ALL'].map((column) => ({
      terms: [
        ...table.rows.map((row) => ({ ...cell(table, name, row, column), sign: 1 as const })),
        { ...cell(table, name, 'ALL', column), sign: -1 as const },
      ],
    })),
  ];
  const same = (a: ReturnType<typeof cell>, b: ReturnType<typeof cell>): Equation => ({
    terms: [
      { ...a, sign: 1 },
      { ...b, sign: -1 },
    ],
  });
  return [
    ...sums(outcomes, 'outcomes'),
    ...sums(byRequester, 'byRequester'),
    ...sums(byOrgan, 'byOrgan'),
    ...sums(hoursByRequester, 'hoursByRequester'),
    ...sums(hoursByOrgan, 'hoursByOrgan'),
    ...outcomes.rows.map((outcome) =>
      same(cell(outcomes, 'outcomes', outcome, 'ALL'), cell(byRequester, 'byRequester', 'ALL', outcome)),
    ),
    ...outcomes.columns.map((month) =>
      same(cell(outcomes, 'outcomes', 'ALL', month), cell(byOrgan, 'byOrgan', 'ALL', month)),
    ),
    ...hoursByRequester.columns.map((month) =>
      same(
        cell(hoursByRequester, 'hoursByRequester', 'ALL', month),
        cell(hoursByOrgan, 'hoursByOrgan', 'ALL', month),
      ),
    ),
    ...outcomes.columns.slice(0, 1).flatMap(() => [
      same(cell(outcomes, 'outcomes', 'ALL', 'ALL'), { name: 'requests', told: view.requests }),
      same(cell(hoursByRequester, 'hoursByRequester', 'ALL', 'ALL'), {
        name: 'officerHours',
        told: view.officerHours,
      }),
    ]),
    // Each request has one code here: then those of all codes are the requests, and their hours the hours.
    ...[view.hoursByDuty, view.hoursByNpCode].flatMap((rows, n): Equation[] => [
      {
        terms: [
          ...rows.map(({ code, requests }) => ({
            name: `${n} ${code} requests`,
            sign: 1 as const,
            told: requests,
          })),
          { name: 'requests', sign: -1, told: view.requests },
        ],
      },
      {
        terms: [
          ...rows.map(({ code, officerHours }) => ({
            name: `${n} ${code} hours`,
            sign: 1 as const,
            told: officerHours,
          })),
          { name: 'officerHours', sign: -1, told: view.officerHours },
        ],
      },
    ]),
    // Of the requests of an organ some are refused, and some late.
    ...(['refusals', 'lates'] as const).flatMap((list) =>
      view[list].map(({ organId, count }) =>
        parted({ name: `${list} ${organId}`, told: count }, cell(byOrgan, 'byOrgan', organId, 'ALL')),
      ),
    ),
  ];
}

interface Known {
  readonly name: string;
  readonly told: number | null;
}

/** The part and the rest make the whole; the rest is no number of a figure, but small it must not be known either. */
function parted(part: Known, whole: Known): Equation {
  const rest = part.told === null || whole.told === null ? null : whole.told - part.told;
  const harmless = rest === 0 || (rest !== null && rest >= THRESHOLD);
  return {
    terms: [
      { ...part, sign: 1 },
      { name: `rest of ${part.name}`, sign: 1, told: harmless ? rest : null },
      { ...whole, sign: -1 },
    ],
  };
}

/** The hidden numbers that these equations settle, by Gauss: the names of those that have one solution only. */
export function computable(equations: readonly Equation[]): string[] {
  const unknown = [
    ...new Set(
      equations.flatMap(({ terms }) => terms.filter(({ told }) => told === null).map(({ name }) => name)),
    ),
  ];
  const place = new Map(unknown.map((name, n) => [name, n]));
  let rows = equations.map(({ terms }) => {
    const row = new Array<number>(unknown.length).fill(0);
    for (const { name, sign, told } of terms) if (told === null) row[place.get(name)!]! += sign;
    return row;
  });
  const settled: number[][] = [];
  for (let column = 0; column < unknown.length; column++) {
    const pivot = rows.find((row) => Math.abs(row[column]!) > 1e-9);
    if (!pivot) continue;
    const without = (row: number[]): number[] =>
      Math.abs(row[column]!) > 1e-9
        ? row.map((value, n) => value - (pivot[n]! * row[column]!) / pivot[column]!)
        : row;
    rows = rows.filter((row) => row !== pivot).map(without);
    settled.splice(0, settled.length, ...settled.map(without), pivot);
  }
  return settled
    .map((row) => row.flatMap((value, n) => (Math.abs(value) > 1e-9 ? [unknown[n]!] : [])))
    .filter((names) => names.length === 1)
    .map(([name]) => name!);
}
