import type { NoteError } from './note.js';
import { parseVerifierKey, type VerifierKey } from './note.js';

/** A witness of a policy; the URL says where the sealer reaches it. */
export interface PolicyWitness {
  readonly name: string;
  readonly key: VerifierKey;
  readonly url: string | undefined;
}

interface Group {
  readonly threshold: number;
  readonly members: readonly string[];
}

/**
 * Whom to believe (C2SP tlog-policy), with one kind of line more: `writer <vkey>` names the key of an application
 * that signs events. Its SHA-256 is what an auditor compares out of band.
 */
export interface Policy {
  readonly logs: readonly VerifierKey[];
  readonly witnesses: readonly PolicyWitness[];
  readonly writers: readonly VerifierKey[];
  readonly groups: ReadonlyMap<string, Group>;
  /** A witness, a group, or `none`. */
  readonly quorum: string;
}

export class PolicyError extends Error {}

/** @throws PolicyError that names the line and what is wrong with it */
export function parsePolicy(text: string): Policy {
  const logs: VerifierKey[] = [];
  const witnesses: PolicyWitness[] = [];
  const writers: VerifierKey[] = [];
  const groups = new Map<string, Group>();
  const names = new Set<string>();
  const members = new Set<string>();
  let quorum: string | undefined;

  const refuse = (no: number, why: string): never => {
    throw new PolicyError(`policy, line ${no}: ${why}`);
  };
  const keyOf = (no: number, vkey: string, type: 1 | 4, known: readonly VerifierKey[]): VerifierKey => {
    let key: VerifierKey;
    try {
      key = parseVerifierKey(vkey);
    } catch (error) {
      return refuse(no, (error as NoteError).message);
    }
    if (key.type !== type) refuse(no, 'the key is of the wrong kind for this line');
    if (known.some((other) => other.key.equals(key.key))) refuse(no, 'the key stands twice');
    return key;
  };
  const define = (no: number, name: string): void => {
    if (name === 'none' || names.has(name)) refuse(no, `the name ${name} is taken`);
    names.add(name);
  };

  text.split('\n').forEach((line, i) => {
    const no = i + 1;
    const [word, ...rest] = line.split(/[ \t]+/).filter((item) => item !== '');
    if (word === undefined || word.startsWith('#')) return;
    if (word === 'log' && (rest.length === 1 || rest.length === 2)) {
      logs.push(keyOf(no, rest[0]!, 1, logs));
    } else if (word === 'writer' && rest.length === 1) {
      writers.push(keyOf(no, rest[0]!, 1, writers));
    } else if (word === 'witness' && (rest.length === 2 || rest.length === 3)) {
      define(no, rest[0]!);
      const known = witnesses.map(({ key }) => key);
      witnesses.push({ name: rest[0]!, key: keyOf(no, rest[1]!, 4, known), url: rest[2] });
    } else if (word === 'group' && rest.length >= 3) {
      const [name, count, ...of] = rest as [string, string, ...string[]];
      const threshold = count === 'any' ? 1 : count === 'all' ? of.length : Number(count);
      if (!/^(any|all|[1-9][0-9]{0,3})$/.test(count) || threshold > of.length) {
        refuse(no, `a group wants "any", "all" or a number up to ${of.length}`);
      }
      for (const member of of) {
        if (!names.has(member)) refuse(no, `${member} is not defined before this line`);
        if (members.has(member)) refuse(no, `${member} is in a group already`);
        members.add(member);
      }
      define(no, name);
      groups.set(name, { threshold, members: of });
    } else if (word === 'quorum' && rest.length === 1) {
      if (quorum !== undefined) refuse(no, 'there is a quorum already');
      if (rest[0] !== 'none' && !names.has(rest[0]!))
        refuse(no, `${rest[0]} is not defined before this line`);
      quorum = rest[0]!;
    } else {
      refuse(no, `"${word}" is no line of a policy, or has too few or too many words`);
    }
  });
  if (quorum === undefined) throw new PolicyError('policy: there is no quorum line');
  return { logs, witnesses, writers, groups, quorum };
}

/** Whether these witnesses, by their names in the policy, are enough. */
export function quorumMet({ groups, quorum }: Policy, seen: ReadonlySet<string>): boolean {
  const met = (name: string): boolean => {
    const group = groups.get(name);
    return group ? group.members.filter(met).length >= group.threshold : seen.has(name);
  };
  return quorum === 'none' || met(quorum);
}
