import { present, tableOf } from '../common/figure-tables.js';
import {
  ALL,
  cellKey,
  chainArcs,
  sumKey,
  tableArcs,
  tableName,
  WHOLE,
  type Dimension,
} from '../common/networks.js';
import type { FigureTableView } from '../common/dto/figure-table.view.js';
import { suppressed, THRESHOLD, type Arc } from '../common/suppression.js';
import type { DeploymentFiguresView } from './dto/figures.view.js';
import type { RawCode, RawFigures } from './figures.sql.js';
import { outcomes } from './judgement.js';
import { requesterTypes } from './request.js';

type Told = ReadonlyMap<string, number | null>;
type Tell = (arcs: readonly Arc[]) => Told;
type Numbers = Omit<DeploymentFiguresView, 'from' | 'to' | 'organId' | 'hiddenBelow' | 'requestsByDay'>;

const inFull: Tell = (arcs) => new Map(arcs.map(({ key, value }) => [key, value]));
const nothing: Tell = (arcs) => new Map(arcs.map(({ key, value }) => [key, value === 0 ? 0 : null]));

const hours = (minutes: number): number => Math.round((minutes / 60) * 100) / 100;

/**
 * The figures with what may be told of them (docs/adr/0028-small-numbers-of-deployments.md).
 * @param hides whether small numbers are hidden
 */
export function toldFigures(raw: RawFigures, months: readonly string[], hides: boolean): Numbers {
  const tell = hides ? suppressed : inFull;
  const occurring = <C extends string>(name: 'type' | 'outcome', codes: readonly C[]): Dimension => ({
    name,
    values: present(
      codes,
      raw.requests.map((row) => row[name]),
    ),
  });
  const type = occurring('type', requesterTypes);
  const outcome = occurring('outcome', outcomes);
  const month = { name: 'month', values: months };
  const organ = { name: 'organ', values: raw.organs.map(({ id }) => id) };
  const refused = summed(raw.requests, ['organ'], (row) => row.refused);
  const late = summed(raw.requests, ['organ'], (row) => row.late);
  const hoursLate = summed(raw.requests, ['organ'], (row) => row.hoursLate);

  const requests = tell(
    chainArcs([type, outcome, month, organ], countsIn(raw.requests), [
      { name: 'refused', count: refused },
      { name: 'late', count: late },
    ]),
  );
  const chain = [type, month, organ];
  const reported = tell(chainArcs(chain, countsIn(raw.reported)));
  const hoursTold = told(reported, chainArcs(chain, countsIn(raw.reported, 'minutes')));
  // A sum that is no small one, and hidden beside others, would be given away by its codes.
  const byItsSum = (counts: Told, rows: readonly { readonly n: number }[]): Tell =>
    counts.get(WHOLE) === null && total(rows) >= THRESHOLD ? nothing : tell;
  const tellCodes = {
    requests: byItsSum(requests, raw.requests),
    reported: byItsSum(reported, raw.reported),
  };
  const byOrgan = <M>(what: string, of: (id: string) => number, more: (id: string, told: boolean) => M) =>
    raw.organs
      .filter(({ id }) => of(id) > 0)
      .map(({ id, name }) => {
        const count = requests.get(cellKey(what, id, ALL)) ?? null;
        return { organId: id, organ: name, count, ...more(id, count !== null) };
      });
  return {
    requests: requests.get(WHOLE) ?? null,
    officerHours: hoursTold.get(WHOLE) ?? null,
    organs: raw.organs,
    outcomes: tableIn(requests, outcome, month),
    byRequester: tableIn(requests, type, outcome),
    byOrgan: tableIn(requests, organ, month, 'turned'),
    hoursByRequester: tableIn(hoursTold, type, month),
    hoursByOrgan: tableIn(hoursTold, organ, month, 'turned'),
    hoursByDuty: byCode('duty', raw.duties, tellCodes),
    hoursByNpCode: byCode('np', raw.npCodes, tellCodes),
    refusals: byOrgan('refused', refused, () => ({})),
    overrides: overridesIn(raw, tell),
    lates: byOrgan('late', late, (id, isTold) => ({ hours: isTold ? hoursLate(id) : null })),
    repeatRequesters: repeatsIn(raw, hides),
  };
}

type Row = Readonly<Record<string, string | number>>;

const total = (rows: readonly { readonly n: number }[]): number => rows.reduce((sum, { n }) => sum + n, 0);

/** How the tables of a chain count these rows. */
const countsIn =
  <R extends Row>(rows: readonly R[], what = 'n') =>
  (left: Dimension, right: Dimension) =>
    summed(rows, [left.name, right.name], (row) => Number(row[what]));

/** Hours are told where the number of deployments behind them would be: of one deployment they are that one's own. */
const told = (counts: Told, minutes: readonly Arc[]): Told =>
  new Map(minutes.map(({ key, value }) => [key, counts.get(key) === null ? null : hours(value)]));

/** The sums of a number over the rows that have some values. */
function summed<R extends Row>(
  rows: readonly R[],
  by: readonly string[],
  of: (row: R) => number,
): (...values: string[]) => number {
  const sums = new Map<string, number>();
  for (const row of rows) {
    const key = by.map((name) => row[name]).join(' ');
    sums.set(key, (sums.get(key) ?? 0) + of(row));
  }
  return (...values) => sums.get(values.join(' ')) ?? 0;
}

/** @param turned the columns come before the rows in the chain */
function tableIn(
  told: ReadonlyMap<string, number | null>,
  rows: Dimension,
  columns: Dimension,
  turned?: 'turned',
): FigureTableView {
  return tableOf(rows.values, columns.values, (row, column) => {
    const key = keyIn(rows, columns, row, column, turned);
    return told.get(key);
  });
}

function keyIn(rows: Dimension, columns: Dimension, row: string, column: string, turned?: 'turned'): string {
  if (row === ALL) return column === ALL ? WHOLE : sumKey(columns.name, column);
  if (column === ALL) return sumKey(rows.name, row);
  return turned
    ? cellKey(tableName(columns, rows), column, row)
    : cellKey(tableName(rows, columns), row, column);
}

/**
 * A code is told as if each request had one, so that the sum of all codes is that of the requests: it is told elsewhere.
 * The deployments of a code are judged by themselves, since how many have no record can be told without codes, too.
 */
function byCode(
  name: string,
  rows: readonly RawCode[],
  tell: { readonly requests: Tell; readonly reported: Tell },
): Numbers['hoursByDuty'] {
  const requests = listTold(`${name}-requests`, rows, ({ n }) => n, tell.requests);
  const reported = listTold(`${name}-reported`, rows, (row) => row.reported, tell.reported);
  return rows.map(({ code, minutes }) => {
    const deployments = reported(code);
    return {
      code,
      requests: requests(code),
      deployments,
      officerHours: deployments === null ? null : hours(minutes),
    };
  });
}

/** A list of counts of which everybody knows the sum. */
function listTold(
  name: string,
  rows: readonly RawCode[],
  of: (row: RawCode) => number,
  tell: Tell,
): (code: string) => number | null {
  const counts = new Map(rows.map((row) => [row.code, of(row)]));
  const arcs = tableArcs(name, [...counts.keys()], ['n'], (code) => counts.get(code)!);
  const told = tell(
    arcs.map((arc): Arc => (arc.key.startsWith(cellKey(name, ALL, '')) ? { ...arc, known: true } : arc)),
  );
  return (code) => told.get(cellKey(name, code, 'n')) ?? null;
}

function overridesIn({ overrides }: RawFigures, tell: Tell): Numbers['overrides'] {
  const of = new Map(overrides.map(({ code, n }) => [code, n]));
  const told = tell(tableArcs('override', [...of.keys()], ['n'], (code) => of.get(code)!));
  return overrides.map(({ code }) => ({ code, count: told.get(cellKey('override', code, 'n')) ?? null }));
}

/**
 * Each by itself: nobody knows their sum, since who asked once is not among them. Where small numbers are hidden, who
 * asked seldom is not named at all, and no citizen.
 */
function repeatsIn({ repeats }: RawFigures, hides: boolean): Numbers['repeatRequesters'] {
  return repeats
    .filter(({ requester, n }) => !hides || (requester !== null && n >= THRESHOLD))
    .map(({ requester, type, n, refused }) => {
      const told = (hides ? suppressed : inFull)([
        { key: 'all', from: 'end', to: 'begin', value: n },
        { key: 'refused', from: 'begin', to: 'end', value: refused },
        { key: 'rest', from: 'begin', to: 'end', value: n - refused, quiet: true },
      ]);
      return {
        requester,
        requesterType: type,
        count: told.get('all') ?? null,
        refused: told.get('refused') ?? null,
      };
    });
}
