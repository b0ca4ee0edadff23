import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { SignedData } from '@peculiar/asn1-cms';
import { MessageImprint, TimeStampReq, TimeStampReqVersion, TimeStampResp } from '@peculiar/asn1-tsp';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';
import { RFC3161Timestamp } from '@sigstore/core';
import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import type { Logger } from 'pino';
import type { Pool } from 'pg';
import type { Clock } from '../common/clock.js';
import { parseNote } from './note.js';
import type { SealedCheckpoint } from './sealer.js';

const DAY_MS = 24 * 3_600_000;
const PATIENCE_MS = 15_000;
const MAX_BYTES = 64 * 1024;
const SHA_256 = '2.16.840.1.101.3.4.2.1';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';

/** The authority gave no token, or one that does not fit. */
export class TimeStampError extends Error {}

/**
 * Asks a time-stamp authority (RFC 3161) to date checkpoints: once a day, and after each new map of heads, which an
 * export asks for. What it signs is SHA-256 over the text of the checkpoint; whose clock it is, an auditor judges.
 */
export class TimeStamps {
  private working = false;

  constructor(
    private readonly url: string,
    private readonly pool: Pool,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Dates this checkpoint when it is time to. Sealing does not wait for it, and does not fail with it. */
  async consider(checkpoint: SealedCheckpoint): Promise<void> {
    if (this.working) return;
    this.working = true;
    try {
      if (await this.due()) await this.stamp(checkpoint);
    } catch (error) {
      this.logger.warn({ reason: (error as Error).message }, 'the time-stamp authority gave no token');
    } finally {
      this.working = false;
    }
  }

  /** @throws TimeStampError when the answer is not a token over this checkpoint */
  async stamp({ size, note }: SealedCheckpoint): Promise<void> {
    const text = Buffer.from(parseNote(note).text, 'utf8');
    const response = await this.ask(createHash('sha256').update(text).digest());
    checkToken(response, text);
    await this.pool.query(
      'INSERT INTO audit.timestamp_token (size, authority, token, at) VALUES ($1, $2, $3, $4)',
      [size, new URL(this.url).host, response, this.clock.now()],
    );
  }

  private async due(): Promise<boolean> {
    const { rows } = await this.pool.query<{ stamped: Date | null; mapped: Date | null }>(
      `SELECT (SELECT max(at) FROM audit.timestamp_token) AS stamped, (SELECT max(at) FROM audit.heads) AS mapped`,
    );
    const [{ stamped, mapped } = { stamped: null, mapped: null }] = rows;
    if (!stamped) return true;
    return this.clock.now().getTime() - stamped.getTime() >= DAY_MS || (mapped !== null && mapped > stamped);
  }

  private async ask(hash: Buffer): Promise<Buffer<ArrayBuffer>> {
    const request = new TimeStampReq({
      version: TimeStampReqVersion.v1,
      messageImprint: new MessageImprint({
        hashAlgorithm: new AlgorithmIdentifier({ algorithm: SHA_256, parameters: null }),
        hashedMessage: new OctetString(hash),
      }),
      // Positive: the first bit of an INTEGER is its sign.
      nonce: new Uint8Array([1, ...randomBytes(15)]).buffer,
      certReq: true,
    });
    const answer = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query' },
      body: AsnConvert.serialize(request),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!answer.ok) throw new TimeStampError(`it answered ${answer.status}`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (bytes.length > MAX_BYTES) throw new TimeStampError('its answer is too long');
    return bytes;
  }
}

/**
 * Whether the token is over this text and signed by the certificate that came with it, which may stamp times.
 * @throws TimeStampError that says what is wrong
 */
export function checkToken(response: Buffer<ArrayBuffer>, text: Buffer): void {
  try {
    const { timeStampToken } = AsnConvert.parse(response, TimeStampResp);
    if (!timeStampToken) throw new TimeStampError('it refused');
    const certificates = (AsnConvert.parse(timeStampToken.content, SignedData).certificates ?? []).flatMap(
      ({ certificate }) =>
        certificate ? [new X509Certificate(Buffer.from(AsnConvert.serialize(certificate)))] : [],
    );
    const signer = certificates.find(({ keyUsage }) => keyUsage?.includes(TIME_STAMPING));
    if (!signer) throw new TimeStampError('no certificate for time stamps came with it');
    RFC3161Timestamp.parse(response).verify(text, signer.publicKey);
  } catch (error) {
    if (error instanceof TimeStampError) throw error;
    throw new TimeStampError(`the token does not fit: ${(error as Error).message}`);
  }
}
