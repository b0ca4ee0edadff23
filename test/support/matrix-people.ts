import { roles, type Role } from '../../src/access/roles.js';
import type { Reach, Standing, Tie } from './oracle.js';

export interface Person extends Standing {
  readonly id: string;
  readonly username: string;
  readonly token: string;
  /** The officer that they are. */
  readonly officerId: string;
}

const standing = (reach: Reach, ...ties: Tie[]): { reach: Reach; ties: readonly Tie[] } => ({ reach, ties });

/**
 * The ways to stand to a case. What lets one see is tried where nothing else would; what keeps one away where
 * everything else would let one see.
 */
const standings = [
  standing('HERE'),
  standing('ABOVE'),
  standing('BELOW'),
  standing('BESIDE'),
  standing('OVER'),
  standing('BESIDE', 'ASSIGNED'),
  standing('BESIDE', 'FORMERLY_ASSIGNED'),
  standing('OVER', 'ASSIGNED'),
  standing('BESIDE', 'REGISTERED'),
  standing('OVER', 'REGISTERED'),
  standing('BESIDE', 'GLASS_OPEN'),
  standing('BESIDE', 'GLASS_OVER'),
  standing('OVER', 'GLASS_OPEN'),
  standing('HERE', 'SUBJECT'),
  standing('HERE', 'SAME_UNIT_NOW'),
  standing('HERE', 'SAME_UNIT_THEN'),
  standing('HERE', 'SAME_UNIT_AT_OTHER_TIMES'),
  standing('HERE', 'COMMAND'),
  standing('HERE', 'WITNESS'),
  standing('HERE', 'REPORTER'),
  standing('HERE', 'RECUSED'),
  standing('HERE', 'RECUSAL_LIFTED'),
  standing('HERE', 'ASSIGNED', 'RECUSED'),
  standing('HERE', 'REGISTERED', 'RECUSED'),
  standing('BESIDE', 'GLASS_OPEN', 'RECUSED'),
] as const;

/** And to a request for police. */
const deploymentStandings = [
  standing('HERE', 'SENT'),
  standing('BESIDE', 'SENT'),
  standing('HERE', 'ASKED_BY_OTHER_ACCOUNT'),
  standing('HERE', 'STEPPED_ASIDE'),
] as const;

export type Planned = Standing & { readonly username: string };

/** Each role in each standing, and nobody in two. */
export const planned: readonly Planned[] = roles.flatMap((role: Role) =>
  [...standings, ...deploymentStandings].map(({ reach, ties }) => ({
    role,
    reach,
    ties,
    username: ['m', role, reach, ...ties].join('.').toLowerCase().replaceAll('_', '-'),
  })),
);

const deploymentTies: readonly Tie[] = ['SENT', 'ASKED_BY_OTHER_ACCOUNT', 'STEPPED_ASIDE'];

/** Whether what they are matters to a request for police. */
export const isForDeployments = ({ ties }: Standing): boolean =>
  ties.every((tie) => deploymentTies.includes(tie));

export const isForCases = ({ ties }: Standing): boolean => !ties.some((tie) => deploymentTies.includes(tie));
