import fc from 'fast-check';
import { suppressed, THRESHOLD, type Arc } from './suppression.js';
import { chainArcs, flowArcs, linkedArcs, tableArcs } from './networks.js';

const count = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 7 }) },
  { weight: 1, arbitrary: fc.integer({ min: 8, max: 40 }) },
);
const table = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
  .chain(([rows, columns]) =>
    fc.array(fc.array(count, { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    }),
  );
const names = (prefix: string, n: number): string[] => Array.from({ length: n }, (_, i) => `${prefix}${i}`);
const arcsOf = (cells: number[][]): Arc[] =>
  tableArcs('t', names('r', cells.length), names('c', cells[0]!.length), (r, c) => cells[+r[1]!]![+c[1]!]!);

/**
 * The values that each hidden count can have, by trying: whoever knows the sums, and that what is hidden is at least 1.
 * It knows nothing of ways and circles.
 */
function guesses(arcs: readonly Arc[], told: ReadonlyMap<string, number | null>): Map<string, Set<number>> {
  const hidden = arcs.filter(({ key }) => told.get(key) === null);
  const found = new Map(hidden.map(({ key }) => [key, new Set<number>()]));
  const balance = new Map<string, number>();
  const open = new Map<string, number>();
  const flow = ({ from, to }: Arc, value: number): void => {
    balance.set(from, (balance.get(from) ?? 0) - value);
    balance.set(to, (balance.get(to) ?? 0) + value);
  };
  for (const arc of arcs) {
    const value = told.get(arc.key)!;
    if (value !== null) flow(arc, value);
    else for (const end of [arc.from, arc.to]) open.set(end, (open.get(end) ?? 0) + 1);
  }
  const tried: number[] = [];
  const search = (i: number): void => {
    const arc = hidden[i];
    if (!arc) return hidden.forEach(({ key }, n) => found.get(key)!.add(tried[n]!));
    for (const end of [arc.from, arc.to]) open.set(end, open.get(end)! - 1);
    for (let value = Math.max(1, arc.value - 1); value <= arc.value + 1; value++) {
      flow(arc, value);
      tried[i] = value;
      if ([arc.from, arc.to].every((end) => open.get(end)! > 0 || balance.get(end) === 0)) search(i + 1);
      flow(arc, -value);
    }
    for (const end of [arc.from, arc.to]) open.set(end, open.get(end)! + 1);
  };
  search(0);
  return found;
}

function expectSafe(arcs: readonly Arc[]): void {
  const told = suppressed(arcs);
  for (const { key, value } of arcs) {
    const shown = told.get(key);
    // What is told is true and not small; nothing is hidden that is not there.
    expect([value, null]).toContain(shown);
    if (value > 0 && value < THRESHOLD) expect(shown).toBeNull();
    if (value === 0) expect(shown).toBe(0);
  }
  for (const [key, values] of guesses(arcs, told)) expect([key, values.size > 1]).toEqual([key, true]);
}

describe('small numbers', () => {
  it('cannot be computed from a table with its sums', () => {
    fc.assert(
      fc.property(table, (cells) => expectSafe(arcsOf(cells))),
      { numRuns: 100 },
    );
  });

  it('cannot be computed from what came, went and stayed', () => {
    const months = fc.array(fc.tuple(count, fc.double({ min: 0, max: 1, noNaN: true })), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(count, months, (before, steps) => {
        let open = before;
        const flow = steps.map(([opened, part], i) => {
          const closed = Math.floor((open + opened) * part);
          open += opened - closed;
          return { month: `m${i}`, opened, closed, open };
        });
        expectSafe(flowArcs(before, flow));
      }),
      { numRuns: 60 },
    );
  });

  it('cannot be computed from two tables that share their sums', () => {
    const three = fc.array(fc.array(count, { minLength: 2, maxLength: 2 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(three, (cells) => {
        // Of each category, counts by month and organ.
        const of = (k: string, m: string, o: string): number => cells[+k[1]! * 2 + +m[1]!]![+o[1]!]!;
        expectSafe(linkedArcs('l', names('k', 2), names('m', 2), names('o', 2), of));
      }),
      { numRuns: 40 },
    );
  });

  it('cannot be computed from a chain of tables, nor from how many of the last are so', () => {
    const cube = fc.array(fc.tuple(count, fc.double({ min: 0, max: 1, noNaN: true })), {
      minLength: 8,
      maxLength: 8,
    });
    fc.assert(
      fc.property(cube, (cells) => {
        const dimensions = ['a', 'b', 'c'].map((name) => ({ name, values: names(name, 2) }));
        // A cell has a value of each dimension: the bits of its number.
        const has = (cell: number, value: string): boolean =>
          ((cell >> 'abc'.indexOf(value[0]!)) & 1) === Number(value[1]);
        const summed = (values: string[], of: (cell: number) => number): number =>
          cells.reduce((sum, _, i) => sum + (values.every((value) => has(i, value)) ? of(i) : 0), 0);
        const arcs = chainArcs(
          dimensions,
          () => (row, column) => summed([row, column], (i) => cells[i]![0]),
          [{ name: 'so', count: (c) => summed([c], (i) => Math.floor(cells[i]![0] * cells[i]![1])) }],
        );
        expectSafe(arcs);
      }),
      { numRuns: 40 },
    );
  });

  it('hide what nobody is shown before what somebody is', () => {
    const told = suppressed([
      { key: 'whole', from: 'end', to: 'begin', value: 40 },
      { key: 'few', from: 'begin', to: 'end', value: 3 },
      { key: 'rest', from: 'begin', to: 'end', value: 37, quiet: true },
    ]);
    expect(Object.fromEntries(told)).toEqual({ whole: 40, few: null, rest: null });
  });

  it('hide no more than they must where nothing is small', () => {
    const told = suppressed(
      arcsOf([
        [5, 9],
        [12, 7],
      ]),
    );
    expect([...told.values()]).not.toContain(null);
  });

  it('hide a second count beside one, though it is large', () => {
    const told = suppressed(arcsOf([[3, 20, 30]]));
    expect(told.get('t r0 c0')).toBeNull();
    expect(told.get('t r0 c1')).toBeNull();
    expect(told.get('t r0 c2')).toBe(30);
    expect(told.get('t ALL ALL')).toBe(53);
  });

  it('hide more where a sum would say that each of them is one', () => {
    const told = suppressed(arcsOf([[1, 1, 20, 30]]));
    expect([...told.values()].filter((value) => value === null).length).toBeGreaterThan(2);
  });
});
