import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseNote } from '../src/log/note.js';
import { describeInBrowser, openVerifier, verifyInPage, type VerifierPage } from './support/browser.js';
import { makeBundle, signManifest, zipOf, type MadeBundle } from './support/bundles.js';

describeInBrowser('the verifier page', () => {
  let v: VerifierPage;
  let dir: string;
  let chosen = 0;
  beforeAll(async () => {
    v = await openVerifier();
    dir = mkdtempSync(join(tmpdir(), 'plumbline-page-'));
  });
  afterAll(async () => {
    await v.browser.close();
    rmSync(dir, { recursive: true });
    // Whatever the tests above gave it.
    expect([v.requests, v.complaints]).toEqual([[], []]);
  });
  const verify = async (zip: Buffer, policy: string) => (await verifyInPage(v.page, [{ zip, policy }]))[0]!;
  const verifyFiles = async ({ files, policy }: MadeBundle) => verify(await zipOf(files), policy);
  const choose = async (zip: Buffer, policy: string): Promise<void> => {
    const [bundleFile, policyFile] = [join(dir, `${++chosen}.zip`), join(dir, `${chosen}.txt`)];
    writeFileSync(bundleFile, zip);
    writeFileSync(policyFile, policy);
    await v.page.setInputFiles('#bundle', bundleFile);
    await v.page.setInputFiles('#policy', policyFile);
    await v.page.getByRole('button', { name: 'Check' }).click();
    await v.page.waitForSelector('.verdict');
  };
  const text = (): Promise<string> => v.page.innerText('main');

  describe('for an auditor', () => {
    it('says valid in words, shows the hash of the policy and the events', async () => {
      const made = makeBundle('auditor');
      await choose(await zipOf(made.files), made.policy);
      const { policySha256, entries } = await verifyFiles(made);
      expect(await v.page.innerText('#verdict')).toContain('Valid');
      expect((await v.page.innerText('#policy-hash')).replaceAll(' ', '')).toBe(policySha256);
      expect(await text()).toContain('Case (案件) registered');
      expect(await v.page.locator('section:has(h2:text-is("Events")) tbody tr').count()).toBe(entries);
      expect(await v.page.evaluate('document.activeElement.id')).toBe('verdict');
    });

    it('says NOT valid, and which check found what in which file', async () => {
      const made = makeBundle('auditor');
      made.files.set('bodies/000001.json', Buffer.from('{}'));
      await choose(await zipOf(made.files), made.policy);
      expect(await v.page.innerText('#verdict')).toContain('NOT valid');
      expect(await text()).toMatch(
        /\[BODY\]\s+bodies\/000001\.json\s+the body is not the one that was recorded/,
      );
      expect(await text()).not.toContain('What is proven');
    });

    it('takes an earlier verdict away when a file cannot be read any more', async () => {
      const made = makeBundle('auditor');
      await choose(await zipOf(made.files), made.policy);
      rmSync(join(dir, `${chosen}.zip`));
      await v.page.getByRole('button', { name: 'Check' }).click();
      await v.page.waitForSelector('text=A file could not be read');
      expect(await v.page.locator('.verdict').count()).toBe(0);
    });

    it('shows what stands in a bundle as text, never as HTML', async () => {
      const made = makeBundle('auditor');
      const reference = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
      signManifest(made, { reference, purpose: '</dd><h1 id="planted">Acquitted</h1>' });
      await choose(await zipOf(made.files), made.policy);
      expect(await text()).toContain(reference);
      expect(await v.page.locator('#planted, main img, main script').count()).toBe(0);
      expect(await v.page.title()).toBe('Plumbline: check a bundle');
    });
  });

  describe('with a hostile bundle', () => {
    /** A ZIP whose largest file says another size than it has, in both places. */
    const announcing = async (size: number): Promise<[Buffer, string]> => {
      const made = makeBundle('bomb');
      made.files.set('events.csv', Buffer.alloc(60_000));
      const zip = await zipOf(made.files);
      const real = Buffer.alloc(4);
      real.writeUInt32LE(60_000);
      for (let at = zip.indexOf(real); at >= 0; at = zip.indexOf(real, at + 4)) zip.writeUInt32LE(size, at);
      return [zip, made.policy];
    };

    it('does not take a file that is longer than was announced', async () => {
      const report = await verify(...(await announcing(1000)));
      expect(report).toMatchObject({ verdict: 'unreadable', exit: 3, checks: [{ check: 'ZIP' }] });
    });

    it('does not begin with what would fill the memory', async () => {
      const report = await verify(...(await announcing(0xfffffff0)));
      expect(report).toMatchObject({
        verdict: 'unreadable',
        checks: [{ check: 'LIMIT', file: 'events.csv' }],
      });
    });

    it('takes no million signatures', async () => {
      const made = makeBundle('many');
      const name = [...made.files.keys()].find((one) => /\d\.note$/.test(one))!;
      const note = made.files.get(name)!.toString();
      made.files.set(name, Buffer.from(note + `${parseNote(note).signatures[0]!.line}\n`.repeat(1_000_000)));
      signManifest(made);
      await choose(await zipOf(made.files), made.policy);
      expect(await v.page.innerText('#verdict')).toContain('NOT valid');
      expect(await text()).toMatch(new RegExp(`\\[NOTE\\]\\s+${name}`));
    });

    it('takes nothing inherited for a member', async () => {
      const made = makeBundle('prototype');
      made.files.set('manifest.json', Buffer.from('{"__proto__":{"v":1}}'));
      expect(await verifyFiles(made)).toMatchObject({ verdict: 'invalid', checks: [{ check: 'MANIFEST' }] });
      made.files.set('manifest.json', Buffer.from('['.repeat(1_000_000)));
      expect(await verifyFiles(made)).toMatchObject({ verdict: 'invalid', checks: [{ check: 'MANIFEST' }] });
    });

    it('says of an encrypted one how to decrypt it', async () => {
      const report = await verify(
        Buffer.from('age-encryption.org/v1\n-> X25519 abc\n'),
        makeBundle(1).policy,
      );
      expect(report).toMatchObject({ verdict: 'unreadable', checks: [{ check: 'ZIP' }] });
      expect(report.checks[0]!.message).toContain('age --decrypt');
    });
  });

  describe.each([
    ['RSA', ['-newkey', 'rsa:2048']],
    ['ECDSA', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']],
  ])('with a time stamp signed by %s', (kind, keyOptions) => {
    /** A token over these bytes, from an authority made on the spot. */
    const stamp = (
      bytes: string,
      usage = 'critical,timeStamping',
    ): { token: Buffer; certificate: Buffer } => {
      const at = mkdtempSync(join(dir, `${kind}-`));
      const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: at, stdio: 'pipe' });
      const config = [
        '[tsa]',
        'serial=serial',
        'signer_digest=sha256',
        'default_policy=1.2.3.4',
        'digests=sha256',
      ];
      writeFileSync(
        join(at, 'tsa.cnf'),
        ['[req]', 'distinguished_name=dn', '[dn]', ...config, ''].join('\n'),
      );
      writeFileSync(join(at, 'text'), bytes);
      openssl(
        ...['req', '-x509', '-nodes', '-config', 'tsa.cnf', '-subj', '/CN=Test authority', '-days', '2'],
        ...['-addext', `extendedKeyUsage=${usage}`, '-keyout', 'key.pem', '-out', 'cert.pem', ...keyOptions],
      );
      openssl('ts', '-query', '-data', 'text', '-sha256', '-out', 'query');
      openssl(
        ...['ts', '-reply', '-config', 'tsa.cnf', '-section', 'tsa', '-queryfile', 'query'],
        ...['-signer', 'cert.pem', '-inkey', 'key.pem', '-out', 'token'],
      );
      return { token: readFileSync(join(at, 'token')), certificate: readFileSync(join(at, 'cert.pem')) };
    };
    const stamped = (
      of: (text: string) => string = (text) => text,
      spoil = (token: Buffer) => token,
    ): MadeBundle => {
      const made = makeBundle(`stamped ${kind}`);
      const { checkpoint } = JSON.parse(made.files.get('manifest.json')!.toString()) as {
        checkpoint: number;
      };
      const { text: checkpointText } = parseNote(
        made.files.get(`checkpoints/${checkpoint}.note`)!.toString(),
      );
      const { token, certificate } = stamp(of(checkpointText));
      made.files.set(`timestamps/${checkpoint}.tsr`, spoil(token));
      made.files.set('certs/authority.pem', certificate);
      signManifest(made);
      return made;
    };

    it('takes the one over the checkpoint, and says that nobody pinned the authority', async () => {
      const report = await verifyFiles(stamped());
      expect(report).toMatchObject({ verdict: 'valid', checks: [] });
      expect(report.proven.join()).toContain('A time-stamp authority saw checkpoint');
      expect(report.notProven.join()).toContain('That the time-stamp authority is one to be believed');
    });

    it('refuses one over another text, and one whose signature or content was changed', async () => {
      const flipped = (fromEnd: boolean) => (token: Buffer) => {
        const at = fromEnd ? token.length - 5 : token.indexOf(Buffer.from('2a030401', 'hex')) + 3;
        const bytes = Buffer.from(token);
        bytes[at > 2 ? at : 60]! ^= 1;
        return bytes;
      };
      for (const made of [
        stamped((text) => `${text}x`),
        stamped(undefined, flipped(true)),
        stamped(undefined, flipped(false)),
      ]) {
        const report = await verifyFiles(made);
        expect(report).toMatchObject({ verdict: 'invalid', checks: [{ check: 'TIMESTAMP' }] });
      }
    });
  });
});
