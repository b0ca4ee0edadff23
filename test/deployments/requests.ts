import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { DeploymentRequest, TaskCode } from '../../src/deployments/request.js';

/** A written request as the files in `cases` have it, and what is expected of it. */
export interface Case {
  readonly id: string;
  readonly file: string;
  readonly request: DeploymentRequest;
  readonly outcome: string;
  readonly level: string;
  /** The question that settles it. */
  readonly decisive: number;
  readonly warns: readonly string[];
  readonly lacks: readonly string[];
  readonly edges: readonly string[];
}

type Plain = Record<string, any>;

const merged = (base: Plain, more: Plain): Plain =>
  Object.fromEntries(
    [...new Set([...Object.keys(base), ...Object.keys(more)])].map((key) => {
      const [own, other] = [base[key], more[key]];
      const both =
        own && other && typeof own === 'object' && typeof other === 'object' && !Array.isArray(other);
      return [key, both ? merged(own, other) : key in more ? other : own];
    }),
  );

/** A request that is complete but for what matters to a test. */
export const aRequest = (more: Plain = {}): DeploymentRequest =>
  merged(
    {
      requester: { name: 'Somebody 某某', type: 'OWN_UNIT' },
      purpose: 'Patrol',
      place: 'Lake Street 湖滨路',
      startsAt: '2026-03-04T09:00:00+08:00',
      endsAt: '2026-03-04T12:00:00+08:00',
      tasks: [{ code: 'KEEP_ORDER', text: 'Patrol' }],
      force: { officers: 4, weapons: 'NONE' },
    },
    more,
  ) as DeploymentRequest;

const directory = join(import.meta.dirname, 'cases');

export const cases: readonly Case[] = readdirSync(directory)
  .sort()
  .flatMap((file) =>
    (parse(readFileSync(join(directory, file), 'utf8')) as Plain[]).map((row) => ({
      id: row['id'],
      file,
      request: aRequest({
        requester: { type: row['from'] },
        purpose: row['purpose'],
        ...(row['kind'] ? { activityType: row['kind'] } : {}),
        tasks: row['tasks'].map((task: Record<TaskCode, string>) => {
          const [code, text] = Object.entries(task)[0]!;
          return { code, text };
        }),
        ...row['with'],
      }),
      outcome: row['outcome'],
      level: row['level'],
      decisive: row['decisive'],
      warns: row['warns'] ?? [],
      lacks: row['lacks'] ?? [],
      edges: row['edges'] ?? [],
    })),
  );
