import type { Hash } from './merkle.js';
import { TILE_WIDTH, type Tile, type TileStore } from './tiles.js';

/** What of a connection is needed to read: a client, a pool, or whatever answers like them. */
export interface Queryable {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** The tree as its tables hold it. */
export class DatabaseTiles implements TileStore {
  constructor(private readonly db: Queryable) {}

  async tile(level: number, n: number): Promise<readonly Hash[] | undefined> {
    const rows = await this.rows<{ hashes: Buffer }>(
      'SELECT hashes FROM audit.tile WHERE level = $1 AND n = $2',
      [level, n],
    );
    return rows[0] && split(rows[0].hashes);
  }

  async after(level: number, from: number): Promise<Hash[]> {
    const rows =
      level === 0
        ? await this.rows<{ hash: Buffer }>(
            'SELECT leaf AS hash FROM audit.leaf WHERE idx >= $1 ORDER BY idx LIMIT $2',
            [from, TILE_WIDTH],
          )
        : await this.rows<{ hash: Buffer }>(
            'SELECT root AS hash FROM audit.tile WHERE level = $1 AND n >= $2 ORDER BY n LIMIT $3',
            [level - 1, from, TILE_WIDTH],
          );
    return rows.map(({ hash }) => hash);
  }

  async size(): Promise<number> {
    const [row] = await this.rows<{ size: string }>(
      'SELECT coalesce(max(idx) + 1, 0) AS size FROM audit.leaf',
      [],
    );
    return Number(row!.size);
  }

  private async rows<T>(text: string, values: unknown[]): Promise<T[]> {
    return (await this.db.query(text, values)).rows as T[];
  }
}

const split = (hashes: Buffer): Hash[] =>
  Array.from({ length: hashes.length / 32 }, (_, i) => hashes.subarray(i * 32, i * 32 + 32));

/** Stores full tiles. */
export async function storeTiles(db: Queryable, tiles: readonly Tile[]): Promise<void> {
  if (tiles.length === 0) return;
  await db.query(
    `INSERT INTO audit.tile (level, n, hashes, root)
     SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[], $4::bytea[])`,
    [
      tiles.map(({ level }) => level),
      tiles.map(({ n }) => n),
      tiles.map(({ hashes }) => Buffer.concat(hashes)),
      tiles.map(({ root }) => root),
    ],
  );
}
