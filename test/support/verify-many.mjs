/**
 * The built verifier as a process of its own: Jest cannot load ES modules. Reads requests, one JSON a line, and
 * answers each with the report: `{ bundle, policy }` names files; `{ edits: [[at, byte], …] }` alters the bundle that
 * was named last.
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { verifyBundle } from '../../dist/src/verifier/verify.mjs';

let bytes = Buffer.alloc(0);
let policy = '';
for await (const text of createInterface({ input: process.stdin })) {
  const request = JSON.parse(text);
  if (request.bundle !== undefined) bytes = readFileSync(request.bundle);
  if (request.policy !== undefined) policy = readFileSync(request.policy, 'utf8');
  const altered = request.edits ? Buffer.from(bytes) : bytes;
  for (const [at, byte] of request.edits ?? []) altered[at] = byte;
  const started = performance.now();
  const report = await verifyBundle(altered, policy);
  const { rss } = process.memoryUsage();
  console.log(JSON.stringify({ ...report, ms: performance.now() - started, rss }));
}
