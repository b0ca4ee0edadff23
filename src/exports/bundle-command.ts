import type { INestApplicationContext } from '@nestjs/common';
import { Decrypter } from 'age-encryption';
import { createWriteStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { UnitOfWork } from '../audit/unit-of-work.js';
import { systemWith } from '../audit/writer-registration.js';
import { DomainError, notFound } from '../common/errors.js';
import { fileTrouble } from '../common/file-trouble.js';
import { isId } from '../common/ids.js';
import { WorkerDatabase } from '../database/worker-database.js';
import { Case } from '../intake/case.entity.js';
import { isRecipient } from './bundle-file.js';
import { CaseBundleService } from './case-bundle.service.js';
import { CaseExportService } from './case-export.service.js';
import { Refused } from './export-work.js';

const MAX_BYTES = 640e6;

/** Writes the bundle of a case to a file, as the system with an auditor's rights: it names no reporter. */
export async function exportBundle(
  app: INestApplicationContext,
  name: string,
  { out, purpose, recipient = null }: { out: string; purpose: string; recipient?: string | null },
): Promise<void> {
  if (recipient !== null && !isRecipient(recipient)) {
    throw new DomainError('invalid-input', 400, '--recipient must be an age recipient (age1…).');
  }
  const { manager } = app.get(WorkerDatabase);
  const found = await manager.findOneBy(Case, isId(name) ? { id: name } : { reference: name });
  if (!found) throw notFound('case');
  const { organId } = found;
  const actor = systemWith([{ role: 'AUDITOR', organId, organIds: [organId] }]);
  const histories = app.get(CaseExportService, { strict: false });
  const taken = { format: 'zip', purpose, purposeGiven: true, ...(recipient ? { recipient } : {}) };
  await app.get(UnitOfWork, { strict: false }).run(actor, (tx) => histories.record(tx, found.id, taken));
  const order = { caseId: found.id, purpose, recipient };
  try {
    const bytes = await app.get(CaseBundleService, { strict: false }).make(actor, order);
    await pipeline(bytes, createWriteStream(out, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new DomainError('export-refused', 409, error.message);
  }
}

/** A bundle, decrypted if need be, and the policy. @returns why not, in words, when they cannot be read */
export async function readBundle(
  file: string,
  policyFile: string,
  identityFile?: string,
): Promise<{ bundle: Uint8Array; policy: string } | string> {
  try {
    if ((await stat(file)).size > MAX_BYTES) return `${file} is larger than a bundle may be.`;
    const [bytes, policy] = await Promise.all([readFile(file), readFile(policyFile, 'utf8')]);
    if (!bytes.subarray(0, 21).equals(Buffer.from('age-encryption.org/v1'))) return { bundle: bytes, policy };
    if (identityFile === undefined) return `${file} is encrypted. Name the age identity with --identity.`;
    const decrypter = new Decrypter();
    for (const line of (await readFile(identityFile, 'utf8')).split(/\r?\n/)) {
      if (line !== '' && !line.startsWith('#')) decrypter.addIdentity(line);
    }
    try {
      return { bundle: await decrypter.decrypt(bytes), policy };
    } catch {
      return `${file} cannot be decrypted with this identity, or it is damaged.`;
    }
  } catch (error) {
    return fileTrouble(error) ?? `${identityFile} holds no age identity (AGE-SECRET-KEY-1…).`;
  }
}
