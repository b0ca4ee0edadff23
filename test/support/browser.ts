import { accessSync, constants } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';

/** `CHROMIUM_PATH`, or a Chromium of this machine; undefined when there is none. */
export const chromiumPath = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path): path is string => {
  if (!path) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
});

/** `describe`, or a skipped one that says why when the machine has no Chromium. */
export const describeInBrowser = (name: string, tests: () => void): void =>
  chromiumPath ? describe(name, tests) : describe.skip(`${name} (no Chromium on this machine)`, tests);

export const PAGE_FILE = 'src/verifier/page.html';

export interface VerifierPage {
  readonly browser: Browser;
  readonly page: Page;
  /** What the page asked of the network: must stay empty. */
  readonly requests: string[];
  /** What it complained of, such as a script that its policy refused. */
  readonly complaints: string[];
}

/** The verifier as an auditor opens it: a local file, in a browser without network. */
export async function openVerifier(options: { colorScheme?: 'light' | 'dark' } = {}): Promise<VerifierPage> {
  const browser = await chromium.launch({ executablePath: chromiumPath!, args: ['--no-sandbox'] });
  const context = await browser.newContext({ offline: true, ...options });
  const page = await context.newPage();
  const [requests, complaints]: string[][] = [[], []];
  page.on('request', (request) => {
    if (!/^(file|blob):/.test(request.url())) requests!.push(request.url());
  });
  page.on('console', (message) => complaints!.push(message.text()));
  page.on('pageerror', (error) => complaints!.push(error.message));
  await page.goto(pathToFileURL(PAGE_FILE).href);
  return { browser, page, requests: requests!, complaints: complaints! };
}

export interface VerificationReport {
  readonly verdict: string;
  readonly exit: number;
  readonly checks: readonly { check: string; file: string | null; message: string }[];
  readonly proven: readonly string[];
  readonly notProven: readonly string[];
  readonly case: string | null;
  readonly entries: number;
  readonly policySha256: string | null;
}

/** What the page says of each bundle, one after the other in the same tab. */
export const verifyInPage = (
  page: Page,
  bundles: readonly { zip: Buffer; policy: string }[],
): Promise<VerificationReport[]> =>
  page.evaluate(
    async (list) => {
      const reports: any[] = [];
      for (const { zip, policy } of list) {
        const bytes = Uint8Array.from(atob(zip), (char) => char.charCodeAt(0));
        reports.push(await (globalThis as any).verifyBundle(bytes, policy));
      }
      return reports;
    },
    bundles.map(({ zip, policy }) => ({ zip: zip.toString('base64'), policy })),
  );
