import { createHash } from 'node:crypto';

/** The tree of RFC 6962, section 2.1, over leaf hashes. Sizes and indices are safe integers. */
export type Hash = Buffer;

const NODE = Buffer.from([1]);

export const emptyRoot: Hash = createHash('sha256').digest();

export const nodeHash = (left: Hash, right: Hash): Hash =>
  createHash('sha256').update(NODE).update(left).update(right).digest();

/** The largest power of two below n; n is at least 2. */
const splitOf = (n: number): number => 2 ** Math.floor(Math.log2(n - 1));

/** The root over these leaf hashes. */
export function rootOf(leaves: readonly Hash[], from = 0, to = leaves.length): Hash {
  if (to === from) return emptyRoot;
  if (to - from === 1) return leaves[from]!;
  const middle = from + splitOf(to - from);
  return nodeHash(rootOf(leaves, from, middle), rootOf(leaves, middle, to));
}

/** The hash over the leaves from n * 2^level on, 2^level of them. */
export type Subtree = (level: number, n: number) => Hash | Promise<Hash>;

async function rangeRoot(subtree: Subtree, from: number, to: number): Promise<Hash> {
  const width = to - from;
  const level = Math.log2(width);
  if (Number.isInteger(level) && from % width === 0) return subtree(level, from / width);
  const middle = from + splitOf(width);
  return nodeHash(await rangeRoot(subtree, from, middle), await rangeRoot(subtree, middle, to));
}

/** The root over the first `size` leaves. */
export const rootAt = (subtree: Subtree, size: number): Promise<Hash> =>
  size === 0 ? Promise.resolve(emptyRoot) : rangeRoot(subtree, 0, size);

/**
 * The inclusion proof of a leaf in the tree over the first `size` leaves (RFC 6962, 2.1.1), from the leaf upwards.
 * @throws RangeError when there is no such leaf
 */
export async function inclusionProof(subtree: Subtree, index: number, size: number): Promise<Hash[]> {
  if (!(index >= 0 && index < size)) throw new RangeError(`There is no leaf ${index} among ${size}`);
  const proof: Hash[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      proof.push(await rangeRoot(subtree, middle, to));
      to = middle;
    } else {
      proof.push(await rangeRoot(subtree, from, middle));
      from = middle;
    }
  }
  return proof.reverse();
}

/**
 * The proof that the first `old` leaves are the beginning of the first `size` ones (RFC 6962, 2.1.2).
 * @throws RangeError when `old` is more than `size`
 */
export async function consistencyProof(subtree: Subtree, old: number, size: number): Promise<Hash[]> {
  if (!(old >= 0 && old <= size)) throw new RangeError(`${old} leaves are not the beginning of ${size}`);
  if (old === 0 || old === size) return [];
  const proof: Hash[] = [];
  let [from, to] = [0, size];
  // Whether the old tree is a complete subtree here, which the verifier then knows already.
  let known = true;
  while (old !== to) {
    const middle = from + splitOf(to - from);
    if (old <= middle) {
      proof.push(await rangeRoot(subtree, middle, to));
      to = middle;
    } else {
      proof.push(await rangeRoot(subtree, from, middle));
      from = middle;
      known = false;
    }
  }
  if (!known) proof.push(await rangeRoot(subtree, from, to));
  return proof.reverse();
}

/** Whether the proof leads from the leaf to the root (RFC 9162, 2.1.3.2). */
export function verifyInclusion(
  leaf: Hash,
  index: number,
  size: number,
  proof: readonly Hash[],
  root: Hash,
): boolean {
  if (!(index >= 0 && index < size) || !wellFormed([leaf, root, ...proof])) return false;
  let [fn, sn, hash] = [index, size - 1, leaf];
  for (const step of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      hash = nodeHash(step, hash);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      hash = nodeHash(hash, step);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && hash.equals(root);
}

/** Whether the proof shows that the old tree is the beginning of the new one (RFC 9162, 2.1.4.2). */
export function verifyConsistency(
  old: number,
  size: number,
  proof: readonly Hash[],
  oldRoot: Hash,
  root: Hash,
): boolean {
  if (!(old >= 0 && old <= size) || !wellFormed([oldRoot, root, ...proof])) return false;
  if (old === size) return proof.length === 0 && oldRoot.equals(root);
  if (old === 0) return proof.length === 0 && oldRoot.equals(emptyRoot);
  const steps = Number.isInteger(Math.log2(old)) ? [oldRoot, ...proof] : [...proof];
  const [first, ...rest] = steps;
  if (!first || proof.length === 0) return false;
  let [fn, sn] = [old - 1, size - 1];
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)];
  let [fr, sr] = [first, first];
  for (const step of rest) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      [fr, sr] = [nodeHash(step, fr), nodeHash(step, sr)];
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      sr = nodeHash(sr, step);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && fr.equals(oldRoot) && sr.equals(root);
}

const half = (n: number): number => Math.floor(n / 2);
const wellFormed = (hashes: readonly Hash[]): boolean => hashes.every((hash) => hash.length === 32);
