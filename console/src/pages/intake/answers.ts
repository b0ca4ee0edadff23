import { useCommonWords } from '../../i18n/common.ts';
import { useCodes } from '../../i18n/codes.ts';
import { factsType, fieldsOf, type FactField } from '../../i18n/facts/description.ts';
import { useFactWords } from '../../i18n/facts/words.ts';
import { formatDay, formatTime } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/language.ts';
import { isBlankMoment, parseDay, parseMoment } from '../../ui/intake/checks.ts';
import type {
  AllegationDraft,
  ChosenOfficer,
  Draft,
  FactValues,
  Moment,
  PersonDraft,
  SubjectDraft,
} from '../../ui/intake/draft.ts';
import { isBlank } from '../../ui/intake/facts.ts';
import { isAskedWithFacts, type Step } from './steps.ts';
import { useWords } from '../../ui/intake/words.ts';

export type Answer = readonly [label: string, text: string];

/** What was answered in a step, in words, with nothing for what was left open. */
export function useAnswers(draft: Draft, organName: (id: string) => string): (step: Step) => Answer[] {
  const words = useWords();
  const common = useCommonWords();
  const codes = useCodes();
  const facts = useFactWords();
  const language = useLanguage();
  const moment = (typed: Moment): string => {
    if (isBlankMoment(typed)) return '';
    const parsed = parseMoment(typed, words);
    return 'at' in parsed ? formatTime(parsed.at, language) : `${typed.day} ${typed.time}`;
  };
  const money = ({ amount, currency }: { amount: string; currency: string }): string =>
    amount.trim() === '' ? '' : `${amount} ${currency}`;
  const joined = (answers: readonly Answer[]): string =>
    answers.map(([label, text]) => words.answer(label, text)).join('; ');
  const textOf = (type: string, field: FactField, typed: unknown): string => {
    if (isBlank(typed)) return '';
    switch (field.kind) {
      case 'boolean':
        return typed === 'yes' ? common.yes : common.no;
      case 'choice':
        return facts.code(type, field.name, typed as string);
      case 'choices':
        return (typed as string[]).map((code) => facts.code(type, field.name, code)).join(', ');
      case 'day':
        return formatDay(parseDay(typed as string) ?? (typed as string), language);
      case 'instant':
        return moment(typed as Moment);
      case 'money':
        return money(typed as { amount: string; currency: string });
      case 'officer':
        return (typed as ChosenOfficer).label;
      case 'group':
        return joined(factAnswers(field.of ?? '', typed as FactValues));
      case 'list':
        return (typed as FactValues[])
          .map((entry, i) => `${i + 1}. ${joined(factAnswers(field.of ?? '', entry))}`)
          .join('\n');
      case 'text':
      case 'long':
      case 'code':
      case 'integer':
        return typed as string;
    }
  };
  const factAnswers = (type: string, values: FactValues, only = (_name: string): boolean => true): Answer[] =>
    fieldsOf(type)
      .filter(({ name }) => only(name) && !isBlank(values[name]))
      .map((field) => [facts.name(type, field.name), textOf(type, field, values[field.name])]);
  const factsIn = (
    { category, facts: values }: AllegationDraft,
    only: (name: string) => boolean,
  ): Answer[] => (category === null ? [] : factAnswers(factsType(category), values, only));

  const subject = ({ officerId, description, role }: SubjectDraft): string =>
    [officerId?.label, description, words.steps.officers.roles[role as 'PRINCIPAL']]
      .filter((part) => !isBlank(part))
      .join(' · ');
  const person = ({ name, organisation, vulnerabilities, injuryLevel, loss }: PersonDraft): string =>
    [
      name,
      organisation,
      ...vulnerabilities.map((kind) => words.steps.people.kinds[kind as 'MINOR']),
      injuryLevel === null ? '' : words.steps.people.injuries[injuryLevel as 'NONE'],
      money(loss),
    ]
      .filter((part) => !isBlank(part))
      .join(' · ');

  const { arrival, statement, reporter, category, occurrence, officers, people } = words.steps;
  return (step) => {
    const one = draft.allegations[step.allegation ?? 0] ?? draft.allegations[0]!;
    switch (step.name) {
      case 'arrival':
        return [
          [arrival.channel, draft.channel === null ? '' : codes.channel[draft.channel]],
          [arrival.receivedAt, moment(draft.receivedAt)],
          [arrival.organ, draft.receivingOrganId === null ? '' : organName(draft.receivingOrganId)],
        ];
      case 'statement':
        return [[statement.statement, draft.statement]];
      case 'reporter': {
        const { kind, name, contact, officerId } = draft.reporter;
        const who: Answer[] =
          kind === 'ANONYMOUS' || kind === null
            ? []
            : [
                [reporter.name, name],
                [reporter.contact, contact],
                [reporter.officer, officerId?.label ?? ''],
              ];
        return [[reporter.kind, kind === null ? '' : codes.reporterKind[kind]], ...who];
      }
      case 'category':
        return [[category.category, one.category === null ? '' : codes.category[one.category]]];
      case 'occurrence':
        return [
          [occurrence.from, moment(one.occurredFrom)],
          [occurrence.to, moment(one.occurredTo)],
          [occurrence.place, one.place],
          [occurrence.organ, one.organId === null ? '' : organName(one.organId)],
        ];
      case 'officers':
        return one.subjects.map((entry, i) => [words.entry(officers.officer, i + 1), subject(entry)]);
      case 'people':
        return one.affectedPersons.map((entry, i) => [words.entry(people.person, i + 1), person(entry)]);
      case 'severity':
        return factsIn(one, (name) => !isAskedWithFacts(name));
      case 'facts':
        return factsIn(one, isAskedWithFacts);
    }
  };
}
