import { Encrypter } from 'age-encryption';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { ZipFile } from 'yazl';

/** Alike for all files and all bundles: a time in a ZIP proves nothing, and a verifier wants every byte accounted for. */
const OPTIONS = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true, compress: false, mode: 0o100644 };

/** A bundle's ZIP. Stored, not deflated: most of it are hashes, and a deflated byte can change without effect. */
export class BundleFile {
  readonly hashes: Record<string, string> = {};
  private readonly zip = new ZipFile();

  add(path: string, content: string | Buffer): void {
    const bytes = Buffer.from(content as string);
    this.hashes[path] = createHash('sha256').update(bytes).digest('hex');
    this.zip.addBuffer(bytes, path, OPTIONS);
  }

  end(): void {
    this.zip.end();
  }

  /** Its bytes, encrypted when there is a recipient. */
  async content(recipient: string | null): Promise<AsyncIterable<Uint8Array>> {
    const plain = Readable.from(this.zip.outputStream as AsyncIterable<Buffer>, { objectMode: false });
    if (recipient === null) return plain as AsyncIterable<Uint8Array>;
    const encrypter = new Encrypter();
    encrypter.addRecipient(recipient);
    const encrypted = await encrypter.encrypt(Readable.toWeb(plain) as never);
    return Readable.fromWeb(encrypted as unknown as ReadableStream) as AsyncIterable<Uint8Array>;
  }
}

/** Whether it is a recipient that age knows; a typing mistake shows in its check sum. */
export function isRecipient(recipient: string): boolean {
  try {
    new Encrypter().addRecipient(recipient);
    return true;
  } catch {
    return false;
  }
}
