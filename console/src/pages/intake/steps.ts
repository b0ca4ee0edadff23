import { isCommonFact } from '../../i18n/facts/description.ts';
import type { Draft } from '../../ui/intake/draft.ts';
import { within, type Path } from '../../ui/intake/paths.ts';
import type { Words } from '../../ui/intake/words.ts';

const ofReport = ['arrival', 'statement', 'reporter'] as const;
const ofAllegation = ['category', 'occurrence', 'officers', 'people', 'severity', 'facts'] as const;
export type StepName = (typeof ofReport)[number] | (typeof ofAllegation)[number];

/** A part of the registration, with its own form. */
export interface Step {
  /** Such as `arrival`, or `allegations.0.facts`. */
  readonly id: string;
  readonly name: StepName;
  /** Of which allegation, counted from 0. */
  readonly allegation: number | undefined;
  readonly to: string;
}

export type StepState = 'todo' | 'wrong' | 'done' | 'blocked';

export const stepsOf = (draft: Draft): Step[] => [
  ...ofReport.map((name) => ({ id: name, name, allegation: undefined, to: `/intake/${name}` })),
  ...draft.allegations.flatMap((_one, i) =>
    ofAllegation.map((name) => ({
      id: `allegations.${i}.${name}`,
      name,
      allegation: i,
      to: `/intake/allegations/${i + 1}/${name}`,
    })),
  ),
];

const severity = ['consequence', 'consequenceText'];

/** Whether the form of this step holds that place. */
export function owns({ name, allegation }: Step, path: Path): boolean {
  const at = (...parts: string[]): boolean =>
    parts.some((part) => within(path, allegation === undefined ? part : `allegations.${allegation}.${part}`));
  switch (name) {
    case 'arrival':
      return at('channel', 'receivedAt', 'receivingOrganId');
    case 'statement':
    case 'reporter':
    case 'category':
      return at(name);
    case 'occurrence':
      return at('occurredFrom', 'occurredTo', 'place', 'organId');
    case 'officers':
      return at('subjects');
    case 'people':
      return at('affectedPersons');
    case 'severity':
      return at(...severity.map((fact) => `facts.${fact}`));
    case 'facts':
      return at('facts') && !at(...severity.map((fact) => `facts.${fact}`));
  }
}

/** The facts that the step of facts asks for: the category's own, then those of every category. */
export const isAskedWithFacts = (name: string): boolean => !severity.includes(name);
export { isCommonFact };

export function stateOf(step: Step, draft: Draft, mistakes: Readonly<Record<Path, string>>): StepState {
  const allegation = step.allegation === undefined ? undefined : draft.allegations[step.allegation];
  const wantsCategory = step.name === 'facts' || step.name === 'severity';
  if (wantsCategory && !allegation?.category) return 'blocked';
  if (!draft.saved.includes(step.id)) return 'todo';
  return Object.keys(mistakes).some((path) => owns(step, path)) ? 'wrong' : 'done';
}

export const titleOf = ({ name }: Step, words: Words): string => words.steps[name].title;

/** The draft without one of its allegations; those behind it move up, with what was saved of them. */
export function withoutAllegation(draft: Draft, no: number): Draft {
  const saved = draft.saved.flatMap((id) => {
    const [, at, name] = /^allegations\.(\d+)\.(\w+)$/.exec(id) ?? [];
    if (at === undefined || name === undefined || Number(at) < no) return [id];
    return Number(at) === no ? [] : [`allegations.${Number(at) - 1}.${name}`];
  });
  return { ...draft, saved, allegations: draft.allegations.filter((_one, i) => i !== no) };
}
