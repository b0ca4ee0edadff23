import type { components } from '../../api/client.ts';
import { factsType } from '../../i18n/facts/description.ts';
import { isBlankMoment, isFuture } from './checks.ts';
import type { AllegationDraft, Draft, PersonDraft, SubjectDraft } from './draft.ts';
import { factsToSend, isBlank, moneyToSend, momentToSend, textToSend, type Report } from './facts.ts';
import type { Path } from './paths.ts';
import type { Words } from './words.ts';

type Body = components['schemas']['CreateCaseDto'];

export const MAX_STATEMENT = 100_000;

/** What is sent of a draft, and what of it is wrong or missing, by place and in words. */
export function bodyOf(draft: Draft, words: Words): { body: Body; mistakes: Readonly<Record<Path, string>> } {
  const report: Report = { words, mistakes: {} };
  const demand = (path: Path, value: unknown, mistake: string): void => {
    if (isBlank(value)) report.mistakes[path] ??= mistake;
  };
  const { missing } = words.mistakes;
  demand('channel', draft.channel, missing.channel);
  demand('receivedAt', draft.receivedAt, missing.receivedAt);
  demand('receivingOrganId', draft.receivingOrganId, missing.organ);
  demand('statement', draft.statement, missing.statement);
  demand('reporter.kind', draft.reporter.kind, missing.reporterKind);
  const receivedAt = momentToSend(draft.receivedAt, 'receivedAt', report);
  if (receivedAt !== undefined && isFuture(receivedAt)) {
    report.mistakes['receivedAt'] = words.mistakes.future;
  }
  const body = {
    channel: draft.channel,
    receivedAt,
    receivingOrganId: draft.receivingOrganId,
    statement: textToSend(draft.statement, MAX_STATEMENT, 'statement', report),
    reporter: reporterOf(draft, report),
    allegations: draft.allegations.map((one, i) => allegationOf(one, `allegations.${i}`, report)),
  };
  // Sent only when nothing is missing.
  return { body: body as unknown as Body, mistakes: report.mistakes };
}

function reporterOf({ reporter }: Draft, report: Report): object {
  // What was typed before the choice fell on "anonymous" is kept in the draft, and not sent.
  if (reporter.kind === 'ANONYMOUS' || reporter.kind === null) return { kind: reporter.kind };
  if (isBlank(reporter.name)) report.mistakes['reporter.name'] = report.words.mistakes.missing.reporterName;
  return {
    kind: reporter.kind,
    name: textToSend(reporter.name, 200, 'reporter.name', report),
    contact: textToSend(reporter.contact, 500, 'reporter.contact', report),
    officerId: reporter.officerId?.id,
  };
}

function allegationOf(draft: AllegationDraft, path: Path, report: Report): object {
  const { mistakes, words } = report;
  if (draft.category === null) mistakes[`${path}.category`] = words.mistakes.missing.category;
  const occurredFrom = momentToSend(draft.occurredFrom, `${path}.occurredFrom`, report);
  const occurredTo = momentToSend(draft.occurredTo, `${path}.occurredTo`, report);
  if (occurredFrom !== undefined && occurredTo !== undefined && occurredTo < occurredFrom) {
    mistakes[`${path}.occurredTo`] = words.mistakes.endsBefore;
  }
  for (const [field, moment] of Object.entries({ occurredFrom, occurredTo })) {
    if (moment !== undefined && isFuture(moment)) mistakes[`${path}.${field}`] = words.mistakes.future;
  }
  if (isBlankMoment(draft.occurredFrom) && !isBlankMoment(draft.occurredTo)) {
    mistakes[`${path}.occurredFrom`] = words.mistakes.beginMissing;
  }
  return {
    category: draft.category,
    occurredFrom,
    occurredTo,
    place: textToSend(draft.place, 500, `${path}.place`, report),
    organId: draft.organId ?? undefined,
    subjects: draft.subjects.map((one, i) => subjectOf(one, `${path}.subjects.${i}`, report)),
    affectedPersons: draft.affectedPersons.map((one, i) =>
      personOf(one, `${path}.affectedPersons.${i}`, report),
    ),
    facts:
      draft.category === null
        ? undefined
        : factsToSend(factsType(draft.category), draft.facts, `${path}.facts`, report),
  };
}

function subjectOf(draft: SubjectDraft, path: Path, report: Report): object {
  if (!draft.officerId && isBlank(draft.description)) {
    report.mistakes[`${path}.officerId`] = report.words.mistakes.missing.subject;
  }
  return {
    officerId: draft.officerId?.id,
    description: textToSend(draft.description, 1000, `${path}.description`, report),
    role: draft.role,
  };
}

function personOf(draft: PersonDraft, path: Path, report: Report): object {
  if (isBlank(draft.name) && isBlank(draft.organisation)) {
    report.mistakes[`${path}.name`] = report.words.mistakes.missing.person;
  }
  return {
    name: textToSend(draft.name, 200, `${path}.name`, report),
    organisation: textToSend(draft.organisation, 200, `${path}.organisation`, report),
    injuryLevel: draft.injuryLevel ?? undefined,
    vulnerabilities: draft.vulnerabilities.length > 0 ? draft.vulnerabilities : undefined,
    loss: isBlank(draft.loss) ? undefined : moneyToSend(draft.loss, `${path}.loss`, report),
  };
}
