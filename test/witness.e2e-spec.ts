import fc from 'fast-check';
import { spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AlreadyRunningError } from '../src/common/directory-claim.js';
import {
  checkpointText,
  cosignedBy,
  noteOf,
  parseNote,
  parseSignatureLine,
  parseVerifierKey,
  signatureLine,
  verifierKey,
} from '../src/log/note.js';
import { startWitness, type RunningWitness } from '../src/witness/server.js';
import { TestClock } from './support/app.js';
import { MemoryLog, submissionOf } from './support/logs.js';

/** Its own program and directory, no database: what is true of it is true whatever the application does. */
describe('the witness', () => {
  const log = new MemoryLog();
  const clock = new TestClock();
  const directories: string[] = [];
  const reports: [string, Record<string, unknown>][] = [];
  const running: RunningWitness[] = [];
  const children: ChildProcess[] = [];

  afterEach(async () => {
    await Promise.all(running.splice(0).map((witness) => witness.close()));
    children.splice(0).forEach((child) => child.kill('SIGKILL'));
    reports.length = 0;
  });
  afterAll(() => directories.forEach((directory) => rmSync(directory, { recursive: true, force: true })));

  const aDirectory = (): string => {
    const directory = mkdtempSync(join(tmpdir(), 'plumbline-witness-'));
    directories.push(directory);
    return join(directory, 'witness');
  };

  const start = async (
    directory = aDirectory(),
    { vkeys = [log.vkey], ...more }: { vkeys?: string[]; name?: string; patienceMs?: number } = {},
  ): Promise<RunningWitness> => {
    const witness = await startWitness({
      directory,
      logs: vkeys.map(parseVerifierKey),
      host: '127.0.0.1',
      port: 0,
      clock,
      report: (message, facts) => reports.push([message, facts]),
      ...more,
    });
    running.push(witness);
    return witness;
  };

  interface Reply {
    status: number;
    type: string | null;
    body: string;
  }
  const send = async (address: string, body: string | Buffer): Promise<Reply> => {
    const response = await fetch(`${address}/add-checkpoint`, { method: 'POST', body });
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      body: await response.text(),
    };
  };
  const submit = async (address: string, by: MemoryLog, old: number, size: number): Promise<Reply> =>
    send(address, await by.submission(old, size));

  const isCosignature = (reply: Reply, text: string, vkey: string): boolean =>
    reply.status === 200 &&
    reply.body.endsWith('\n') &&
    cosignedBy(text, parseSignatureLine(reply.body.slice(0, -1)), parseVerifierKey(vkey)) !== undefined;

  const stateFile = (directory: string): string => {
    const files = readdirSync(join(directory, 'state')).filter((name) => name.endsWith('.checkpoint'));
    expect(files).toHaveLength(1);
    return join(directory, 'state', files[0]!);
  };

  describe('answers as the specification wants', () => {
    it('cosigns the first checkpoint, each that goes on from it, and the same one again, with the time', async () => {
      const { address, vkey } = await start();
      for (const [old, size] of [
        [0, 5],
        [5, 5],
        [5, 8],
        [8, 21],
      ] as const) {
        const before = Math.floor(clock.now().getTime() / 1000);
        const reply = await submit(address, log, old, size);
        expect([reply.status, reply.type]).toEqual([200, 'text/plain; charset=utf-8']);
        const line = parseSignatureLine(reply.body.slice(0, -1));
        const seconds = cosignedBy(log.text(size), line, parseVerifierKey(vkey))!;
        expect(seconds - before).toBeGreaterThanOrEqual(0);
        expect(seconds - before).toBeLessThan(5);
      }
    });

    it('cosigns an empty tree, and not one of size 0 with another root', async () => {
      const { address, vkey } = await start();
      expect(isCosignature(await submit(address, log, 0, 0), log.text(0), vkey)).toBe(true);
      const lie = checkpointText({ origin: log.origin, size: 0, root: log.root(1) });
      const note = noteOf(lie, [signatureLine(log.origin, log.key, lie)]);
      expect((await send(address, submissionOf(0, [], note))).status).toBe(409);
      expect(isCosignature(await submit(address, log, 0, 3), log.text(3), vkey)).toBe(true);
    });

    it('404 for a log that it does not watch', async () => {
      const { address } = await start();
      expect((await submit(address, new MemoryLog('other.example/1', log.key), 0, 5)).status).toBe(404);
    });

    it('403 without a signature of a key that it trusts for the log', async () => {
      const other = new MemoryLog('other.example/1');
      const { address } = await start(aDirectory(), { vkeys: [log.vkey, other.vkey] });
      const text = log.text(5);
      const foreign = generateKeyPairSync('ed25519').privateKey;
      const ofOther = log.note(6).split('\n\n')[1]!.trimEnd();
      const renamed = signatureLine(log.origin, foreign, text).split(' ')[2]!;
      const stolenId = Buffer.concat([
        verifierKey(log.origin, 1, log.key).id,
        Buffer.from(renamed, 'base64').subarray(4),
      ]).toString('base64');
      for (const line of [
        signatureLine(log.origin, foreign, text), // another key under the same name
        signatureLine(other.origin, other.key, text), // a key that is trusted for another log
        signatureLine('nobody.example', log.key, text), // the right key under another name
        ofOther, // a signature of another checkpoint
        `\u2014 ${log.origin} ${stolenId}`, // the id of the right key with a signature of another
      ]) {
        expect((await send(address, submissionOf(0, [], noteOf(text, [line])))).status).toBe(403);
      }
      // Unknown signatures beside the right one do not count, for or against.
      const beside = [
        signatureLine('nobody.example', foreign, text),
        signatureLine(log.origin, log.key, text),
      ];
      expect((await send(address, submissionOf(0, [], noteOf(text, beside)))).status).toBe(200);
    });

    it('400 when the old size is larger than the new one', async () => {
      const { address } = await start();
      await submit(address, log, 0, 5);
      expect((await submit(address, log, 5, 4)).status).toBe(400);
    });

    it('409 with the size that it knows, when the log thinks of another', async () => {
      const { address } = await start();
      expect(await submit(address, log, 3, 5)).toEqual({
        status: 409,
        type: 'text/x.tlog.size',
        body: '0\n',
      });
      await submit(address, log, 0, 5);
      for (const old of [0, 4, 6]) {
        const reply = await submit(address, log, old, 9);
        expect(reply).toEqual({ status: 409, type: 'text/x.tlog.size', body: '5\n' });
      }
      // Also for the log that wants to go back.
      expect((await submit(address, log, 0, 4)).status).toBe(409);
    });

    it('409 for another tree of the same size, and keeps what the log signed in its own log', async () => {
      const { address } = await start();
      await submit(address, log, 0, 5);
      const fork = log.forkedAt(2);
      const reply = await submit(address, fork, 5, 5);
      expect([reply.status, reply.type]).toEqual([409, 'text/plain; charset=utf-8']);
      expect(reports).toEqual([
        ['a log signed two trees of one size', { origin: log.origin, known: 5, note: fork.note(5) }],
      ]);
    });

    it('422 when the proof does not lead there', async () => {
      const { address } = await start();
      await submit(address, log, 0, 5);
      const proof = await log.proof(5, 9);
      const fork = log.forkedAt(2);
      for (const [lines, note] of [
        [[], log.note(9)],
        [proof.slice(1), log.note(9)],
        [[...proof, proof[0]!], log.note(9)],
        [[...proof].reverse(), log.note(9)],
        [proof, fork.note(9)],
        [await fork.proof(5, 9), fork.note(9)],
        [await log.proof(4, 9), log.note(9)],
        // Nothing to prove, so nothing may be there.
        [[proof[0]!], log.note(5)],
      ] as const) {
        expect((await send(address, submissionOf(5, lines, note))).status).toBe(422);
      }
      expect(reports).toHaveLength(8);
      expect((await submit(address, log, 5, 9)).status).toBe(200);
    });

    it('422 for a proof from nothing', async () => {
      const { address } = await start();
      const body = submissionOf(0, await log.proof(3, 5), log.note(5));
      expect((await send(address, body)).status).toBe(422);
    });

    it('watches several logs, and several keys of one, each log by itself', async () => {
      const [renewed, other] = [new MemoryLog(log.origin), new MemoryLog('other.example/1')];
      const { address } = await start(aDirectory(), { vkeys: [log.vkey, renewed.vkey, other.vkey] });
      expect((await submit(address, log, 0, 5)).status).toBe(200);
      expect((await submit(address, other, 0, 3)).status).toBe(200);
      // The new key signs the history of the old one.
      expect((await submit(address, renewed, 5, 7)).status).toBe(200);
      expect((await submit(address, log, 7, 9)).status).toBe(200);
      expect((await submit(address, other, 5, 9)).body).toBe('3\n');
    });

    it('says in words what it is, and its key', async () => {
      const { address, vkey } = await start();
      const page = await fetch(address);
      const text = await page.text();
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
      expect(text).toContain('This is a witness of transparency logs');
      expect(text).toContain(`\n${vkey}\n`);
      expect(text).toContain(log.origin);
      expect((await fetch(address, { method: 'HEAD' })).status).toBe(200);
      expect((await fetch(address, { method: 'POST', body: 'x' })).status).toBe(405);
      expect((await fetch(`${address}/add-checkpoint`)).status).toBe(405);
      expect((await fetch(`${address}/other`)).status).toBe(404);
    });
  });

  describe('bad input', () => {
    const [text, note] = [log.text(5), log.note(5)];
    const signature = note.split('\n').at(-2)!;
    const hash = log.root(3).toString('base64');
    const bad: Record<string, string | Buffer> = {
      nothing: '',
      'no blank line': 'old 0\n',
      'no old line': `\n${note}`,
      'no note': 'old 0\n\n',
      'no size': submissionOf('', [], note),
      'a leading zero': submissionOf('00', [], note),
      'a sign': submissionOf('+0', [], note),
      'a fraction': submissionOf('0.0', [], note),
      hexadecimal: submissionOf('0x0', [], note),
      'blank at the end of a line': submissionOf('0 ', [], note),
      'a giant old size': submissionOf('9'.repeat(1000), [], note),
      'an old size beyond 2^53': submissionOf('9007199254740993', [], note),
      'a giant new size': submissionOf(0, [], note.replace('\n5\n', `\n${'9'.repeat(400)}\n`)),
      'a new size beyond 2^53': submissionOf(0, [], note.replace('\n5\n', '\n9007199254740993\n')),
      CRLF: submissionOf(0, [], note).replaceAll('\n', '\r\n'),
      'CRLF in the note': submissionOf(0, [], note.replaceAll('\n', '\r\n')),
      'no LF at the end': submissionOf(0, [], note.slice(0, -1)),
      'no signature': submissionOf(0, [], `${text}\n`),
      'a line more in the checkpoint': submissionOf(0, [], `${text}more\n\n${signature}\n`),
      'a line more after the signatures': submissionOf(0, [], `${note}more\n`),
      'a blank line more': submissionOf(0, [], `\n${note}`),
      'a short hash in the proof': submissionOf(0, [hash.slice(4)], note),
      'a hash in lenient base64': submissionOf(0, [hash.replace(/.=$/, (end) => `${next(end[0]!)}=`)], note),
      'a hash in url base64': submissionOf(0, ['-'.repeat(43) + '='], note),
      'a hash without its padding': submissionOf(0, [hash.slice(0, -1)], note),
      'a root in lenient base64': submissionOf(
        0,
        [],
        note.replace(/.=\n\n/, (end) => `${next(end[0]!)}=\n\n`),
      ),
      'a signature in lenient base64': submissionOf(0, [], noteOf(text, [`${signature}=`])),
      'a hyphen for the dash': submissionOf(0, [], note.replace('\u2014', '-')),
      '64 lines of proof': submissionOf(0, Array<string>(64).fill(hash), note),
      '17 signatures': submissionOf(0, [], noteOf(text, Array<string>(17).fill(signature))),
      'bytes that are not UTF-8': Buffer.concat([
        Buffer.from([0xff]),
        Buffer.from(submissionOf(0, [], note)),
      ]),
      'a byte order mark': `\ufeff${submissionOf(0, [], note)}`,
      'a NUL': submissionOf(0, [], note.replace('log.example', 'log.example\0')) + '\0',
    };
    function next(digit: string): string {
      const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
      // The two lowest bits of the last digit encode nothing.
      return digits[digits.indexOf(digit) + 1]!;
    }

    it('is refused with 400, and forgotten', async () => {
      const directory = aDirectory();
      const { address } = await start(directory);
      for (const [what, body] of Object.entries(bad)) {
        expect([what, (await send(address, body)).status]).toEqual([what, 400]);
      }
      expect(readdirSync(join(directory, 'state'))).toEqual([]);
      // Its good brother is accepted, with as many signatures as are allowed.
      const most = noteOf(text, Array<string>(16).fill(signature));
      expect((await send(address, submissionOf(0, [], most))).status).toBe(200);
      expect((await submit(address, log, 5, 8)).status).toBe(200);
    });

    it('of any kind gets an answer that is not 5xx', async () => {
      const { address } = await start();
      const good = await log.submission(0, 5);
      const mutated = fc
        .tuple(fc.nat(good.length), fc.nat(20), fc.oneof(fc.string({ maxLength: 20 }), fc.constant('\n\n')))
        .map(([at, length, by]) => good.slice(0, at) + by + good.slice(at + length));
      const any = fc.oneof(mutated, fc.string({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }));
      await fc.assert(
        fc.asyncProperty(any, async (body) => {
          const { status } = await send(address, Buffer.from(body as string));
          expect(status === 200 || (status >= 400 && status < 500)).toBe(true);
        }),
        { numRuns: 300 },
      );
    });

    it('that is too long is refused with 413, and the connection is closed', async () => {
      const { address } = await start();
      const socket = connect(Number(new URL(address).port), '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write('POST /add-checkpoint HTTP/1.1\r\nhost: w\r\ncontent-length: 100000000\r\n\r\n');
      socket.write('x'.repeat(70_000));
      let seen = '';
      socket.on('data', (data) => (seen += data.toString()));
      await once(socket, 'close');
      expect(seen).toMatch(/^HTTP\/1\.1 413 /);
    });

    it('that does not arrive is given up', async () => {
      const { address } = await start(aDirectory(), { patienceMs: 300 });
      const port = Number(new URL(address).port);
      const slow = [
        'POST /add-check',
        'POST /add-checkpoint HTTP/1.1\r\nhost: w\r\ncontent-length: 100\r\n\r\nold',
      ];
      const ended = slow.map(async (begin) => {
        const socket = connect(port, '127.0.0.1');
        socket.on('error', () => undefined);
        socket.write(begin);
        let seen = '';
        socket.on('data', (data) => (seen += data.toString()));
        await once(socket, 'close');
        return seen.slice(0, 12);
      });
      expect(await Promise.all(ended)).toEqual(['HTTP/1.1 408', 'HTTP/1.1 408']);
      expect((await submit(address, log, 0, 5)).status).toBe(200);
    });
  });

  describe('races', () => {
    it('N and N+K at once: never back, and each answer is true', async () => {
      const directory = aDirectory();
      const { address, vkey } = await start(directory);
      let known = 0;
      for (let round = 0; round < 25; round++) {
        const sizes = [1, 2, 3, 4].map((k) => known + k);
        const replies = await Promise.all(sizes.map((size) => submit(address, log, known, size)));
        const accepted = sizes.filter((_, i) => replies[i]!.status === 200);
        // All start from the same size, so exactly the one that came first can go on from it.
        expect(accepted).toHaveLength(1);
        expect(replies.filter(({ body }) => body === `${accepted[0]}\n`)).toHaveLength(3);
        const reply = replies[sizes.indexOf(accepted[0]!)]!;
        expect(isCosignature(reply, log.text(accepted[0]!), vkey)).toBe(true);
        known = accepted[0]!;
        expect(parseNote(readFileSync(stateFile(directory), 'utf8')).text).toBe(log.text(known));
      }
    });

    it('of two branches at once: one is cosigned', async () => {
      const { address } = await start();
      await submit(address, log, 0, 7);
      const branches = Array.from({ length: 8 }, (_, i) => log.forkedAt(7, `branch ${i}`));
      const replies = await Promise.all(branches.map((branch) => submit(address, branch, 7, 10)));
      expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(replies.filter(({ status }) => status === 409)).toHaveLength(7);
    });

    it('whatever honest and forked logs hand in, in whatever order: at most one branch is ever cosigned', async () => {
      const step = fc.record({
        branch: fc.nat(3),
        // What the log believes that the witness knows: what it was told, or a lie.
        old: fc.option(fc.nat(40), { nil: undefined }),
        more: fc.nat(12),
        together: fc.boolean(),
        restart: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(fc.nat(20), fc.array(step, { minLength: 1, maxLength: 12 }), async (at, steps) => {
          const directory = aDirectory();
          let witness = await start(directory);
          const branches = [log, log.forkedAt(at, 'a'), log.forkedAt(at + 2, 'b'), log.forkedAt(0, 'c')];
          const cosigned: { branch: MemoryLog; size: number }[] = [];
          let known = 0;
          for (const { branch, old = known, more, together, restart } of steps) {
            const size = old + more;
            const by = together ? branches : [branches[branch]!];
            const replies = await Promise.all(by.map((one) => submit(witness.address, one, old, size)));
            replies.forEach((reply, i) => {
              if (reply.status !== 200) return;
              expect(isCosignature(reply, by[i]!.text(size), witness.vkey)).toBe(true);
              cosigned.push({ branch: by[i]!, size });
              known = size;
            });
            if (restart) {
              await witness.close();
              witness = await start(directory);
            }
          }
          await witness.close();
          // Sizes never go down, and each checkpoint is the beginning of the last one.
          const sizes = cosigned.map(({ size }) => size);
          expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
          const last = cosigned.at(-1)?.branch;
          for (const { branch, size } of cosigned) expect(branch.root(size)).toEqual(last!.root(size));
        }),
        { numRuns: 40 },
      );
    }, 120_000);
  });

  describe('remembers', () => {
    it('what it cosigned after a restart, under the same name and key', async () => {
      const directory = aDirectory();
      const first = await start(directory, { name: 'ombudsman.example/w1' });
      await submit(first.address, log, 0, 5);
      await first.close();
      const second = await start(directory);
      expect(second.vkey).toBe(first.vkey);
      expect(second.vkey).toMatch(/^ombudsman\.example\/w1\+/);
      expect((await submit(second.address, log.forkedAt(0), 0, 6)).body).toBe('5\n');
      expect((await submit(second.address, log, 5, 9)).status).toBe(200);
    });

    it('with a key that only its owner reads, and starts with no other', async () => {
      const directory = aDirectory();
      await (await start(directory)).close();
      const key = join(directory, 'witness.key');
      expect(statSync(key).mode & 0o777).toBe(0o400);
      chmodSync(key, 0o444);
      await expect(start(directory)).rejects.toThrow('Others can read');
      chmodSync(key, 0o600);
      await expect(start(directory, { name: 'another.example/w1' })).rejects.toThrow('a name cannot change');
      const pem = readFileSync(key);
      writeFileSync(key, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
      await expect(start(directory)).rejects.toThrow('belongs to another key');
      writeFileSync(key, 'no key');
      await expect(start(directory)).rejects.toThrow('holds no private Ed25519 key');
      rmSync(key);
      await expect(start(directory)).rejects.toThrow('is gone');
      writeFileSync(key, pem, { mode: 0o400 });
      expect((await start(directory)).address).toMatch(/^http:/);
    });

    it('and believes no memory that it did not write', async () => {
      const directory = aDirectory();
      const first = await start(directory);
      await submit(first.address, log, 0, 5);
      const file = stateFile(directory);
      const good = readFileSync(file, 'utf8');
      for (const wrong of ['', good.slice(0, 60), log.note(3), good.replace('\n5\n', '\n4\n')]) {
        writeFileSync(file, wrong);
        // While it runs it says so and cosigns nothing; it does not start on it either.
        expect((await submit(first.address, log, 0, 9)).status).toBe(500);
        expect(reports.at(-1)![1]['error']).toContain('is not as this witness wrote it');
      }
      await first.close();
      await expect(start(directory)).rejects.toThrow('is not as this witness wrote it');
      writeFileSync(file, good);
      expect((await submit((await start(directory)).address, log, 5, 9)).status).toBe(200);
    });

    it('and answers nothing that it could not write down', async () => {
      const directory = aDirectory();
      const { address } = await start(directory);
      await submit(address, log, 0, 5);
      // A directory in the way of the new file stands for a full disk.
      const file = stateFile(directory);
      mkdirSync(join(`${file}.new`, 'x'), { recursive: true });
      expect(await submit(address, log, 5, 9)).toMatchObject({ status: 500, body: 'The witness failed.\n' });
      rmSync(`${file}.new`, { recursive: true });
      expect((await submit(address, log, 0, 9)).body).toBe('5\n');
      expect((await submit(address, log, 5, 9)).status).toBe(200);
    });

    it('alone: a second process on its directory is refused', async () => {
      const directory = aDirectory();
      await start(directory);
      await expect(start(directory)).rejects.toThrow(AlreadyRunningError);
      const second = await run(['--data', directory, '--log', log.vkey]);
      expect(second.code).toBe(1);
      expect(second.err).toMatch(/A witness is already running on .+ \(process \d+\)/);
    });
  });

  /** The program itself, as `plumbline witness` starts it. */
  const program = (args: string[]): ChildProcess => {
    const child = spawn(process.execPath, ['dist/src/witness/main.js', '--port', '0', ...args], {
      env: { ...process.env, PLUMBLINE_DATA_DIR: join(tmpdir(), 'nowhere') },
    });
    children.push(child);
    return child;
  };
  const run = async (args: string[]): Promise<{ code: number | null; out: string; err: string }> => {
    const child = program(args);
    let [out, err] = ['', ''];
    child.stdout!.on('data', (data: Buffer) => (out += data.toString()));
    child.stderr!.on('data', (data: Buffer) => (err += data.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, out, err };
  };
  const addressOf = async (child: ChildProcess): Promise<string> => {
    let out = '';
    for await (const data of child.stdout!) {
      out += String(data);
      const address = /^Address +(\S+)$/m.exec(out)?.[1];
      if (address) return address;
    }
    throw new Error(`The witness ended: ${out}`);
  };

  describe('as a program', () => {
    it('prints name, key and address, and ends in order on SIGTERM', async () => {
      const child = program(['--data', aDirectory(), '--name', 'court.example/w1', '--log', log.vkey]);
      let out = '';
      child.stdout!.on('data', (data: Buffer) => (out += data.toString()));
      while (!out.includes('Watches')) await once(child.stdout!, 'data');
      const [, vkey, address] = /^Witness +court\.example\/w1\nKey +(\S+)\nAddress +(\S+)\nWatches +/.exec(
        out,
      )!;
      expect(isCosignature(await submit(address!, log, 0, 5), log.text(5), vkey!)).toBe(true);
      child.kill('SIGTERM');
      expect(await once(child, 'exit')).toEqual([0, null]);
    });

    it('takes the logs of a policy, and ends when its parent lets go of it', async () => {
      const directory = aDirectory();
      const policy = `${directory}.policy`;
      writeFileSync(policy, `log ${log.vkey}\nquorum none\n`);
      const child = program(['--data', directory, '--policy', policy, '--with-parent']);
      const address = await addressOf(child);
      expect((await submit(address, log, 0, 5)).status).toBe(200);
      // Ctrl-C on the terminal is the parent's.
      child.kill('SIGINT');
      expect((await submit(address, log, 5, 6)).status).toBe(200);
      child.stdin!.end();
      expect(await once(child, 'exit')).toEqual([0, null]);
    });

    it('says what is wrong with its arguments', async () => {
      for (const [args, message] of [
        [[], 'name the logs to watch'],
        [['--log', 'nonsense'], 'not a verifier key'],
        [['--log', verifierKey('w', 4, log.key).vkey], 'is not the key of a log'],
        [['--policy', join(tmpdir(), 'no-such-policy')], 'there is no such file'],
        [['--log', log.vkey, '--port', '70000'], 'It must be 0 to 65535'],
        [['--log', log.vkey, '--name', 'two words'], 'cannot name a key'],
      ] as const) {
        const { code, err } = await run(['--data', aDirectory(), ...args]);
        expect([code, err]).toEqual([1, expect.stringContaining(message)]);
        expect(err).not.toContain('    at ');
      }
    });

    it('killed in the middle of its work knows all that it answered, and starts again', async () => {
      const directory = aDirectory();
      let answered = 0;
      for (let round = 0; round < 8; round++) {
        const child = program(['--data', directory, '--log', log.vkey]);
        const address = await addressOf(child);
        // It knows at least what it answered; it may have written down one more that did not arrive.
        const known = Number((await submit(address, log, 5000, 5000)).body);
        expect([answered, answered + 1]).toContain(known);
        answered = known;
        const enough = answered + 5;
        try {
          for (;;) {
            const reply = await submit(address, log, answered, answered + 1);
            expect(reply.status).toBe(200);
            if (++answered === enough) setTimeout(() => child.kill('SIGKILL'), round);
          }
        } catch (error) {
          // What fetch throws comes from outside the sandbox of the test, where TypeError is another.
          if ((error as Error).name !== 'TypeError') throw error;
        }
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      }
      expect(answered).toBeGreaterThanOrEqual(40);
      expect(parseNote(readFileSync(stateFile(directory), 'utf8')).text).toMatch(/\n\d+\n/);
    }, 120_000);
  });
});
