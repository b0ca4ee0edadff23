import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  describeInBrowser,
  openVerifier,
  PAGE_FILE,
  verifyInPage,
  type VerifierPage,
} from './support/browser.js';
import { mutations } from './support/bundle-mutations.js';
import { makeBundle, signManifest, zipOf, type BundleOptions } from './support/bundles.js';

const bundle = async (seed: string | number, options?: BundleOptions) => {
  const made = makeBundle(seed, options);
  return { ...made, zip: await zipOf(made.files) };
};

describeInBrowser('the verifier as a page', () => {
  let v: VerifierPage;
  beforeAll(async () => {
    v = await openVerifier();
  });
  afterAll(() => v.browser.close());
  const verify = async (one: { zip: Buffer; policy: string }) => (await verifyInPage(v.page, [one]))[0]!;

  it('carries the hashes of its own scripts and style', () => {
    const html = readFileSync(PAGE_FILE, 'utf8');
    const parts = [...html.matchAll(/<(script|style)>([^]*?)<\/\1>/g)].map(([, , text]) => text!);
    expect(parts).toHaveLength(3);
    for (const part of parts) {
      // Red after an edit: run `node scripts/page-hashes.mjs`.
      expect(html).toContain(`'sha256-${createHash('sha256').update(part).digest('base64')}'`);
    }
  });

  it('finds whole bundles valid', async () => {
    const made = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => bundle(seed)));
    for (const [i, report] of (await verifyInPage(v.page, made)).entries()) {
      expect(report).toMatchObject({ verdict: 'valid', exit: 0, checks: [], case: made[i]!.caseId });
      expect(report.entries).toBe([...made[i]!.files.keys()].filter((name) => /^entries/.test(name)).length);
      expect(report.policySha256).toBe(createHash('sha256').update(made[i]!.policy).digest('hex'));
      expect(report.proven.join()).toContain('No event of the case is missing');
      expect(report.notProven.join()).toContain('That the server recorded every read');
    }
  });

  it('accepts an entry that two persons set aside, and says so', async () => {
    const report = await verify(await bundle('aside', { setAside: true }));
    expect(report).toMatchObject({ verdict: 'valid', checks: [] });
    expect(report.notProven.join()).toContain('1 entry was set aside by two persons');
  });

  it('does not accept an entry without a proof that nobody set aside', async () => {
    const made = makeBundle('aside', { setAside: true });
    const last = [...made.files.keys()].filter((name) => /^entries/.test(name)).at(-2)!;
    const seq = /\d{6}/.exec(last)![0];
    made.files.set(
      `bodies/${seq}.json`,
      Buffer.from(made.files.get(`bodies/${seq}.json`)!.toString().replace('restart', 'resumes')),
    );
    signManifest(made);
    const report = await verify({ zip: await zipOf(made.files), policy: made.policy });
    expect(report.verdict).toBe('invalid');
    expect(report.checks.map(({ check }) => check)).toEqual(expect.arrayContaining(['INCLUSION', 'BODY']));
  });

  it.each(mutations)('$verdict: $name [$check]', async ({ check, verdict, make }) => {
    const report = await verify(await make('mutation'));
    expect(report.checks.map((one) => one.check)).toContain(check);
    expect(report).toMatchObject({ verdict, exit: { invalid: 1, limited: 2, unreadable: 3 }[verdict] });
    if (verdict !== 'limited') expect(report.proven).toEqual([]);
  });

  it('asked nothing of the network and complained of nothing', () => {
    expect(v.requests).toEqual([]);
    expect(v.complaints).toEqual([]);
  });
});
