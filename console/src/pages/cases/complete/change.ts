import type { components } from '../../../api/client.ts';
import { factsType } from '../../../i18n/facts/description.ts';
import { bodyOf } from '../../../ui/intake/body.ts';
import type { AllegationDraft, Draft } from '../../../ui/intake/draft.ts';
import { isBlank } from '../../../ui/intake/facts.ts';
import { within, type Path } from '../../../ui/intake/paths.ts';
import type { Words } from '../../../ui/intake/words.ts';
import type { CaseFile } from '../case-file.ts';
import { withTheRest } from './stored.ts';

export type Body = components['schemas']['UpdateAllegationDto'];
type Values = Readonly<Record<string, unknown>>;

/** Where the fields of the intake's form find the allegation: it is the only one of its draft. */
export const PLACE = 'allegations.0';

/** The intake's draft around one allegation; of the rest nothing is asked, and nothing sent. */
export const around = (allegation: AllegationDraft): Draft => ({
  key: '',
  channel: null,
  receivedAt: { day: '', time: '' },
  receivingOrganId: null,
  statement: '',
  reporter: { kind: null, name: '', contact: '', officerId: null },
  allegations: [allegation],
  saved: [],
});

const members = ['occurredFrom', 'occurredTo', 'place', 'organId', 'subjects', 'affectedPersons'] as const;

const differs = (before: unknown, now: unknown): boolean =>
  !(isBlank(before) && isBlank(now)) && JSON.stringify(before) !== JSON.stringify(now);

/** What somebody changed: members of the allegation, and single facts. */
interface Changed {
  readonly members: readonly (typeof members)[number][];
  readonly facts: readonly string[];
}

function changedIn(before: AllegationDraft, now: AllegationDraft): Changed {
  const facts = [...new Set([...Object.keys(before.facts), ...Object.keys(now.facts)])];
  return {
    members: members.filter((name) => differs(before[name], now[name])),
    facts: facts.filter((name) => differs(before.facts[name], now.facts[name])),
  };
}

interface Change {
  /** Undefined: nothing is changed. */
  readonly body: Omit<Body, 'reason'> | undefined;
  /** What is wrong with what was changed, by place: what was recorded before is not asked again. */
  readonly mistakes: Readonly<Record<Path, string>>;
}

/**
 * What is sent: only what was changed, so that the trail says no more, and what others changed meanwhile stays.
 * @param stored the allegation as it is now
 */
export function changeOf(
  before: AllegationDraft,
  now: AllegationDraft,
  stored: CaseFile['allegations'][number],
  words: Words,
): Change {
  const changed = changedIn(before, now);
  if (changed.members.length === 0 && changed.facts.length === 0) return { body: undefined, mistakes: {} };
  const { body, mistakes } = bodyOf(around(now), words);
  const sent = body.allegations[0] as unknown as Values;
  const values: Record<string, unknown> = {};
  // Left out, a member stays as it is; emptied, it is null.
  for (const name of changed.members) values[name] = sent[name] ?? null;
  if (changed.facts.length > 0)
    values['facts'] = factsWith(changed.facts, now, sent['facts'] as Values, stored);
  return { body: values, mistakes: only(mistakes, changed) };
}

/** The facts as they are now, with those that were changed. */
function factsWith(
  names: readonly string[],
  now: AllegationDraft,
  sent: Values,
  { category, facts }: CaseFile['allegations'][number],
): Values {
  const mine = withTheRest(factsType(category), now.facts, sent);
  const all: Record<string, unknown> = { ...facts };
  for (const name of names) {
    if (mine[name] === undefined) delete all[name];
    else all[name] = mine[name];
  }
  return all;
}

function only(mistakes: Readonly<Record<Path, string>>, { members, facts }: Changed): Record<Path, string> {
  // A beginning is asked for where an end is given.
  const times = members.some((name) => name === 'occurredFrom' || name === 'occurredTo');
  const places = [
    ...members,
    ...(times ? ['occurredFrom', 'occurredTo'] : []),
    ...facts.map((name) => `facts.${name}`),
  ].map((name) => `${PLACE}.${name}`);
  return Object.fromEntries(
    Object.entries(mistakes).filter(([path]) => places.some((place) => within(path, place))),
  );
}
