import fc from 'fast-check';
import { createHash } from 'node:crypto';
import {
  consistencyProof,
  inclusionProof,
  rootAt,
  rootOf,
  verifyConsistency,
  verifyInclusion,
  type Hash,
} from './merkle.js';
import { Frontier, subtreesOf, TILE_WIDTH, type Tile, type TileStore } from './tiles.js';

const leaf = (i: number): Hash => createHash('sha256').update(`leaf ${i}`).digest();
const leaves = (n: number): Hash[] => Array.from({ length: n }, (_, i) => leaf(i));

/** Everything in memory: what the sealer writes, and what proofs read. */
class Memory implements TileStore {
  readonly leaves: Hash[] = [];
  readonly tiles = new Map<string, Tile>();
  readonly frontier = Frontier.empty();

  grow(to: number): this {
    for (let i = this.leaves.length; i < to; i++) {
      this.leaves.push(leaf(i));
      for (const tile of this.frontier.push(leaf(i))) this.tiles.set(`${tile.level}/${tile.n}`, tile);
    }
    return this;
  }
  tile(level: number, n: number) {
    return Promise.resolve(this.tiles.get(`${level}/${n}`)?.hashes);
  }
  after(level: number, from: number) {
    if (level === 0) return Promise.resolve(this.leaves.slice(from, from + TILE_WIDTH));
    const roots: Hash[] = [];
    for (let n = from; this.tiles.has(`${level - 1}/${n}`) && roots.length < TILE_WIDTH; n++) {
      roots.push(this.tiles.get(`${level - 1}/${n}`)!.root);
    }
    return Promise.resolve(roots);
  }
  size() {
    return Promise.resolve(this.leaves.length);
  }
}

describe('the tree', () => {
  const sizes = [1, 2, 3, 255, 256, 257, 511, 512, 513, 1000, 65_535, 65_536, 65_537, 66_000];

  it('has the root of its leaves, however it grew and was loaded', async () => {
    const memory = new Memory();
    for (const size of sizes) {
      memory.grow(size);
      const root = rootOf(leaves(size));
      expect(memory.frontier.root()).toEqual(root);
      const loaded = await Frontier.load(memory);
      expect([loaded.size, loaded.root()]).toEqual([size, root]);
      expect(await rootAt(subtreesOf(memory), size)).toEqual(root);
    }
  });

  it('proves every leaf and every beginning from its tiles, and no other', async () => {
    const memory = new Memory().grow(66_000);
    const subtree = subtreesOf(memory);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 66_000 }), fc.nat(65_999), async (size, n) => {
        const [index, root] = [n % size, await rootAt(subtree, size)];
        const inclusion = await inclusionProof(subtree, index, size);
        expect(verifyInclusion(leaf(index), index, size, inclusion, root)).toBe(true);
        expect(verifyInclusion(leaf(index + 1), index, size, inclusion, root)).toBe(false);
        expect(verifyInclusion(leaf(index), index, size, [...inclusion, root], root)).toBe(false);
        const consistency = await consistencyProof(subtree, index, size);
        const oldRoot = await rootAt(subtree, index);
        expect(verifyConsistency(index, size, consistency, oldRoot, root)).toBe(true);
        if (index > 0) expect(verifyConsistency(index, size, consistency, root, root)).toBe(false);
        expect(verifyConsistency(index, size, [...consistency, root], oldRoot, root)).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});
