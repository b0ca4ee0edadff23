import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { loadKey, Writer } from '../../src/audit/writer.js';
import { loadLogKey, loadSealerKey, policyLines } from '../../src/log/keys.js';
import { cosignatureLine, parseNote, verifierKey, type VerifierKey } from '../../src/log/note.js';
import { parsePolicy, type Policy } from '../../src/log/policy.js';
import { Sealer, type Pass, type SealerOptions } from '../../src/log/sealer.js';
import type { TestApp } from './app.js';

export interface TestSealer {
  readonly sealer: Sealer;
  readonly pool: pg.Pool;
  readonly policy: Policy;
  readonly policyText: string;
  readonly origin: string;
  readonly logVkey: string;
  /** The key of this installation's applications, with which a test may sign as they do. */
  readonly writerKey: KeyObject;
  readonly witness: TestWitness;
  /** Seals until nothing waits any more. */
  sealAll(): Promise<Pass[]>;
  /** Cosigns the latest checkpoint as the policy's witness and stores that. */
  cosign(seconds?: number): Promise<void>;
  /** Another process on the same database with the same keys. */
  another(changed?: Partial<SealerOptions>): Sealer;
  stop(): Promise<void>;
}

export interface TestWitness {
  readonly name: string;
  readonly key: KeyObject;
  readonly verifier: VerifierKey;
}

export const aWitness = (name = 'witness.test/1'): TestWitness => {
  const key = generateKeyPairSync('ed25519').privateKey;
  return { name, key, verifier: verifierKey(name, 4, key) };
};

/** The sealer on the database of this application, in this process and with its own database role. */
export function aSealer(
  t: Pick<TestApp, 'database' | 'dataDir' | 'clock'>,
  changed: Partial<SealerOptions> = {},
): TestSealer {
  const witness = aWitness();
  const key = loadLogKey(t.dataDir, undefined);
  const policyText = [
    ...policyLines(t.dataDir, undefined),
    `witness w1 ${witness.verifier.vkey}`,
    'quorum w1',
    '',
  ].join('\n');
  const policy = parsePolicy(policyText);
  const pool = new pg.Pool({ connectionString: t.database.sealerUrl, max: 4 });
  pool.on('error', () => undefined);
  const another = (more: Partial<SealerOptions> = {}): Sealer =>
    new Sealer({
      pool,
      key,
      policy,
      clock: t.clock,
      writer: new Writer(loadSealerKey(t.dataDir), 'sealer', t.clock.now()),
      ...changed,
      ...more,
    });
  const sealer = another();
  return {
    sealer,
    pool,
    policy,
    policyText,
    origin: key.verifier.name,
    logVkey: key.verifier.vkey,
    writerKey: loadKey(join(t.dataDir, 'keys'), 'writer'),
    witness,
    another,
    sealAll: async () => {
      const passes: Pass[] = [];
      do passes.push(await sealer.pass());
      while (passes.at(-1)!.more);
      return passes;
    },
    cosign: async (seconds = Math.floor(t.clock.now().getTime() / 1000)) => {
      const { size, note } = (await sealer.latest())!;
      const line = cosignatureLine(witness.name, witness.key, parseNote(note).text, seconds);
      await pool.query('INSERT INTO audit.cosignature VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [
        size,
        'w1',
        seconds,
        line,
      ]);
    },
    stop: () => pool.end(),
  };
}
