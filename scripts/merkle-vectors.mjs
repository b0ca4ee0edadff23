/** Compares our tree with published vectors of RFC 6962 proofs: `vectors.jsonl`, one proof a line. */
import { readFileSync } from 'node:fs';
import { verifyConsistency, verifyInclusion } from '../dist/src/log/merkle.js';

const decode = (text) => Buffer.from(text ?? '', 'base64');

/** What we refuse and others need not: roots and leaves that are no SHA-256, which no tree has. */
const hashesOf = (vector) =>
  ['root', 'leafHash', 'root1', 'root2'].flatMap((name) => (name in vector ? [decode(vector[name])] : []));

function accepted(vector) {
  const proof = (vector.proof ?? []).map(decode);
  if ('leafIdx' in vector) {
    const { leafHash, leafIdx, treeSize, root } = vector;
    return verifyInclusion(decode(leafHash), leafIdx, treeSize, proof, decode(root));
  }
  const { size1, size2, root1, root2 } = vector;
  return verifyConsistency(size1, size2, proof, decode(root1), decode(root2));
}

/** @returns how many vectors there are, which ones we are stricter than, and which ones we get wrong, each by name */
export function judgeVectors(file) {
  const vectors = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  const differ = vectors.filter((vector) => accepted(vector) === vector.wantErr);
  const isStricter = (vector) => !vector.wantErr && hashesOf(vector).some(({ length }) => length !== 32);
  return {
    count: vectors.length,
    good: vectors.filter(({ wantErr }) => !wantErr).length,
    stricter: differ.filter(isStricter).map(({ name }) => name),
    wrong: differ.filter((vector) => !isStricter(vector)).map(({ name }) => name),
  };
}
