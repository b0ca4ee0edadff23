import { getMetadataStorage } from 'class-validator';
import type { AllegationView, FindingView, SanctionSummaryView } from '../casefiles/dto/case-file.view.js';
import { categoryTitles, type AllegationCategory } from '../intake/categories.js';
import { factsClasses } from '../intake/facts.js';
import type { FindingStage } from '../investigations/finding.entity.js';
import { grid, heading, say, spansOf, style, type Report } from './case-pdf-parts.js';
import { findingInForce } from './in-force.js';
import { measure, page, type Paragraph } from './pdf-sheet.js';
import { localTime, textParagraphs, timeText } from './readable.js';
import { both, labelOf, outcomeWords, sanctionWords, trackWords, wordsOf } from './words.js';

const LABEL_WIDTH = 146;

/** Each allegation with its facts, and what was recommended beside what was decided. */
export function* allegations(report: Report): Generator<void> {
  heading(report, 'Allegations', '线索与认定');
  if (report.history.file.redacted.includes('allegations')) {
    report.sheet.text([say('Withheld: allegations', style.withheld)]);
    return;
  }
  let first = true;
  for (const allegation of report.history.file.allegations) {
    if (!first) report.sheet.y += 12;
    first = false;
    title(report, `Allegation ${allegation.no}:  ${both(categoryTitles[allegation.category])}`);
    circumstances(report, allegation);
    facts(report, allegation);
    yield;
    findings(report, allegation);
    yield;
  }
}

function title({ sheet }: Report, text: string): void {
  sheet.text([say(text, style.heading)], { padding: 3, keep: 56 });
}

function circumstances(report: Report, allegation: AllegationView): void {
  const { place, organ, subjects, sourceWords } = allegation;
  grid(report, [
    ['Occurred', occurred(allegation)],
    ['Place', place],
    ['Organ concerned', organ],
    [
      'Subjects',
      subjects
        .map((one) => `${one.officer ?? one.description ?? 'unknown'} (${wordsOf(one.role).toLowerCase()})`)
        .join('; '),
    ],
    ...(sourceWords
      ? ([['In the words of the source', report.detail(sourceWords).join('\n')]] as const)
      : []),
  ]);
}

function occurred({ occurredFrom, occurredTo, occurredPrecision }: AllegationView): string | null {
  if (!occurredFrom) return null;
  const shown = (instant: string): string => {
    if (occurredPrecision === 'INSTANT') return timeText(instant);
    return localTime(instant).day.slice(0, occurredPrecision === 'DAY' ? 10 : 7);
  };
  return occurredTo ? `${shown(occurredFrom)}\nto ${shown(occurredTo)}` : shown(occurredFrom);
}

/** The facts in the order in which their class declares them; the database keeps none. */
function inOrder(category: AllegationCategory, facts: object): [name: string, fact: unknown][] {
  const declared = getMetadataStorage().getTargetValidationMetadatas(
    factsClasses[category],
    '',
    false,
    false,
  );
  const order = declared.map(({ propertyName }) => propertyName);
  const place = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return Object.entries(facts).sort(([a], [b]) => place(a) - place(b));
}

function facts({ sheet, readable }: Report, { category, facts, computed, missing }: AllegationView): void {
  const row = (label: string, paragraphs: readonly Paragraph[], tint = false): void =>
    sheet.row(
      [
        {
          x: page.left + 6,
          width: LABEL_WIDTH - 12,
          paragraphs: [say(label, style.fact), ...(tint ? [say('computed', style.small)] : [])],
        },
        { x: page.left + LABEL_WIDTH, width: measure - LABEL_WIDTH - 6, paragraphs },
      ],
      { rule: true, tint, padding: 3 },
    );
  const value = (fact: unknown): Paragraph[] =>
    readable.paragraphs(fact).map((parts) => spansOf(parts, style.valueLabel, style.body));
  sheet.text([say('Facts', style.label)], { before: 4, padding: 2, keep: 30 });
  for (const [name, fact] of inOrder(category, facts)) row(labelOf(name), value(fact));
  for (const [name, fact] of Object.entries(computed)) row(labelOf(name), value(fact), true);
  if (missing.length > 0)
    row('Demanded before the report and open', [say(missing.map(placeOf).join('; '), style.withheld)]);
}

/** `/payers/0/amount` as «Payers 1, amount». */
const placeOf = (pointer: string): string => {
  const [first = '', ...rest] = pointer.split('/').slice(1);
  return rest.reduce(
    (text, part) =>
      /^\d+$/.test(part) ? `${text} ${Number(part) + 1}` : `${text}, ${labelOf(part).toLowerCase()}`,
    labelOf(first),
  );
};

const stages: Readonly<Record<FindingStage, string>> = {
  RECOMMENDED: 'Recommended finding 调查认定',
  FINAL: 'Final finding 最终认定',
};

function findings(report: Report, allegation: AllegationView): void {
  const { sheet } = report;
  const width = measure / 2;
  const shown = (Object.keys(stages) as FindingStage[]).map((stage) => ({
    stage,
    finding: findingInForce(allegation, stage),
  }));
  const [recommended, final] = shown.map(({ finding }) => finding?.outcome);
  const differs = recommended !== undefined && final !== undefined && recommended !== final;
  sheet.row(
    shown.map(({ stage, finding }, column) => ({
      x: page.left + 6 + column * width,
      width: width - 22,
      paragraphs: [
        say(
          stage === 'FINAL' && differs ? `${stages[stage]} (differs from the recommendation)` : stages[stage],
          style.label,
        ),
        ...(finding ? findingText(finding) : [say('None yet', style.quiet)]),
      ],
    })),
    { before: 8, padding: 6, rule: true, tint: true },
  );
  const superseded = allegation.findings.filter(
    (finding) => !shown.some((one) => one.finding?.id === finding.id),
  );
  for (const finding of superseded) {
    sheet.text(
      [
        say(`Superseded: ${stages[finding.stage].toLowerCase()}, revision ${finding.revision}`, style.label),
        ...findingText(finding),
      ],
      { indent: 6, before: 4, padding: 3 },
    );
  }
}

function findingText({
  outcome,
  reason,
  mitigating,
  aggravating,
  recordedByName,
  recordedAt,
}: FindingView): Paragraph[] {
  const factors = (label: string, list: FindingView['mitigating']): Paragraph[] =>
    list.map(({ code, proof }) => [
      ...say(`${label}  `, style.valueLabel),
      ...say(`${wordsOf(code)}: ${proof}`, style.value),
    ]);
  return [
    say(both(outcomeWords[outcome]), style.strong),
    ...textParagraphs(reason).map((line) => say(line, style.body)),
    ...factors('Mitigating', mitigating),
    ...factors('Aggravating', aggravating),
    say(`${recordedByName}, ${timeText(recordedAt)}`, style.small),
  ];
}

export function* sanctions(report: Report): Generator<void> {
  const { file } = report.history;
  heading(report, 'Sanctions', '处分');
  if (file.redacted.includes('sanctions')) report.sheet.text([say('Withheld: sanctions', style.withheld)]);
  else if (file.sanctions.length === 0) report.sheet.text([say('None recorded.', style.quiet)]);
  for (const sanction of file.sanctions) {
    oneSanction(report, sanction);
    yield;
  }
}

function oneSanction(report: Report, sanction: SanctionSummaryView): void {
  const { rulebookVersion, allegations } = report.history.file;
  const kind = sanctionWords(sanction.kind, rulebookVersion);
  const numbers = allegations
    .filter(({ id }) => sanction.allegationIds.includes(id))
    .map(({ no }) => String(no));
  title(report, `${both(kind)}:  ${sanction.officer}`);
  grid(report, [
    ['Status', wordsOf(sanction.status)],
    ['Track', both(trackWords[sanction.track])],
    ['Period', kind.months === null ? 'None' : `${kind.months} months`],
    [
      'In effect',
      sanction.effectiveFrom && `${sanction.effectiveFrom}${sanction.endsOn ? ` to ${sanction.endsOn}` : ''}`,
    ],
    ['Served on', sanction.servedOn],
    ['For', numbers.length > 0 ? `Allegation ${numbers.join(', ')}` : null],
    ['Articles', sanction.basis.join('; ')],
    ['Reason', sanction.reason],
    ...(sanction.sourceWords
      ? ([['In the words of the source', report.detail(sanction.sourceWords).join('\n')]] as const)
      : []),
  ]);
  report.sheet.y += 6;
}
