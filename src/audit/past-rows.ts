import { tellsRows } from './disclosures.js';
import type { HistoryEntry } from './history.service.js';
import type { PlainRow, RowChange } from './row-changes.js';

/** Rows by table and key, as events say that they are. */
export type Tables = Map<string, Map<string, PlainRow>>;

export function rowsIn(tables: Tables, table: string): Map<string, PlainRow> {
  const rows = tables.get(table) ?? new Map<string, PlainRow>();
  tables.set(table, rows);
  return rows;
}

export function applyChange(tables: Tables, { table, id, to }: RowChange): void {
  const rows = rowsIn(tables, table);
  if (to) rows.set(id, { ...rows.get(id), ...to });
  else rows.delete(id);
}

/** What an entry of the trail says that it did to rows. */
export const changesOf = ({ values }: Pick<HistoryEntry, 'values'>): RowChange[] =>
  values.filter(({ name }) => tellsRows(name)).flatMap(({ value }) => value as RowChange[]);

/** When an event happened by the clock of the program that wrote it, by which its rules went. */
export const happenedAt = ({ proof }: Pick<HistoryEntry, 'proof'>): Date =>
  new Date((JSON.parse(proof.body) as { at: string }).at);
