import { nodeHash, rootOf, type Hash, type Subtree } from './merkle.js';

/** 2^8 hashes a tile, as in C2SP tlog-tiles. Only full tiles are stored; what comes after them is in the leaves. */
export const TILE_HEIGHT = 8;
export const TILE_WIDTH = 2 ** TILE_HEIGHT;

/** A full tile: the hashes of its row, and the hash over all of them, which is one hash of the level above. */
export interface Tile {
  /** 0: the hashes are leaves; 1: each stands for 256 leaves; and so on. */
  readonly level: number;
  readonly n: number;
  readonly hashes: readonly Hash[];
  readonly root: Hash;
}

/** Where tiles and the hashes after the last full one are read from. */
export interface TileStore {
  /** A full tile's hashes; undefined when it is not full yet. */
  tile(level: number, n: number): Promise<readonly Hash[] | undefined>;
  /** Level 0: the leaves from this index on; above: the roots of the level below from this tile on. At most 256. */
  after(level: number, from: number): Promise<Hash[]>;
  /** How many leaves there are. */
  size(): Promise<number>;
}

/** Grows the tree: holds the hashes of each level that no full tile holds yet, at most 255 a level. */
export class Frontier {
  private constructor(
    public size: number,
    private readonly rows: Hash[][],
  ) {}

  static empty(): Frontier {
    return new Frontier(0, []);
  }

  static async load(store: TileStore): Promise<Frontier> {
    const size = await store.size();
    const rows: Hash[][] = [];
    for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / TILE_WIDTH)) {
      rows.push(await store.after(level, count - (count % TILE_WIDTH)));
    }
    return new Frontier(size, rows);
  }

  /** Adds a leaf. @returns the tiles that it fills, the lowest first */
  push(leaf: Hash): Tile[] {
    const filled: Tile[] = [];
    let hash: Hash | undefined = leaf;
    for (let level = 0; hash; level++) {
      const row = (this.rows[level] ??= []);
      row.push(hash);
      hash = undefined;
      if (row.length === TILE_WIDTH) {
        const hashes = row.splice(0);
        const n = Math.floor(this.size / TILE_WIDTH ** (level + 1));
        filled.push({ level, n, hashes, root: (hash = rootOf(hashes)) });
      }
    }
    this.size++;
    return filled;
  }

  /** The root over all leaves so far. */
  root(): Hash {
    let root: Hash | undefined;
    // From the right end of the tree, which the lowest row is, to the left.
    for (const row of this.rows) {
      for (let end = row.length; end > 0;) {
        // The lowest set bit: the complete subtree at the right end of what is left of the row.
        const width = end & -end;
        const block = rootOf(row, end - width, end);
        root = root ? nodeHash(block, root) : block;
        end -= width;
      }
    }
    return root ?? rootOf([]);
  }
}

/** Subtrees from stored tiles. Keeps what it read, so use one for many proofs and then let go of it. */
export function subtreesOf(store: TileStore): Subtree {
  const read = new Map<string, Promise<readonly Hash[]>>();
  const rowOf = (level: number, n: number): Promise<readonly Hash[]> => {
    const key = `${level}/${n}`;
    let row = read.get(key);
    if (!row) {
      row = store.tile(level, n).then((full) => full ?? store.after(level, n * TILE_WIDTH));
      read.set(key, row);
    }
    return row;
  };
  return async (level, n) => {
    const row = Math.floor(level / TILE_HEIGHT);
    const width = 2 ** (level % TILE_HEIGHT);
    const first = n * width;
    const tile = Math.floor(first / TILE_WIDTH);
    const from = first - tile * TILE_WIDTH;
    const hashes = await rowOf(row, tile);
    if (hashes.length < from + width)
      throw new RangeError(`The tree has no subtree ${n} of level ${level} yet`);
    return rootOf(hashes, from, from + width);
  };
}
