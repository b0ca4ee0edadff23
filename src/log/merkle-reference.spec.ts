import { verifyMerkleInclusion } from '@sigstore/verify/dist/tlog/merkle.js';
import { createHash } from 'node:crypto';
import {
  consistencyProof,
  inclusionProof,
  nodeHash,
  rootOf,
  verifyConsistency,
  verifyInclusion,
  type Hash,
} from './merkle.js';

/**
 * The tree against other people's: `@sigstore/verify` for inclusion, and the definition of RFC 6962 for consistency,
 * which sigstore does not verify. Every proof of every tree up to 65 leaves, so that all shapes up to depth 7 occur.
 */
const UP_TO = 65;

const sha256 = (...parts: Buffer[]): Hash => createHash('sha256').update(Buffer.concat(parts)).digest();
const bodies = Array.from({ length: UP_TO + 1 }, (_, i) => Buffer.from(`leaf ${i}`));
const leaves = bodies.map((body) => sha256(Buffer.from([0]), body));
const ranges = new Map<number, Hash>();
/** The root over leaves[from, to), computed once. */
function range(from: number, to: number): Hash {
  const found = ranges.get(from * 1000 + to) ?? rootOf(leaves, from, to);
  ranges.set(from * 1000 + to, found);
  return found;
}
const roots = Array.from({ length: UP_TO + 2 }, (_, size) => range(0, size));
const subtree = (level: number, n: number): Hash => range(n * 2 ** level, (n + 1) * 2 ** level);

type Proof = readonly Hash[];
/** Sigstore hashes the leaf itself, so it is given the body of the leaf. */
type Inclusion = readonly [leaf: number, index: number, size: number, proof: Proof, root: Hash];
type Consistency = readonly [old: number, size: number, proof: Proof, oldRoot: Hash, root: Hash];

const ours = ([leaf, ...rest]: Inclusion): boolean => verifyInclusion(leaves[leaf]!, ...rest);

function sigstore([leaf, index, size, hashes, logHash]: Inclusion): boolean {
  const entry = { canonicalizedBody: bodies[leaf], inclusionProof: { logIndex: `${index}`, hashes } };
  const [one, two] = [entry, { logSize: BigInt(size), logHash }] as unknown as Parameters<
    typeof verifyMerkleInclusion
  >;
  try {
    verifyMerkleInclusion(one, two);
    return true;
  } catch (error) {
    if ((error as Error).name === 'VerificationError') return false;
    throw error;
  }
}

const splitOf = (n: number): number => {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
};

/** SUBPROOF of RFC 6962, 2.1.2, as it stands there. */
function subproof(m: number, from: number, to: number, known: boolean): Hash[] {
  const n = to - from;
  if (m === n) return known ? [] : [range(from, to)];
  const k = splitOf(n);
  return m <= k
    ? [...subproof(m, from, from + k, known), range(from + k, to)]
    : [...subproof(m - k, from + k, to, false), range(from, from + k)];
}

/** The same definition read backwards: which two roots the proof stands for, given the old one if it must be known. */
function rootsOf(m: number, n: number, proof: Hash[], known: Hash | undefined): [Hash, Hash] | undefined {
  if (m === n) {
    const hash = known ?? proof.pop();
    return hash && [hash, hash];
  }
  const [k, last] = [splitOf(n), proof.pop()];
  if (!last) return undefined;
  const inner = m <= k ? rootsOf(m, k, proof, known) : rootsOf(m - k, n - k, proof, undefined);
  if (!inner) return undefined;
  const [old, now] = inner;
  return m <= k ? [old, nodeHash(now, last)] : [nodeHash(last, old), nodeHash(last, now)];
}

function definition([m, n, proof, oldRoot, root]: Consistency): boolean {
  if (m > n || m < 1) return false;
  const left = [...proof];
  const found = rootsOf(m, n, left, oldRoot);
  return found !== undefined && left.length === 0 && found[0].equals(oldRoot) && found[1].equals(root);
}

const flipped = (hash: Hash, bit: number): Hash => {
  const other = Buffer.from(hash);
  other[bit >> 3]! ^= 1 << (bit & 7);
  return other;
};

/** The proof with each element altered in one bit, dropped, doubled, or cut short, and with one added at either end. */
function* altered(proof: Proof, bit: number): Generator<Proof> {
  for (let i = 0; i < proof.length; i++) {
    const [before, after] = [proof.slice(0, i), proof.slice(i + 1)];
    yield [...before, flipped(proof[i]!, bit), ...after];
    yield [...before, ...after];
    yield [...before, proof[i]!, proof[i]!, ...after];
    yield [...before, proof[i]!.subarray(1), ...after];
  }
  yield [leaves[0]!, ...proof];
  yield [...proof, leaves[0]!];
}

describe('every proof up to 65 leaves', () => {
  const count = (UP_TO * (UP_TO + 1)) / 2;

  it('of inclusion is accepted by sigstore and by us, and no altered one is by either', async () => {
    let [proofs, refused] = [0, 0];
    const refusedByBoth = (wrong: Inclusion): void => {
      if (ours(wrong) || sigstore(wrong)) throw new Error(`accepted: ${JSON.stringify(wrong)}`);
      refused++;
    };
    for (let size = 1; size <= UP_TO; size++) {
      for (let index = 0; index < size; index++) {
        const proof = await inclusionProof(subtree, index, size);
        const root = roots[size]!;
        const right: Inclusion = [index, index, size, proof, root];
        if (!ours(right) || !sigstore(right)) throw new Error(`refused: ${JSON.stringify(right)}`);
        proofs++;
        const bit = (size * 67 + index * 31) % 256;
        for (const other of altered(proof, bit)) refusedByBoth([index, index, size, other, root]);
        refusedByBoth([index, index, size, proof, flipped(root, bit)]);
        refusedByBoth([index + 1, index, size, proof, root]);
        for (const wrong of [-1, index - 1, index + 1, size, size + 1])
          refusedByBoth([index, wrong, size, proof, root]);
        for (const wrong of [size - 1, size + 1]) {
          refusedByBoth([index, index, wrong, proof, roots[wrong]!]);
          // A proof does not bind the size that is claimed with the right root (a checkpoint does): only agreement.
          const claimed: Inclusion = [index, index, wrong, proof, root];
          if (ours(claimed) !== sigstore(claimed)) throw new Error(`differ: ${JSON.stringify(claimed)}`);
        }
      }
    }
    expect(proofs).toBe(count);
    expect(refused).toBeGreaterThan(30 * count);
  });

  it('of consistency is the one of the RFC and is accepted, and no altered one is', async () => {
    let [proofs, refused] = [0, 0];
    const refusedByBoth = (wrong: Consistency): void => {
      if (verifyConsistency(...wrong) || definition(wrong))
        throw new Error(`accepted: ${JSON.stringify(wrong)}`);
      refused++;
    };
    for (let size = 1; size <= UP_TO; size++) {
      for (let old = 1; old <= size; old++) {
        const proof = await consistencyProof(subtree, old, size);
        expect(proof).toEqual(subproof(old, 0, size, true));
        const [oldRoot, root] = [roots[old]!, roots[size]!];
        const right: Consistency = [old, size, proof, oldRoot, root];
        if (!verifyConsistency(...right) || !definition(right))
          throw new Error(`refused: ${JSON.stringify(right)}`);
        proofs++;
        const bit = (size * 67 + old * 31) % 256;
        for (const other of altered(proof, bit)) refusedByBoth([old, size, other, oldRoot, root]);
        refusedByBoth([old, size, proof, flipped(oldRoot, bit), root]);
        refusedByBoth([old, size, proof, oldRoot, flipped(root, bit)]);
        refusedByBoth([size + 1, size, proof, oldRoot, root]);
        for (const wrong of [old - 1, old + 1])
          if (wrong > 0) refusedByBoth([wrong, size, proof, roots[wrong]!, root]);
        for (const wrong of [size - 1, size + 1])
          if (wrong > 0) refusedByBoth([old, wrong, proof, oldRoot, roots[wrong]!]);
        for (const [o, s] of [
          [old + 1, size],
          [old - 1, size],
          [old, size + 1],
          [old, size - 1],
        ] as const) {
          const claimed: Consistency = [o, s, proof, oldRoot, root];
          if (o > 0 && verifyConsistency(...claimed) !== definition(claimed))
            throw new Error(`differ: ${JSON.stringify(claimed)}`);
        }
      }
    }
    expect(proofs).toBe(count);
    expect(refused).toBeGreaterThan(20 * count);
  });

  /** When the old size is odd, its last leaf is the proof's first hash, and the rest is its inclusion in the new tree. */
  it('of consistency with an odd old size holds a proof of inclusion that sigstore accepts', async () => {
    for (let size = 2; size <= UP_TO; size++) {
      for (let old = 3; old < size; old += 2) {
        const [first, ...rest] = await consistencyProof(subtree, old, size);
        expect(first).toEqual(leaves[old - 1]);
        expect(sigstore([old - 1, old - 1, size, rest, roots[size]!])).toBe(true);
      }
    }
  });

  it('from the empty tree is empty; no leaf and no beginning beyond the end has one', async () => {
    for (let size = 0; size <= UP_TO; size++) {
      expect(await consistencyProof(subtree, 0, size)).toEqual([]);
      expect(verifyConsistency(0, size, [], roots[0]!, roots[size]!)).toBe(true);
      expect(verifyConsistency(0, size, [], roots[1]!, roots[size]!)).toBe(false);
      await expect(consistencyProof(subtree, size + 1, size)).rejects.toThrow(RangeError);
      await expect(inclusionProof(subtree, size, size)).rejects.toThrow(RangeError);
    }
  });
});
