import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { isId } from '../common/ids.js';
import { decodeCursor, toPage, type ListQuery, type Page } from '../common/pages.js';

/** A page of the rows that match, the newest first: ids are UUIDv7, which rise with time. */
export async function newestFirst<Row extends ObjectLiteral & { id: string }, View>(
  matching: SelectQueryBuilder<Row>,
  { limit, cursor, count }: ListQuery,
  view: (row: Row) => View,
): Promise<Page<View>> {
  const after = decodeCursor(cursor, [isId]);
  const total = count ? await matching.getCount() : undefined;
  const id = `${matching.alias}.id`;
  if (after) matching.andWhere(`${id} < :after`, { after: after[0] });
  const rows = await matching
    .orderBy(id, 'DESC')
    .limit(limit + 1)
    .getMany();
  return toPage(rows, limit, (row) => [row.id], view, total);
}
