import { FigureTableView, OrganNameView } from '../../common/dto/figure-table.view.js';

export class FlowView {
  month: string;
  /** Cases received in the month, and cases reopened in it. */
  opened: number | null;
  /** Cases that came to an end in it: closed, merged, not accepted, or closed without a case. */
  closed: number | null;
  /** Cases that were opened by the end of the month and had not come to an end. */
  open: number | null;
}

export class DurationView {
  /** A month, or `ALL`. */
  month: string;
  /** Cases decided in it. */
  decided: number | null;
  /** Days from the day received to the day decided: half of the cases took no longer. Null where `decided` is hidden or 0. */
  medianDays: number | null;
  /** Nine of ten cases took no longer. */
  p90Days: number | null;
}

/** Figures of the cases that the reader may count. Each number is defined here. */
export class StatisticsView {
  from: string;
  to: string;
  /** The organ whose cases are counted, with all under it; null: all that the reader may count. */
  organId: string | null;
  /** Counts below this, other than 0, are hidden. */
  hiddenBelow: number;
  /** Open when the first month began. */
  openBefore: number | null;
  openedInAll: number | null;
  closedInAll: number | null;
  flow: FlowView[];
  /** A month each, and `ALL` at the end. */
  timeToDecision: DurationView[];
  /**
   * Allegations whose final finding was recorded in these months: the recommended result (rows; `NONE`: nothing was
   * recommended) against the final one (columns). Of each stage the latest revision counts. The sums of the columns are
   * the findings by result.
   */
  findings: FigureTableView;
  /** Allegations of the cases received in these months, by category and month. */
  categoriesByMonth: FigureTableView;
  /** The same allegations by category and organ: the one that handles the case now, or the branch above it. */
  categoriesByOrgan: FigureTableView;
  /** Sanctions whose decision took effect in these months, by kind and month. One that was refused is none. */
  sanctions: FigureTableView;
  /** The organs that are columns. */
  organs: OrganNameView[];
}
