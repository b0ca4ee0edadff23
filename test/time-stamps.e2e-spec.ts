import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { pino } from 'pino';
import { checkpointText, noteOf, signatureLine } from '../src/log/note.js';
import { checkToken, TimeStamps } from '../src/log/time-stamps.js';
import { startTestApp, TestClock, type TestApp } from './support/app.js';

/** A time-stamp authority of our own: `openssl ts` behind HTTP. */
class Authority {
  readonly directory = mkdtempSync(join(tmpdir(), 'plumbline-tsa-'));
  /** What it does with the request, to behave badly. */
  twist = (query: Buffer): Buffer => query;
  asked = 0;
  private server: Server;

  async start(usage: string): Promise<string> {
    const config = [
      '[req]',
      'distinguished_name=dn',
      '[dn]',
      '[tsa]',
      'serial=serial',
      'signer_digest=sha256',
    ];
    writeFileSync(
      join(this.directory, 'tsa.cnf'),
      [...config, 'default_policy=1.2.3.4', 'digests=sha256', ''].join('\n'),
    );
    this.openssl(
      ...[
        'req',
        '-x509',
        '-nodes',
        '-newkey',
        'rsa:2048',
        '-config',
        'tsa.cnf',
        '-subj',
        '/CN=Test authority',
      ],
      ...['-days', '2', '-addext', `extendedKeyUsage=${usage}`, '-keyout', 'key.pem', '-out', 'cert.pem'],
    );
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.asked++;
        writeFileSync(join(this.directory, 'query'), this.twist(Buffer.concat(chunks)));
        this.openssl(
          ...['ts', '-reply', '-config', 'tsa.cnf', '-section', 'tsa', '-queryfile', 'query'],
          ...['-signer', 'cert.pem', '-inkey', 'key.pem', '-out', 'token'],
        );
        response.setHeader('content-type', 'application/timestamp-reply');
        response.end(readFileSync(join(this.directory, 'token')));
      });
    });
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  openssl(...words: string[]): string {
    return execFileSync('openssl', words, { cwd: this.directory, stdio: 'pipe' }).toString();
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
    rmSync(this.directory, { recursive: true, force: true });
  }
}

describe('time stamps of checkpoints', () => {
  let t: TestApp;
  let authority: Authority;
  let url: string;
  let pool: Pool;
  const clock = new TestClock();
  const key = generateKeyPairSync('ed25519').privateKey;
  beforeAll(async () => {
    t = await startTestApp();
    authority = new Authority();
    url = await authority.start('critical,timeStamping');
    pool = new Pool({ connectionString: t.database.sealerUrl, max: 2 });
  });
  afterAll(async () => {
    await pool.end();
    await authority.stop();
    await t.stop();
  });

  const stamps = () => new TimeStamps(url, pool, clock, pino({ level: 'silent' }));
  /** A checkpoint of this size in the database. */
  const checkpoint = async (size: number) => {
    const root = Buffer.alloc(32, size);
    const text = checkpointText({ origin: 'test.example/log', size, root });
    const note = noteOf(text, [signatureLine('test.example/log', key, text)]);
    await t.sql(
      'INSERT INTO audit.checkpoint (size, root, note, at, drained_at) VALUES ($1, $2, $3, now(), now())',
      [size, root, note],
    );
    return { size, root, note };
  };
  const kept = async () =>
    (
      await t.sql<{ size: string; token: Buffer }>(
        'SELECT size, token FROM audit.timestamp_token ORDER BY at',
      )
    ).map(({ size, token }) => ({ size: Number(size), token }));

  it('are over the text of the checkpoint, as openssl says too', async () => {
    await stamps().consider(await checkpoint(11));
    const [stamp] = await kept();
    expect(stamp!.size).toBe(11);
    writeFileSync(
      join(authority.directory, 'text'),
      checkpointText({ origin: 'test.example/log', size: 11, root: Buffer.alloc(32, 11) }),
    );
    writeFileSync(join(authority.directory, 'kept'), stamp!.token);
    const says = authority.openssl(
      ...['ts', '-verify', '-data', 'text', '-in', 'kept', '-CAfile', 'cert.pem'],
    );
    expect(says).toContain('Verification: OK');
  });

  it('are asked for once a day, or when there is a new map of heads', async () => {
    const before = authority.asked;
    await stamps().consider(await checkpoint(12));
    expect(authority.asked).toBe(before);
    clock.advance({ hours: 25 });
    await stamps().consider(await checkpoint(13));
    expect(authority.asked).toBe(before + 1);
    const [{ event }] = await t.sql('SELECT event FROM audit.entry LIMIT 1');
    await t.sql(
      `INSERT INTO audit.heads (at_size, event, count, root, lines, at) VALUES (13, $1, 1, $2, NULL, $3)`,
      [event, Buffer.alloc(32), new Date(clock.now().getTime() + 1000)],
    );
    await stamps().consider(await checkpoint(14));
    expect((await kept()).map(({ size }) => size)).toEqual([11, 13, 14]);
  });

  it('are refused when they are over something else, and sealing goes on', async () => {
    clock.advance({ hours: 25 });
    const next = await checkpoint(15);
    authority.twist = (query) => {
      // Another hash: the 32 bytes after the header of the OCTET STRING.
      const at = query.indexOf(Buffer.from('0420', 'hex')) + 2;
      query[at]! ^= 1;
      return query;
    };
    await stamps().consider(next);
    await expect(stamps().stamp(next)).rejects.toThrow('does not fit');
    authority.twist = (query) => query;
    expect((await kept()).map(({ size }) => size)).toEqual([11, 13, 14]);
  });

  it('are refused from a certificate that may not stamp times', () => {
    const [token, text] = [Buffer.from('3003020102', 'hex'), Buffer.from('text')];
    expect(() => checkToken(token, text)).toThrow();
  });

  it('do not stop the sealer when nobody answers', async () => {
    const nobody = new TimeStamps('http://127.0.0.1:9/', pool, clock, pino({ level: 'silent' }));
    await nobody.consider(await checkpoint(16));
    expect((await kept()).map(({ size }) => size)).toEqual([11, 13, 14]);
  });
});
