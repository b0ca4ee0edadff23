import { Inject, Injectable } from '@nestjs/common';
import { readFile } from 'node:fs/promises';
import { sha256 } from '../audit/envelope.js';
import { notFound } from '../common/errors.js';
import type { PolicyView } from './dto/trail.view.js';
import { parsePolicy, PolicyError, type Policy } from './policy.js';

export const POLICY_FILE = 'plumbline:policy-file';

/** The policy of this installation, read whenever it is wanted: its administrator may have changed it. */
@Injectable()
export class PolicyFile {
  constructor(@Inject(POLICY_FILE) private readonly path: string) {}

  /** The policy; undefined while there is none that can be used. */
  async read(): Promise<Policy | undefined> {
    const text = await this.text();
    try {
      return text === undefined ? undefined : parsePolicy(text);
    } catch (error) {
      if (error instanceof PolicyError) return undefined;
      throw error;
    }
  }

  /** @throws 404 while there is none */
  async view(): Promise<PolicyView> {
    const text = await this.text();
    if (text === undefined) throw notFound('policy');
    return { text, sha256: sha256(text).toString('hex') };
  }

  /** As it is written; undefined while there is none. */
  text(): Promise<string | undefined> {
    return readFile(this.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
  }
}
