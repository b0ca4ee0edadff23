import { Inject, Injectable } from '@nestjs/common';
import { createHmac, hkdfSync, randomInt } from 'node:crypto';
import { VAULT_KEY, type Queries } from '../audit/key-ring.js';
import { open, seal } from '../common/seal.js';
import type { MessageAuthor } from './vault.entity.js';

/** Who somebody is. */
export interface PersonalData {
  readonly name: string | null;
  readonly contact: string | null;
}

export interface KnownReporter extends PersonalData {
  readonly officerId: string | null;
}

/** An identity as a function of the database hands it out. */
export interface SealedReporter {
  readonly sealed: Buffer | null;
  readonly officerId: string | null;
}

export interface OpenedMessage {
  readonly no: number;
  readonly author: MessageAuthor;
  readonly writtenBy: string | null;
  readonly writtenOn: string;
  /** Null once it was erased. */
  readonly text: string | null;
}

const SMALLEST = 256;

/**
 * What tells who reported, encrypted and decrypted (AES-256-GCM under a key made of the vault key, HKDF of RFC 5869).
 * Texts are padded to powers of two, so that their size tells little. It decides nothing: who may read is decided
 * before, and by the functions of the database once more.
 */
@Injectable()
export class Vault {
  private readonly keys: Readonly<Record<'identity' | 'message' | 'receipt', Buffer>>;

  constructor(@Inject(VAULT_KEY) vault: Buffer) {
    const keyFor = (what: string): Buffer =>
      Buffer.from(hkdfSync('sha256', vault, '', `plumbline/${what}`, 32));
    this.keys = { identity: keyFor('identity'), message: keyFor('message'), receipt: keyFor('receipt') };
  }

  sealIdentity(caseId: string, { name, contact }: PersonalData): Buffer {
    return seal(this.keys.identity, caseId, padded({ name, contact }));
  }

  /** @throws Error when it was changed, or belongs to another case */
  openIdentity(caseId: string, { sealed, officerId }: SealedReporter): KnownReporter {
    if (!sealed) return { name: null, contact: null, officerId };
    const clear = open(this.keys.identity, caseId, sealed).toString('utf8');
    return { ...(JSON.parse(clear) as PersonalData), officerId };
  }

  sealMessage(id: string, text: string): Buffer {
    return seal(this.keys.message, id, padded(text));
  }

  /** What reporter and organ wrote to each other in a case, the oldest first. */
  async correspondence(queries: Queries, caseId: string): Promise<OpenedMessage[]> {
    const rows = await queries.query<
      {
        o_id: string;
        o_no: number;
        o_author: MessageAuthor;
        o_written_by: string | null;
        o_written_on: string;
        o_sealed: Buffer | null;
      }[]
    >('SELECT * FROM vault.correspondence($1)', [caseId]);
    return rows.map((row) => ({
      no: row.o_no,
      author: row.o_author,
      writtenBy: row.o_written_by,
      writtenOn: row.o_written_on,
      text: row.o_sealed && (JSON.parse(String(open(this.keys.message, row.o_id, row.o_sealed))) as string),
    }));
  }

  /** The case of a receipt. One keyed hash and one look-up, whatever the code is. */
  async caseOfReceipt(queries: Queries, code: string): Promise<string | null> {
    const [row] = await queries.query<{ id: string | null }[]>('SELECT vault.case_of_receipt($1) AS id', [
      this.lookupOf(code),
    ]);
    return row?.id ?? null;
  }

  /**
   * What is kept of a code. A keyed hash and no slow one: it must be found by it, and 53 bits cannot be tried out
   * without the key, which the database does not have.
   */
  lookupOf(code: string): Buffer {
    return this.keyedHash('receipt', code);
  }

  /** Under this name the tries of a code are counted: another hash, so that a count does not tell of which receipt. */
  countedAs(code: string): string {
    return this.keyedHash('attempt', code).toString('base64url');
  }

  private keyedHash(what: string, code: string): Buffer {
    const digits = code.replaceAll(/\D/g, '');
    return createHmac('sha256', this.keys.receipt).update(`${what} ${digits}`).digest();
  }
}

/** A new code: 16 digits (53 bits) in groups of four, which a person can copy by hand. */
export const newReceiptCode = (): string =>
  Array.from({ length: 4 }, () => String(randomInt(10_000)).padStart(4, '0')).join(' ');

/** JSON with blanks behind it, which its reader skips. */
function padded(value: unknown): Buffer {
  const text = Buffer.from(JSON.stringify(value), 'utf8');
  const size = Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(text.length)));
  return Buffer.concat([text, Buffer.alloc(size - text.length, ' ')]);
}
