import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'supertest';
import { startTestApp, type TestApp } from './support/app.js';
import { aCase, aDecidedCase, type CaseUnderTest } from './support/builders.js';
import { TestSealer } from './support/plain-sealer.js';
import { Verifier } from './support/verifier.js';
import { filesOf, zipOf } from './support/zip.js';

async function bytesOf(test: Test): Promise<{ name: string; bytes: Buffer }> {
  const response = await test.buffer(true).parse((stream, done) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(Buffer.from(chunk)));
    stream.on('end', () => done(null, Buffer.concat(chunks)));
  });
  return { name: response.headers['content-disposition'] as string, bytes: response.body as Buffer };
}

describe('a case bundle', () => {
  let t: TestApp;
  let sealer: TestSealer;
  let verifier: Verifier;
  let c: CaseUnderTest;
  beforeAll(async () => {
    t = await startTestApp({}, { bundlePatience: 3000 });
    sealer = new TestSealer(t);
    verifier = new Verifier();
    c = await aDecidedCase(t);
  });
  afterAll(async () => {
    verifier.stop();
    await t.stop();
  });

  const asked = async (username: string, id: string, more: object = {}, status = 201): Promise<any> => {
    const body = {
      kind: 'CASE_BUNDLE',
      format: 'zip',
      filter: { caseId: id },
      purpose: 'for the prosecutor',
    };
    return (await (await t.as(username)).post('/exports', { ...body, ...more }).expect(status)).body;
  };

  const fetched = async (username: string, exportId: string): Promise<{ name: string; bytes: Buffer }> => {
    const client = await t.as(username);
    for (;;) {
      const { body } = await client.get(`/exports/${exportId}`).expect(200);
      if (body.status === 'FAILED') throw new Error(body.failure);
      if (body.status === 'DONE') break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return bytesOf(client.get(`/exports/${exportId}/download`).expect(200));
  };

  /** A bundle for which the sealer did its work. */
  const bundle = async (username = 'supervisor', id = c.id, more: object = {}): Promise<Buffer> => {
    const { id: exportId } = await asked(username, id, more);
    await sealer.sealWithHeads();
    return (await fetched(username, exportId)).bytes;
  };

  const verified = (bytes: Buffer, policy = sealer.policy) => verifier.verify(bytes, policy);

  it('of a whole procedure is valid, holds its own export and is complete', async () => {
    const bytes = await bundle();
    const report = await verified(bytes);
    expect(report).toMatchObject({
      verdict: 'valid',
      exit: 0,
      checks: [],
      case: c.id,
      reference: c.reference,
    });
    expect(report.asOf).not.toBeNull();
    expect(report.policySha256).toBe(createHash('sha256').update(sealer.policy).digest('hex'));
    expect(report.notProven.join()).toContain('That the server logged every read');
    const files = filesOf(bytes);
    const bodies = [...files]
      .filter(([path]) => path.startsWith('bodies/'))
      .map(([, body]) => JSON.parse(body.toString()));
    expect(bodies).toHaveLength(report.entries);
    expect(bodies.at(-1)).toMatchObject({ type: 'case.exported' });
    expect(files.get('report.html')!.toString()).toContain("default-src 'none'");
    expect(files.get('report.html')!.toString()).not.toContain('<script');
    expect([...files.keys()]).toEqual(
      expect.arrayContaining(['VERIFY.md', 'events.csv', 'policy.txt', 'verify.mjs']),
    );
  });

  it('that no witness saw is valid with limits', async () => {
    const other = await aCase(t);
    const { id } = await asked('supervisor', other.id);
    await sealer.seal({ witnessed: false });
    const report = await verified((await fetched('supervisor', id)).bytes);
    expect(report).toMatchObject({ verdict: 'limited', exit: 2 });
    await sealer.sealWithHeads();
  });

  it('under the policy of somebody else is not valid', async () => {
    const bytes = await bundle();
    const report = await verified(bytes, sealer.foreignPolicy);
    expect(report).toMatchObject({ verdict: 'invalid', exit: 1 });
    expect(report.checks.map(({ check }) => check)).toContain('LOG_SIGNATURE');
  });

  it('whose tail is hidden is not valid', async () => {
    const files = filesOf(await bundle());
    const last = Math.max(
      ...[...files.keys()]
        .filter((path) => path.startsWith('entries/'))
        .map((path) => parseInt(path.slice(8), 10)),
    );
    const kept = [...files].filter(([path]) => !path.includes(String(last).padStart(6, '0')));
    const report = await verified(await sealer.resigned(kept, { entries: last }));
    expect(report).toMatchObject({ verdict: 'invalid', exit: 1 });
    expect(report.checks.map(({ check }) => check)).toEqual(['HEADS']);
  });

  it('with a changed value is not valid', async () => {
    const files = filesOf(await bundle());
    const [path, content] = [...files].find(([name]) => name.startsWith('disclosures/'))!;
    const [first, ...rest] = JSON.parse(content.toString());
    const [salt, name] = JSON.parse(Buffer.from(first.content, 'base64').toString());
    first.content = Buffer.from(JSON.stringify([salt, name, 'another'])).toString('base64');
    files.set(path, Buffer.from(JSON.stringify([first, ...rest])));
    expect((await verified(await zipOf(files))).checks.map(({ check }) => check)).toContain('MANIFEST');
    const report = await verified(await sealer.resigned([...files]));
    expect(report.checks).toEqual([{ check: 'DISCLOSURE', file: path, message: 'a value was changed' }]);
    expect(report.exit).toBe(1);
  });

  it('shows an entry that was set aside, and only when two persons did', async () => {
    const other = await aCase(t);
    const forged = await sealer.append(other.id, { type: 'case.close' }, true);
    const { id: exportId } = await asked('supervisor', other.id);
    const [row] = await t.sql('SELECT id, seq, leaf FROM audit.entry WHERE event = $1', [forged]);
    const setAside = [{ seq: Number(row.seq), leaf: row.leaf.toString('base64') }];
    const restart = await sealer.append(other.id, { type: 'stream.restart', data: { setAside } });
    await t.sql('DELETE FROM audit.unsealed WHERE id = $1', [row.id]);
    await sealer.sealWithHeads();
    const { bytes } = await fetched('supervisor', exportId);
    const report = await verified(bytes);
    expect(report).toMatchObject({ verdict: 'valid', checks: [] });
    expect(report.notProven.join()).toContain(`Entry ${row.seq}: the log refused it`);
    const files = filesOf(bytes);
    const [, restartBody] = [...files].find(
      ([, body]) => body.includes(restart) && body.includes('setAside'),
    )!;
    expect(restartBody.length).toBeGreaterThan(0);
    const without = [...files].filter(([path]) => Number(/(\d{6})/.exec(path)?.[1] ?? 0) <= Number(row.seq));
    const cut = await verified(await sealer.resigned(without, { entries: Number(row.seq) + 1, heads: null }));
    expect(cut.checks.map(({ check }) => check)).toContain('INCLUSION');
  });

  it('tells a supervisor nothing of who reported in confidence', async () => {
    const name = 'Reporter in confidence 匿名人';
    const other = await aCase(t, { reporter: { kind: 'CONFIDENTIAL', name, contact: '+86 111 2222' } });
    const bytes = await bundle('supervisor', other.id);
    const report = await verified(bytes);
    expect(report).toMatchObject({ verdict: 'valid' });
    const contents = [...filesOf(bytes)]
      .filter(([path]) => path.startsWith('disclosures/'))
      .flatMap(([, list]) =>
        (JSON.parse(list.toString()) as { content: string }[]).map(({ content }) =>
          Buffer.from(content, 'base64').toString(),
        ),
      );
    const all = contents.join() + bytes.toString('utf8');
    for (const secret of [name, '+86 111 2222', 'reporter.name']) expect(all).not.toContain(secret);
    expect(JSON.parse(filesOf(bytes).get('manifest.json')!.toString())).toMatchObject({
      profile: 'NO_IDENTITY',
    });
  });

  it('is complete although the case is read while it is made', async () => {
    const { id } = await asked('supervisor', c.id);
    const reading = setInterval(
      () => void t.as('supervisor').then((client) => client.get(`/cases/${c.id}`)),
      20,
    );
    await sealer.sealWithHeads();
    const { bytes } = await fetched('supervisor', id);
    clearInterval(reading);
    expect(await verified(bytes)).toMatchObject({ verdict: 'valid', checks: [] });
  });

  it('still verifies after a value was erased, and says by which event', async () => {
    const other = await aCase(t);
    const [{ subject }] = await t.sql(
      `SELECT d.subject FROM audit.disclosure d JOIN audit.entry e USING (event)
       WHERE e.stream = $1 AND d.subject LIKE 'reporter:%' LIMIT 1`,
      [other.id],
    );
    await t.sql('BEGIN');
    const event = await sealer.append(other.id, { type: 'subject.erase' });
    await t.sql('SELECT audit.erase($1, $2)', [subject, event]);
    await t.sql('COMMIT');
    const bytes = await bundle('supervisor', other.id);
    const report = await verified(bytes);
    expect(report).toMatchObject({ verdict: 'valid', checks: [] });
    expect(report.notProven.join()).toContain(`it was erased by event ${event}`);
    expect(bytes.includes('举报人甲')).toBe(false);
  });

  it('is encrypted to a recipient', async () => {
    const identity = await generateX25519Identity();
    const recipient = await identityToRecipient(identity);
    const { id } = await asked('auditor', c.id, { recipient });
    await sealer.sealWithHeads();
    const { name, bytes } = await fetched('auditor', id);
    expect(name).toMatch(/\.zip\.age"$/);
    expect(bytes.subarray(0, 21).toString()).toBe('age-encryption.org/v1');
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    const report = await verified(Buffer.from(await decrypter.decrypt(bytes)));
    expect(report).toMatchObject({ verdict: 'valid', case: c.id });
  });

  it('records who asked, in the case and in their own trail', async () => {
    const { id } = await asked('supervisor', c.id);
    const events = (await (await t.as('supervisor')).get(`/cases/${c.id}/history?limit=200`).expect(200)).body
      .items;
    const deeds = events.filter(({ type }: { type: string }) => !type.endsWith('read'));
    expect(deeds.at(-1)).toMatchObject({ type: 'case.exported', actor: { role: 'SUPERVISOR' } });
    await sealer.sealWithHeads();
    await fetched('supervisor', id);
    const own = await t.sql(
      `SELECT convert_from(body, 'UTF8')::json ->> 'type' AS type FROM audit.entry WHERE stream = $1 ORDER BY seq DESC LIMIT 1`,
      [t.ids.users['supervisor']],
    );
    expect(own).toEqual([{ type: 'export.downloaded' }]);
  });

  it.each([
    ['another format', { format: 'json' }, '/format'],
    ['no case', { filter: {} }, '/filter'],
    [
      'more than a case',
      { filter: { caseId: '019cac00-0000-7000-8000-000000000001', status: 'CLOSED' } },
      '/filter',
    ],
    ['a recipient that is none', { recipient: 'age1x' }, '/recipient'],
    ['a recipient with a mistake', { recipient: `age1${'q'.repeat(58)}` }, '/recipient'],
    ['a case list with a case', { kind: 'CASE_LIST', format: 'json' }, '/filter/caseId'],
    ['a case list as zip', { kind: 'CASE_LIST', filter: {} }, '/format'],
  ])('is refused for %s', async (_what, more, pointer) => {
    const body = await asked('supervisor', c.id, more, 400);
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
  });

  it('is for those only who may export the case', async () => {
    const unknown = '019cac00-0000-7000-8000-000000000001';
    await asked('supervisor', unknown, {}, 404);
    await asked('administrator', c.id, {}, 403);
    const { kind } = await asked('investigator', c.id);
    expect(kind).toBe('CASE_BUNDLE');
    await asked('investigator', c.id, { kind: 'CASE_LIST', format: 'json', filter: {} }, 403);
  });

  describe('on the command line', () => {
    const plumbline = (args: string[]): Promise<{ code: number | null; out: string; err: string }> =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, ['dist/src/cli.js', ...args], {
          env: { ...process.env, DATABASE_URL: t.database.adminUrl, PLUMBLINE_DATA_DIR: t.dataDir },
        });
        let [out, err] = ['', ''];
        child.stdout.on('data', (data: Buffer) => (out += data.toString()));
        child.stderr.on('data', (data: Buffer) => (err += data.toString()));
        child.stdin.end();
        child.on('close', (code) => resolve({ code, out, err }));
      });
    const at = (name: string): string => join(verifier.directory, name);
    const verify = (file: string, ...more: string[]) =>
      plumbline(['verify-bundle', at(file), '--policy', at('own.txt'), ...more]);

    beforeAll(() => writeFileSync(at('own.txt'), sealer.policy));

    it('is written for a reference, and names no reporter', async () => {
      const written = plumbline(['export', c.reference, '--bundle', '--out', at('cli.zip')]);
      // The command waits for the map of heads, which the sealer of the test makes now and then.
      let done = false;
      void written.then(() => (done = true));
      while (!done) {
        await new Promise((resolve) => setTimeout(resolve, 1000));
        const [asked] = await t.sql(`SELECT count(*)::int AS n FROM audit.heads_request`);
        if (asked.n > 0) {
          await sealer.sealWithHeads();
          await t.sql('DELETE FROM audit.heads_request');
        }
      }
      expect(await written).toMatchObject({ code: 0, err: '' });
      const { code, out } = await verify('cli.zip', '--json');
      expect(JSON.parse(out)).toMatchObject({ verdict: 'valid', exit: 0, case: c.id });
      expect(code).toBe(0);
      expect(readFileSync(at('cli.zip')).includes('举报人甲')).toBe(false);
      const again = await plumbline(['export', c.reference, '--bundle', '--out', at('cli.zip')]);
      expect(again.code).toBe(1);
    }, 180_000);

    it('says the verdict in words and by its exit code, and decrypts', async () => {
      const bytes = await bundle();
      writeFileSync(at('good.zip'), bytes);
      const good = await verify('good.zip');
      expect(good.code).toBe(0);
      expect(good.out).toMatch(/^VALID: .*\n[^]*Not proven:[^]*SHA-256 of the policy: [0-9a-f]{64}/);
      const bad = Buffer.from(bytes);
      bad[bad.indexOf('plumbline-entry/v1') + 40]! ^= 1;
      writeFileSync(at('bad.zip'), bad);
      expect(await verify('bad.zip')).toMatchObject({ code: 1, out: expect.stringContaining('[MANIFEST] ') });
      writeFileSync(at('none.zip'), 'x');
      expect((await verify('none.zip')).code).toBe(3);
      const identity = await generateX25519Identity();
      const encrypter = new Encrypter();
      encrypter.addRecipient(await identityToRecipient(identity));
      writeFileSync(at('good.zip.age'), await encrypter.encrypt(bytes));
      writeFileSync(at('identity.txt'), `# the prosecutor\n${identity}\n`);
      expect((await verify('good.zip.age', '--identity', at('identity.txt'))).code).toBe(0);
      expect(await verify('good.zip.age')).toMatchObject({
        code: 3,
        err: expect.stringContaining('--identity'),
      });
    }, 180_000);

    it('never takes a wrong use for a verdict', async () => {
      for (const args of [[], [at('good.zip')], [at('good.zip'), '--policy', at('none.txt')]]) {
        expect((await plumbline(['verify-bundle', ...args])).code).toBe(3);
      }
    }, 60_000);
  });
});
