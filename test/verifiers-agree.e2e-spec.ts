import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import {
  describeInBrowser,
  openVerifier,
  verifyInPage,
  type VerificationReport,
  type VerifierPage,
} from './support/browser.js';
import { mutations } from './support/bundle-mutations.js';
import { makeBundle, zipOf } from './support/bundles.js';

/** So many good ones, and as many bad ones. */
const count = Number(process.env['PLUMBLINE_AGREEMENT'] ?? 60);
const atOnce = 20;

interface Case {
  readonly name: string;
  readonly zip: Buffer;
  readonly policy: string;
  readonly verdict: string;
  readonly check?: string;
}

/** verify.mjs in a process of its own, as it is built; Jest cannot load a module that is ESM. */
async function verifyInNode(cases: readonly Case[]): Promise<VerificationReport[]> {
  const program = `
    import { createInterface } from 'node:readline';
    import { verifyBundle } from './dist/src/verifier/verify.mjs';
    for await (const line of createInterface({ input: process.stdin })) {
      const { zip, policy } = JSON.parse(line);
      console.log(JSON.stringify(await verifyBundle(Buffer.from(zip, 'base64'), policy)));
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  for (const { zip, policy } of cases)
    child.stdin.write(`${JSON.stringify({ zip: zip.toString('base64'), policy })}\n`);
  child.stdin.end();
  const reports: VerificationReport[] = [];
  for await (const line of createInterface({ input: child.stdout })) reports.push(JSON.parse(line));
  await closed;
  return reports;
}

const good = async (i: number): Promise<Case> => {
  const { files, policy } = makeBundle(`good ${i}`, { setAside: i % 5 === 0 });
  return { name: `good ${i}`, zip: await zipOf(files), policy, verdict: 'valid' };
};
const bad = async (i: number): Promise<Case> => {
  const { name, check, verdict, make } = mutations[i % mutations.length]!;
  return { name: `${name}, ${i}`, check, verdict, ...(await make(`bad ${i}`)) };
};

describeInBrowser('both verifiers', () => {
  let v: VerifierPage;
  beforeAll(async () => {
    v = await openVerifier();
  });
  afterAll(() => v.browser.close());

  it.each([
    ['good', good],
    ['bad', bad],
  ])(
    `say the same of ${count} %s bundles`,
    async (_, make) => {
      const differences: string[] = [];
      for (let from = 0; from < count; from += atOnce) {
        const indices = Array.from({ length: Math.min(atOnce, count - from) }, (_, i) => from + i);
        const cases = await Promise.all(indices.map(make));
        const [page, node] = [await verifyInPage(v.page, cases), await verifyInNode(cases)];
        expect([page.length, node.length]).toEqual([cases.length, cases.length]);
        cases.forEach(({ name, verdict, check }, i) => {
          for (const [who, report] of [
            ['page', page[i]!],
            ['verify.mjs', node[i]!],
          ] as const) {
            const codes = report.checks.map((one) => one.check);
            const told = check === undefined ? codes.length === 0 : codes.includes(check);
            if (report.verdict !== verdict || !told) {
              differences.push(
                `${name}: ${who} says ${report.verdict} ${codes.join()}, not ${verdict} ${check ?? ''}`,
              );
            }
          }
          const [one, other] = [page[i]!, node[i]!].map(({ exit, policySha256, entries }) =>
            JSON.stringify({ exit, policySha256, entries: exit === 3 ? 0 : entries }),
          );
          if (one !== other) differences.push(`${name}: page ${one}, verify.mjs ${other}`);
        });
      }
      expect(differences).toEqual([]);
    },
    60_000 + count * 1000,
  );
});
