import { setImmediate } from 'node:timers/promises';
import type { CaseHistory, HistoryEntryView } from '../casefiles/dto/case-file.view.js';
import { legalDay } from '../common/clock.js';
import type { Words } from '../common/words.js';
import { decidedStatuses, finalStatuses } from '../intake/case.states.js';
import { categoryTitles } from '../intake/categories.js';
import { allegations, sanctions } from './case-pdf-findings.js';
import { grid, heading, Report, say, style, table, withheld, type Entry } from './case-pdf-parts.js';
import { measure, page, palette, Sheet, type Paragraph } from './pdf-sheet.js';
import {
  isRedacted,
  isVoid,
  localTime,
  missingValues,
  textParagraphs,
  timeText,
  type Part,
} from './readable.js';
import { both, channelWords, labelOf, statusWords, wordsOf } from './words.js';

const PRODUCT = 'Plumbline';
const TITLE = 'Case history 案件全程记录';

/**
 * The history of one case as a document for people: PDF/A-2b, in pieces as the pages become ready. Nothing is drawn
 * ahead of the reader, so that a long history needs no more memory than a short one.
 */
export async function* casePdf(history: CaseHistory): AsyncGenerator<Buffer> {
  const report = new Report(sheetOf(history), history);
  for (const parts = sections(report); !parts.next().done;) {
    const ready = report.sheet.ready();
    if (ready) yield ready;
    await setImmediate();
  }
  report.sheet.end();
  for (let ready = report.sheet.ready(); ready; ready = report.sheet.ready()) yield ready;
}

const sheetOf = ({ file, exportedAt, exportedBy, purpose }: CaseHistory): Sheet =>
  new Sheet(
    {
      Title: `Case history ${file.reference}`,
      Author: exportedBy,
      Subject: purpose,
      Creator: PRODUCT,
      Producer: PRODUCT,
      CreationDate: new Date(exportedAt),
      ModDate: new Date(exportedAt),
    },
    {
      title: `${PRODUCT}  ·  ${TITLE}`,
      reference: file.reference,
      footer: `exported ${timeText(exportedAt)} by ${exportedBy}`,
    },
  );

function* sections(report: Report): Generator<void> {
  masthead(report);
  theCase(report);
  reporter(report);
  yield;
  statement(report);
  yield;
  people(report);
  yield* allegations(report);
  yield* sanctions(report);
  yield* procedure(report);
  yield* timeline(report);
  closingNote(report);
}

/** The band at the top of page one: what this is, of which case, in which state, and who took it for what. */
function masthead({ sheet, history }: Report): void {
  const { file, exportedAt, exportedBy, purpose } = history;
  const height = 128;
  sheet.fill(0, 0, page.width, height, palette.accent);
  sheet.put(`${PRODUCT.toUpperCase()}   ·   ${TITLE}`, style.onBandQuiet, page.left, 26);
  sheet.put(file.reference, style.onBandTitle, page.left, 40);
  sheet.put(both(statusWords[file.status]), style.onBandState, page.left, 80);
  const organ = sheet.lines({ paragraphs: [say(file.organ, style.onBandQuiet)], width: measure });
  sheet.stack(organ.slice(0, 1), page.left, 101);
  sheet.y = height + 8;
  const columns = [
    ['Exported', timeText(exportedAt), 138],
    ['Exported by', exportedBy, 112],
    ['Purpose', purpose, measure - 250 - 12],
  ] as const;
  let x = page.left;
  sheet.row(
    columns.map(([label, text, width]) => {
      const cell = { x, width: width - 12, paragraphs: [say(label, style.label), ...lines(text)] };
      x += width;
      return cell;
    }),
    { padding: 4 },
  );
  if (file.redacted.length > 0) {
    const hidden = file.redacted.map((field) => labelOf(field).toLowerCase()).join(', ');
    sheet.text(
      [say(`Withheld from this export, because whoever took it may not see it: ${hidden}.`, style.withheld)],
      {
        padding: 4,
      },
    );
  }
  sheet.rule(sheet.y + 4);
  sheet.y += 6;
}

const lines = (text: string) => textParagraphs(text).map((line) => say(line, style.body));

function theCase(report: Report): void {
  const { file, exportedAt } = report.history;
  const open = ![...decidedStatuses, 'SERVED', ...finalStatuses].some((status) => status === file.status);
  const late = open && file.decisionDueOn !== null && file.decisionDueOn < legalDay(new Date(exportedAt));
  heading(report, 'Case', '案件');
  grid(report, [
    ['State', both(statusWords[file.status])],
    ['Categories', file.categories.map((category) => both(categoryTitles[category])).join('\n')],
    ['Channel', both(channelWords[file.channel])],
    ['Received', timeText(file.receivedAt)],
    ['Registered', timeText(file.registeredAt)],
    ['Handling organ', file.organ],
    ...(file.receivingOrganId === file.organId
      ? []
      : ([['Received by organ', report.readable.text(file.receivingOrganId)]] satisfies Entry[])),
    ['Filed on', file.filedOn],
    [
      'Decision due on',
      file.decisionDueOn && `${file.decisionDueOn}${late ? '  (past due when exported)' : ''}`,
    ],
    ['Decided on', file.decidedOn],
    ...(file.masterCaseId ? ([['Merged into case', file.masterCaseId]] satisfies Entry[]) : []),
    ['Judged by rulebook', file.rulebookVersion],
  ]);
}

function reporter(report: Report): void {
  const { kind, name, contact } = report.history.file.reporter;
  heading(report, 'Reporter', '反映人');
  const shown = (value: typeof name) =>
    kind === 'ANONYMOUS'
      ? 'None: reported anonymously'
      : isRedacted(value)
        ? withheld(value.$redacted)
        : value;
  grid(report, [
    ['Kind', wordsOf(kind)],
    ['Name', shown(name)],
    ['Contact', shown(contact)],
  ]);
}

function statement(report: Report): void {
  const { sheet, history } = report;
  heading(report, 'Statement as received', '原始反映内容');
  if (history.file.statement === null) {
    sheet.text([say(withheld('statement').text, style.withheld)]);
    return;
  }
  sheet.row([{ x: page.left + 10, width: measure - 20, paragraphs: lines(history.file.statement) }], {
    tint: true,
    padding: 8,
  });
}

function people(report: Report): void {
  const { file } = report.history;
  heading(report, 'People', '人员');
  const columns = [
    ['Person', 176],
    ['As', 128],
    ['In', 74],
    ['Remarks', measure - 378],
  ] as const;
  const subjects = file.allegations.flatMap(({ no, subjects }) =>
    subjects.map((subject) => [
      subject.officer ?? subject.description ?? 'Unknown',
      `Subject 被反映人: ${wordsOf(subject.role).toLowerCase()}`,
      `Allegation ${no}`,
      [
        subject.officer && subject.description ? `First described as: ${subject.description}` : '',
        subject.identifiedAt ? `Identified ${timeText(subject.identifiedAt)}` : '',
        subject.officer ? '' : 'Not identified',
      ],
    ]),
  );
  const affected = file.allegations.flatMap(({ no, affectedPersons }) =>
    affectedPersons.map(({ name, organisation, vulnerabilities, injuryLevel, loss }) => [
      [name, organisation].filter(Boolean).join(', ') || 'Unknown',
      'Affected person 受害人',
      `Allegation ${no}`,
      [
        vulnerabilities.length > 0
          ? `Vulnerable: ${vulnerabilities.map(wordsOf).join(', ').toLowerCase()}`
          : '',
        injuryLevel === 'NONE' ? '' : `Injury: ${wordsOf(injuryLevel).toLowerCase()}`,
        loss ? `Loss: ${report.readable.text(loss)}` : '',
      ],
    ]),
  );
  const investigators = file.investigators.map(
    ({ name, isLead, assignedAt, withdrawnAt, withdrawnReason }) => [
      name,
      isLead ? 'Lead investigator 主办人' : 'Investigator 承办人',
      'The case',
      [
        `From ${localTime(assignedAt).day}`,
        withdrawnAt ? `until ${localTime(withdrawnAt).day}: ${withdrawnReason ?? ''}` : '',
      ],
    ],
  );
  const hidden = ['allegations', 'people'].filter((field) => file.redacted.includes(field));
  if (hidden.length > 0) {
    report.sheet.text([say(`Withheld: ${hidden.join(', ')}`, style.withheld)]);
    if (hidden.length > 1) return;
  }
  const rows = [...subjects, ...affected, ...investigators].map((cells) =>
    cells.map((cell) => (Array.isArray(cell) ? cell.filter(Boolean).join('; ') : cell)),
  );
  table(report, columns, rows);
}

function* procedure(report: Report): Generator<void> {
  const { deeds } = report.history.file;
  const hidden = report.history.file.redacted.includes('procedure');
  if (deeds.length === 0 && !hidden) return;
  heading(report, 'Procedure', '办案程序');
  if (hidden) {
    report.sheet.text([say('Withheld: procedure', style.withheld)]);
    return;
  }
  const columns = [
    ['Day', 66],
    ['Step', 140],
    ['By', 112],
    ['Reason', measure - 318],
  ] as const;
  const rows = deeds.map((deed) => [
    localTime(deed.doneAt).day,
    `${wordsOf(deed.deed)}\n${stateText({ from: deed.from, to: deed.to })}`,
    deed.doneByName,
    [deed.reason, ...report.detail(deed.details)].join('\n'),
  ]);
  table(report, columns, rows);
  yield;
}

/** Every event, in the order of the trail. */
function* timeline(report: Report): Generator<void> {
  const { events } = report.history;
  heading(report, 'Timeline', '时间线', 155);
  report.sheet.text(
    [
      say(
        `Every entry of the case's audit trail, ${events.length} in all, the oldest first. Times of the legal time zone.`,
        style.quiet,
      ),
    ],
    { keep: 60 },
  );
  report.sheet.y += 4;
  for (const event of events) {
    timelineRow(report, event);
    yield;
  }
}

function timelineRow(report: Report, entry: HistoryEntryView): void {
  const { seq, at, type, words, actor, values, proof } = entry;
  const { sheet, readable, history } = report;
  const { day, time, offset } = localTime(at);
  const shown = (name: string, value: unknown): Part[][] => {
    if (name === 'status' && type.startsWith('case.')) return [[{ text: stateText(value) }]];
    if (name === 'statement' && value === history.file.statement) return [[{ text: 'As printed above' }]];
    return readable.paragraphs(value);
  };
  const role = wordsOf(actor.role).toLowerCase();
  sheet.row(
    [
      {
        x: page.left,
        width: 92,
        paragraphs: [
          say(day, style.strong),
          say(`${time} ${offset}`, style.small),
          say(`Entry ${seq}`, style.small),
        ],
      },
      {
        x: page.left + 100,
        width: measure - 100 - 92,
        paragraphs: [
          say(words, style.strong),
          say(`${actor.name ?? actor.uid}, ${role}`, style.quiet),
          ...values
            .filter(({ value }) => !isVoid(value))
            .flatMap(({ name, value }) => labelled(labelOf(name), shown(name, value))),
          ...missingValues(entry).map((text) => say(text, style.quiet)),
        ],
      },
      {
        x: page.right - 80,
        width: 80,
        paragraphs: [say('Leaf', style.small), say(proof.leaf.slice(0, 16), style.small)],
      },
    ],
    { rule: true, padding: 5 },
  );
}

/** A state, or the change of one, in the words of the state. */
function stateText(value: unknown): string {
  const words = (code: unknown): string =>
    (statusWords as Record<string, Words>)[String(code)]?.en ?? String(code);
  const { from, to } = (typeof value === 'object' && value !== null ? value : { to: value }) as {
    from?: unknown;
    to: unknown;
  };
  return from === undefined || from === to ? words(to) : `${words(from)} → ${words(to)}`;
}

const labelled = (label: string, paragraphs: readonly Part[][]): Paragraph[] =>
  paragraphs.map((parts, i) => [
    ...(i === 0 ? say(`${label}  `, style.valueLabel) : []),
    ...parts.flatMap((part) => say(part.text, part.label ? style.valueLabel : style.value)),
  ]);

function closingNote(report: Report): void {
  const { sheet, history } = report;
  const { file, exportedBy, exportedAt, events } = history;
  const head = events.at(-1);
  heading(report, 'What this document is', '说明', 110);
  sheet.text(
    [
      `A copy of the records of case ${file.reference} as they stood on ${timeText(exportedAt)}, as far as ${exportedBy} may see them. What was withheld is marked as withheld; an empty field is shown as a dash.`,
      'It is not evidence by itself: anybody can print a page. The evidence is the audit trail, in which each entry holds the hash of the one before. With the entries in the JSON export of this case, or a bundle of the trail, and a checkpoint that witnesses have signed, the verifier shows without access to this system whether any entry was changed, removed or added. The leaf beside each entry of the timeline is the beginning of its hash there.',
      ...(head ? [`The last entry printed here is number ${head.seq}, leaf ${head.proof.leaf}.`] : []),
      '本文件系案件记录的复制件，记载导出时导出人有权查阅的内容，本身不构成证据；以可独立校验的审计记录为准。',
    ].map((text) => say(text, style.body)),
    { padding: 2 },
  );
}
