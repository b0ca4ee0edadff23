import type { CaseHistory } from '../casefiles/dto/case-file.view.js';
import { measure, page, palette, type Paragraph, type Sheet } from './pdf-sheet.js';
import type { Span, TextStyle } from './pdf-text.js';
import { isVoid, Readable, textParagraphs, type Part } from './readable.js';
import { labelOf } from './words.js';

const { ink, quiet, accent, onAccent, quietOnAccent } = palette;

export const style = {
  onBandTitle: { size: 25, color: onAccent, bold: true },
  onBandState: { size: 12, color: onAccent, bold: true },
  onBandQuiet: { size: 9, color: quietOnAccent },
  section: { size: 13.5, color: accent, bold: true },
  heading: { size: 10.5, color: ink, bold: true },
  body: { size: 9.2, color: ink },
  fact: { size: 9.2, color: quiet },
  strong: { size: 9.2, color: ink, bold: true },
  quiet: { size: 8.4, color: quiet },
  label: { size: 7.8, color: quiet },
  value: { size: 8.4, color: ink },
  valueLabel: { size: 8.4, color: quiet },
  small: { size: 7.4, color: quiet },
  withheld: { size: 8.6, color: palette.withheld },
} as const satisfies Record<string, TextStyle>;

/** Stands where a value would be that the reader of the export may not see. */
export interface Withheld {
  readonly what: string;
  readonly text: string;
}

export const withheld = (what: string): Withheld => ({
  what,
  text: `Withheld: ${labelOf(what).toLowerCase()}`,
});

export type Entry = readonly [label: string, value: string | Withheld | null | undefined];

/** One document while it is written. */
export class Report {
  readonly readable: Readable;

  constructor(
    readonly sheet: Sheet,
    readonly history: CaseHistory,
  ) {
    this.readable = new Readable(namesIn(history));
  }

  /** The members of an object that hold something, each as one text. */
  detail(details: object): string[] {
    return Object.entries(details)
      .filter(([, value]) => !isVoid(value))
      .map(([name, value]) => `${labelOf(name)}: ${this.readable.text(value)}`);
  }
}

/** What the ids in the history stand for. */
function namesIn({ file, events }: CaseHistory): Map<string, string> {
  return new Map([
    [file.id, `case ${file.reference}`],
    [file.organId, file.organ],
    ...file.allegations.flatMap((allegation): [string, string][] => [
      [allegation.id, `allegation ${allegation.no}`],
      ...(allegation.organId && allegation.organ
        ? ([[allegation.organId, allegation.organ]] as [string, string][])
        : []),
      ...allegation.subjects.flatMap(({ officerId, officer }): [string, string][] =>
        officerId && officer ? [[officerId, officer]] : [],
      ),
      ...allegation.findings.map((finding): [string, string] => [finding.recordedBy, finding.recordedByName]),
    ]),
    ...file.sanctions.map(({ officerId, officer }): [string, string] => [officerId, officer]),
    ...file.deeds.map(({ doneBy, doneByName }): [string, string] => [doneBy, doneByName]),
    ...file.investigators.map(({ userId, name }): [string, string] => [userId, name]),
    ...events.flatMap(({ actor }): [string, string][] => (actor.name ? [[actor.uid, actor.name]] : [])),
  ]);
}

/** One paragraph in one style. */
export const say = (text: string, textStyle: TextStyle): Span[] => [{ text, style: textStyle }];

export const spansOf = (parts: readonly Part[], label: TextStyle, value: TextStyle): Paragraph =>
  parts.map((part) => ({ text: part.text, style: part.label ? label : value }));

/** A section begins, on the same page as the first lines of what it holds. */
export function heading({ sheet }: Report, en: string, zh: string, next = 96): void {
  if (sheet.y > page.top) sheet.y += 15;
  sheet.ensure(26 + next);
  sheet.bookmark(`${en} ${zh}`);
  sheet.text([say(`${en}  ${zh}`, style.section)]);
  sheet.rule(sheet.y + 2, accent, 0.9);
  sheet.y += 7;
}

/** Labels with their values below them, two columns wide. */
export function grid({ sheet }: Report, entries: readonly Entry[]): void {
  const width = measure / 2;
  for (let i = 0; i < entries.length; i += 2) {
    const pair = entries.slice(i, i + 2);
    sheet.row(
      pair.map(([label, value], column) => ({
        x: page.left + column * width,
        width: width - 16,
        paragraphs: [say(label, style.label), ...valueParagraphs(value)],
      })),
      { padding: 2.5 },
    );
  }
}

function valueParagraphs(value: Entry[1]): Span[][] {
  if (value === null || value === undefined || value === '') return [say('–', style.body)];
  if (typeof value === 'object') return [say(value.text, style.withheld)];
  return textParagraphs(value).map((line) => say(line, style.body));
}

/** Rows under column heads; the first column stands out. */
export function table(
  { sheet }: Report,
  columns: readonly (readonly [head: string, width: number])[],
  rows: readonly (readonly string[])[],
): void {
  const cells = (texts: readonly string[], textStyle: (column: number) => TextStyle) => {
    let x: number = page.left;
    return columns.map(([, width], column) => {
      const paragraphs = textParagraphs(texts[column] ?? '').map((text) => say(text, textStyle(column)));
      const cell = { x, width: width - 10, paragraphs };
      x += width;
      return cell;
    });
  };
  if (rows.length === 0) {
    sheet.text([say('None recorded.', style.quiet)]);
    return;
  }
  sheet.row(
    cells(
      columns.map(([head]) => head),
      () => style.label,
    ),
    { padding: 2, keep: 30 },
  );
  for (const row of rows) {
    sheet.row(
      cells(row, (column) => (column === 0 ? style.strong : style.body)),
      { rule: true, padding: 3.5 },
    );
  }
}
