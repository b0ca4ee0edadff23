import type { INestApplicationContext } from '@nestjs/common';

export interface ImportOptions {
  mapping: string;
  folder: string;
  organCode?: string;
  dryRun: boolean;
  rejects?: string;
  json?: boolean;
}

export function runImport(_options: ImportOptions, _app: INestApplicationContext): Promise<number> {
  throw new Error('being written');
}
