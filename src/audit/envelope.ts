import { hash } from 'node:crypto';

/** What an entry's envelope says: the bytes whose hash is both the link of its stream and the leaf of the log. */
export interface Envelope {
  stream: string;
  seq: bigint;
  /** Hash of the entry before in this stream; 32 zero bytes for the first. */
  prev: Buffer;
  /** RFC 3339 with microseconds, as PostgreSQL wrote it; never rendered again. */
  time: string;
  event: string;
  bodyHash: Buffer;
  writer: string;
  signature: Buffer;
}

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const ENVELOPE = new RegExp(
  `^plumbline-entry/v1\nstream (${UUID})\nseq (0|[1-9][0-9]{0,17})\nprev ([A-Za-z0-9+/]{43}=)\n` +
    `time ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{6}Z)\nevent (${UUID})\n` +
    `body ([A-Za-z0-9+/]{43}=)\nwriter ([a-z0-9.-]{1,64})\nsig ([A-Za-z0-9+/]{86}==)\n$`,
);

export const sha256 = (bytes: Buffer | string): Buffer => hash('sha256', bytes, 'buffer');

/** RFC 6962, 2.1: the hash of a leaf has the prefix 0x00. */
export const leafHash = (envelope: Buffer): Buffer => sha256(Buffer.concat([Buffer.from([0]), envelope]));

/**
 * Decodes base64 strictly. Node's own decoder takes `AB==` for `AA==`, which let altered entries pass.
 * @throws Error when the text is not what encoding the bytes gives
 */
export function strictBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new Error('base64 that no encoder writes');
  return bytes;
}

/** The parts of an envelope. @throws Error when it is not one to the byte */
export function parseEnvelope(bytes: Buffer): Envelope {
  const match = ENVELOPE.exec(bytes.toString('latin1'));
  if (!match) throw new Error('not an entry of plumbline-entry/v1');
  const [, stream, seq, prev, time, event, body, writer, sig] = match as unknown as string[];
  return {
    stream: stream!,
    seq: BigInt(seq!),
    prev: strictBase64(prev!),
    time: time!,
    event: event!,
    bodyHash: strictBase64(body!),
    writer: writer!,
    signature: strictBase64(sig!),
  };
}

/** What a writer signs: the body together with its stream and its id, so that it cannot be replayed elsewhere. */
export const signedText = (stream: string, event: string, body: Buffer): Buffer =>
  Buffer.from(`plumbline-event/v1\n${stream}\n${event}\n${sha256(body).toString('base64')}\n`, 'utf8');
