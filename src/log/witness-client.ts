import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { consistencyProof } from './merkle.js';
import { cosignedBy, NoteError, parseNote, parseSignatureLine } from './note.js';
import type { PolicyWitness } from './policy.js';
import type { SealedCheckpoint } from './sealer.js';
import { DatabaseTiles } from './tile-store.js';
import { subtreesOf } from './tiles.js';
import { Bell, withDeadline } from './waiting.js';

const TIMEOUT_MS = 5000;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 60_000;
const MAX_ANSWER_BYTES = 64 * 1024;

export interface WitnessClientOptions {
  readonly pool: Pool;
  readonly logger: Logger;
  /** The same checkpoint is witnessed again after so long, which bounds how far back an entry can be dated. */
  readonly againEveryMs: number;
}

/** A witness did not cosign. */
class WitnessRefusal extends Error {
  constructor(
    message: string,
    /** Waiting does not help: somebody has to look. */
    readonly grave: boolean,
  ) {
    super(message);
  }
}

/**
 * Brings checkpoints to one witness (C2SP tlog-witness) and keeps its cosignatures. Each witness has a client of its
 * own, so a dead one holds up nobody; of several checkpoints that came meanwhile it gets the latest.
 */
export class WitnessClient {
  private latest: SealedCheckpoint | undefined;
  /** The size that the witness has cosigned last, as far as we know. */
  private known = 0;
  private bell: Bell | undefined;
  private failures = 0;

  constructor(
    private readonly witness: PolicyWitness & { readonly url: string },
    private readonly options: WitnessClientOptions,
  ) {}

  publish(checkpoint: SealedCheckpoint): void {
    this.latest = checkpoint;
    // One that does not answer is asked again in its own time.
    if (this.failures === 0) this.bell?.ring();
  }

  /** Works until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    const bell = (this.bell = new Bell(signal));
    this.known = await this.sizeOfLastCosignature().catch(() => 0);
    while (!signal.aborted) {
      if (this.latest) await this.attempt(this.latest, signal);
      await bell.wait(this.failures === 0 ? this.options.againEveryMs : retryAfter(this.failures));
    }
  }

  private async attempt(checkpoint: SealedCheckpoint, signal: AbortSignal): Promise<void> {
    try {
      await this.submit(checkpoint, signal);
      if (this.failures > 0) this.options.logger.info({ witness: this.witness.name }, 'the witness is back');
      this.failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      this.failures++;
      const { name } = this.witness;
      const grave = error instanceof WitnessRefusal && error.grave;
      const facts = {
        witness: name,
        size: checkpoint.size,
        failures: this.failures,
        reason: reasonOf(error),
      };
      // One that is away for a moment is no alarm; the quorum may be met without it.
      if (grave || this.failures >= 3) this.options.logger.error(facts, 'a witness does not cosign');
      else this.options.logger.warn(facts, 'a witness does not cosign');
    }
  }

  private async submit(checkpoint: SealedCheckpoint, signal: AbortSignal): Promise<void> {
    let response = await this.post(checkpoint, signal);
    const size = sizeIn(response);
    if (size !== undefined) {
      if (size > checkpoint.size) {
        throw new WitnessRefusal(`it has seen ${size} entries: this log was set back`, true);
      }
      this.known = size;
      response = await this.post(checkpoint, signal);
    }
    if (response.status === 409 && sizeIn(response) === undefined) {
      throw new WitnessRefusal('409 without a size: it knows another tree', true);
    }
    if (response.status !== 200) {
      const grave = [403, 404, 422].includes(response.status);
      throw new WitnessRefusal(`it answered ${response.status}`, grave);
    }
    await this.keep(checkpoint, response.text);
    this.known = checkpoint.size;
  }

  private async post(
    { size, note }: SealedCheckpoint,
    signal: AbortSignal,
  ): Promise<{ status: number; text: string }> {
    const subtrees = subtreesOf(new DatabaseTiles(this.options.pool));
    const old = Math.min(this.known, size);
    const proof = await consistencyProof(subtrees, old, size);
    return withDeadline(signal, TIMEOUT_MS, async (deadline) => {
      const response = await fetch(`${this.witness.url.replace(/\/+$/, '')}/add-checkpoint`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        body: `old ${old}\n${proof.map((hash) => `${hash.toString('base64')}\n`).join('')}\n${note}`,
        redirect: 'error',
        signal: deadline,
      });
      return { status: response.status, text: await limited(response) };
    });
  }

  private async keep({ size, note }: SealedCheckpoint, answer: string): Promise<void> {
    const { name, key } = this.witness;
    const { text } = parseNote(note);
    const lines = answer.replace(/\n$/, '').split('\n');
    const [time, line] =
      lines
        .map((one) => [cosignedBy(text, parseSignatureLine(one), key), one] as const)
        .find(([seconds]) => seconds !== undefined) ?? [];
    if (time === undefined) throw new WitnessRefusal('its cosignature is not valid', true);
    await this.options.pool.query(
      'INSERT INTO audit.cosignature (size, witness, t, line) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
      [size, name, time, line],
    );
  }

  private async sizeOfLastCosignature(): Promise<number> {
    const { rows } = await this.options.pool.query<{ size: string }>(
      'SELECT coalesce(max(size), 0) AS size FROM audit.cosignature WHERE witness = $1',
      [this.witness.name],
    );
    return Number(rows[0]!.size);
  }
}

/** The size that a witness knows, when it says that it is another one than ours. */
function sizeIn({ status, text }: { status: number; text: string }): number | undefined {
  const size = status === 409 ? /^(0|[1-9][0-9]{0,15})\n$/.exec(text)?.[1] : undefined;
  return size === undefined ? undefined : Number(size);
}

const retryAfter = (failures: number): number =>
  Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LAST_RETRY_MS);

/** A witness is another's program: what it sends is not believed to be short. */
async function limited(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += (chunk as Uint8Array).length;
    if (length > MAX_ANSWER_BYTES) throw new WitnessRefusal('its answer is too long', true);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function reasonOf(error: unknown): string {
  if (error instanceof WitnessRefusal || error instanceof NoteError) return error.message;
  const { name, cause } = error as Error & { cause?: { code?: string } };
  return cause?.code ?? name;
}
