/** A count below this, other than 0, is not told. */
export const THRESHOLD = 5;

/**
 * A count as an arc of a network: what flows into a node flows out of it again. Rows, columns and months are nodes, and
 * every sum that a reader can check is said by a node. So there is one rule for tables of any kind (ADR 27).
 */
export interface Arc {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly value: number;
  /** Nobody is shown it, though others let it be computed: it costs nothing to hide. */
  readonly quiet?: true;
  /** It is told elsewhere, so that hiding it here would help nothing; where it is small it is hidden there, too. */
  readonly known?: true;
}

/**
 * Which counts may be told: null for those that are hidden, since they are small or since others would give them away.
 * A zero is always told. No hidden count can be computed from those that are told, whoever adds and subtracts them and
 * knows that what is hidden is at least 1.
 */
export function suppressed(arcs: readonly Arc[]): ReadonlyMap<string, number | null> {
  const hidden = new Hidden();
  // The latest hidden is looked at first, so that its way is gone on. What is safe stays so: more hidden is more ways.
  const doubtful = arcs.filter(({ value }) => value !== 0 && value < THRESHOLD);
  for (const arc of doubtful) hidden.add(arc);
  const open = arcs.filter(({ value, known }) => value >= THRESHOLD && !known).sort(cheapest);
  for (let arc = doubtful.at(-1); arc; arc = doubtful.at(-1)) {
    if (hidden.mayDiffer(arc, 1) || hidden.mayDiffer(arc, -1)) {
      doubtful.pop();
    } else {
      const beside = cover(open, arc);
      // There is one: with everything hidden, all of it could be one more along a circle. Only figures that contradict
      // themselves, such as an end before its beginning, and what is known elsewhere leave none.
      if (!beside) doubtful.pop();
      else doubtful.push(hidden.add(beside));
    }
  }
  return new Map(arcs.map((arc) => [arc.key, hidden.has(arc) ? null : arc.value]));
}

const cheapest = (a: Arc, b: Arc): number =>
  Number(b.quiet ?? false) - Number(a.quiet ?? false) || a.value - b.value || (a.key < b.key ? -1 : 1);

/** What is hidden beside a count that is given away: the smallest at one of its ends, else the smallest of all. */
function cover(open: Arc[], told: Arc): Arc | undefined {
  const near = open.findIndex(({ from, to }) =>
    [from, to].some((end) => end === told.from || end === told.to),
  );
  return open.splice(Math.max(near, 0), 1)[0];
}

/** The counts that are hidden, by their ends. */
class Hidden {
  private readonly all = new Set<Arc>();
  private readonly leaving = new Map<string, Arc[]>();
  private readonly entering = new Map<string, Arc[]>();

  add(arc: Arc): Arc {
    this.all.add(arc);
    this.leaving.set(arc.from, [...(this.leaving.get(arc.from) ?? []), arc]);
    this.entering.set(arc.to, [...(this.entering.get(arc.to) ?? []), arc]);
    return arc;
  }

  has(arc: Arc): boolean {
    return this.all.has(arc);
  }

  /**
   * Whether the count could be one more, or one less, while every count that is told stays: then other hidden ones
   * change by one along a way that leads from its one end back to the other.
   */
  mayDiffer(arc: Arc, by: 1 | -1): boolean {
    if (by === -1 && arc.value < 2) return false;
    const [start, end] = by === 1 ? [arc.to, arc.from] : [arc.from, arc.to];
    const reached = new Set([start]);
    for (const at of reached) {
      if (at === end) return true;
      for (const other of this.leaving.get(at) ?? []) if (other !== arc) reached.add(other.to);
      for (const other of this.entering.get(at) ?? []) {
        // One less of it; a hidden count is never 0.
        if (other !== arc && other.value >= 2) reached.add(other.from);
      }
    }
    return reached.has(end);
  }
}
