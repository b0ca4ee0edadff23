/** A count of a table. */
export class CellView {
  /** `ALL`: the sum of its column. */
  row: string;
  /** `ALL`: the sum of its row. */
  column: string;
  /** Null: hidden, since it is below `hiddenBelow` or would give away one that is. */
  count: number | null;
}

/** A table with its sums. Rows and columns are codes, months or ids of organs. */
export class FigureTableView {
  rows: string[];
  columns: string[];
  cells: CellView[];
}

export class OrganNameView {
  id: string;
  name: string;
}
