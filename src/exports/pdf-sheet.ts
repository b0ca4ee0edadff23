import PDFDocument from 'pdfkit';
import {
  fontBytes,
  fontFiles,
  isRightToLeft,
  linesOf,
  runsOf,
  type Face,
  type Line,
  type Run,
  type Span,
  type TextStyle,
} from './pdf-text.js';

export const palette = {
  ink: '#1c2530',
  quiet: '#5f6b78',
  rule: '#d3d9e0',
  tint: '#f2f5f8',
  accent: '#1d3d63',
  onAccent: '#ffffff',
  quietOnAccent: '#c3d2e4',
  withheld: '#8a4b08',
} as const;

/** A4 in points. */
export const page = { width: 595.28, height: 841.89, left: 56, right: 539, top: 66, bottom: 782 } as const;
export const measure = page.right - page.left;

export type Paragraph = readonly Span[];

/** One column of a row. */
export interface Cell {
  readonly x: number;
  readonly width: number;
  readonly paragraphs: readonly Paragraph[];
}

export interface RowOptions {
  /** A hairline above. */
  readonly rule?: boolean;
  /** A tinted ground. */
  readonly tint?: boolean;
  readonly before?: number;
  /** Blank above and below the text. */
  readonly padding?: number;
  /** Stands on one page with so much of what follows. */
  readonly keep?: number;
}

export interface Frame {
  readonly title: string;
  readonly reference: string;
  readonly footer: string;
}

/** What the sheet needs of pdfkit's own fonts, which its types do not tell. */
interface EmbeddedFont {
  readonly id: string;
  readonly font: { hasGlyphForCodePoint(codePoint: number): boolean };
  ref(): object;
  encode(text: string, features?: string[]): [glyphs: string[], positions: GlyphPosition[]];
}

interface GlyphPosition {
  readonly xAdvance: number;
  readonly advanceWidth: number;
  readonly xOffset: number;
  readonly yOffset: number;
}

/** A word in a font: its width at size 1000, and what shows it (PDF, 9.4.3). */
interface Shape {
  readonly width: number;
  readonly shown: string;
  /** Marks stand above or below letters. */
  readonly hasMarks: boolean;
}

class SheetFace implements Face {
  private readonly known = new Map<number, boolean>();
  private readonly shapes = new Map<string, Shape>();

  constructor(
    readonly file: string,
    readonly wide: boolean,
    readonly embedded: EmbeddedFont,
  ) {}

  has(codePoint: number): boolean {
    let has = this.known.get(codePoint);
    if (has === undefined)
      this.known.set(codePoint, (has = this.embedded.font.hasGlyphForCodePoint(codePoint)));
    return has;
  }

  /** Shaping is the dear part, and words recur. Right-to-left text is shaped as a whole, to keep its order. */
  shapesOf(text: string): Shape[] {
    const pieces = isRightToLeft(text) ? [text] : this.wide ? [...text] : (text.match(/[^ ]+ ?| +/g) ?? []);
    return pieces.map((piece) => this.shape(piece));
  }

  widthOf(text: string): number {
    return this.shapesOf(text).reduce((sum, { width }) => sum + width, 0);
  }

  private shape(piece: string): Shape {
    const kept = this.shapes.get(piece);
    if (kept) return kept;
    const [glyphs, positions] = this.embedded.encode(piece, isRightToLeft(piece) ? [] : undefined);
    const shown = glyphs.map((glyph, i) => {
      const { xAdvance, advanceWidth } = positions[i]!;
      const kerning = advanceWidth - xAdvance;
      return kerning === 0 ? `<${glyph}>` : `<${glyph}>${kerning.toFixed(2)}`;
    });
    const shape = {
      width: positions.reduce((sum, { xAdvance }) => sum + xAdvance, 0),
      shown: shown.join('').replaceAll('><', ''),
      hasMarks: positions.some(({ xOffset, yOffset }) => xOffset !== 0 || yOffset !== 0),
    };
    if (this.shapes.size >= KEPT_SHAPES) this.shapes.clear();
    this.shapes.set(piece, shape);
    return shape;
  }
}

const KEPT_SHAPES = 20_000;
const UNTORN = 115;
const TORN = 70;
const small: TextStyle = { size: 7.5, color: palette.quiet };

const heightOf = ({ size }: Line): number => size * 1.46;
const heightOfAll = (lines: readonly Line[]): number => lines.reduce((sum, one) => sum + heightOf(one), 0);

/** So many of the lines as fit; never all but one, which would stand alone on the next page. */
function fitting(lines: readonly Line[], room: number): number {
  let height = 0;
  let count = 0;
  while (count < lines.length && (height += heightOf(lines[count]!)) <= room) count++;
  return lines.length - count === 1 && count > 2 ? count - 1 : count;
}

/**
 * Pages of paragraphs and rows, filled from top to bottom. What is above is never touched again, so that a page
 * leaves the memory when the next one begins.
 */
export class Sheet {
  readonly doc: PDFKit.PDFDocument;
  y: number = page.top;
  private pages = 0;
  private readonly faces: Readonly<Record<'regular' | 'bold', readonly SheetFace[]>>;
  /** The number of all pages, known at the end only: each footer shows this one drawing. */
  private readonly total: PDFKit.PDFKitReference;

  constructor(
    info: PDFKit.DocumentInfo,
    private readonly frame: Frame,
  ) {
    this.doc = new PDFDocument({
      size: [page.width, page.height],
      margin: 0,
      autoFirstPage: false,
      // None of those that come with pdfkit: an archive wants every font inside the file.
      font: '',
      fontLayoutCache: false,
      pdfVersion: '1.7',
      subset: 'PDF/A-2b',
      lang: 'en',
      displayTitle: true,
      info,
    });
    const opened = new Map<string, SheetFace>();
    const face = ({ file, wide }: { file: string; wide: boolean }): SheetFace => {
      const known = opened.get(file) ?? new SheetFace(file, wide, this.open(file));
      opened.set(file, known);
      return known;
    };
    this.faces = { regular: fontFiles.regular.map(face), bold: fontFiles.bold.map(face) };
    const font = this.faces.regular[0]!.embedded;
    this.total = this.doc.ref({
      Type: 'XObject',
      Subtype: 'Form',
      BBox: [0, -4, 60, 12],
      Resources: { Font: { [font.id]: font.ref() } },
    });
    this.nextPage();
  }

  /** Breaks the paragraphs of a cell into lines. */
  lines({ paragraphs, width }: Pick<Cell, 'paragraphs' | 'width'>): Line[] {
    return paragraphs.flatMap((spans) => {
      const runs = runsOf(spans, (style) => this.facesOf(style));
      return linesOf(runs, width, (run) => this.widthOf(run), spans[0]?.style.size);
    });
  }

  /** Sets columns side by side; each goes on over as many pages as it needs. */
  row(cells: readonly Cell[], { rule, tint, before = 0, padding = 3, keep = 0 }: RowOptions = {}): void {
    let rest = cells.map((cell) => ({ x: cell.x, lines: this.lines(cell) }));
    if (this.y > page.top) this.y += before;
    const height = Math.max(...rest.map(({ lines }) => heightOfAll(lines))) + 2 * padding;
    // A short row is not torn; of a long one a few lines at least stand together.
    this.ensure((height <= UNTORN ? height : TORN) + keep);
    for (;;) {
      const room = page.bottom - this.y - 2 * padding;
      const now = rest.map(({ x, lines }) => ({ x, lines: lines.slice(0, fitting(lines, room)) }));
      const open = rest.some(({ lines }) => lines.length > 0);
      if (open && now.every(({ lines }) => lines.length === 0)) {
        this.nextPage();
        continue;
      }
      const used = Math.max(...now.map(({ lines }) => heightOfAll(lines))) + 2 * padding;
      if (tint) this.fill(page.left, this.y, measure, used, palette.tint);
      if (rule) this.rule(this.y);
      for (const { x, lines } of now) this.stack(lines, x, this.y + padding);
      this.y += used;
      rest = rest.map(({ x, lines }, i) => ({ x, lines: lines.slice(now[i]!.lines.length) }));
      if (rest.every(({ lines }) => lines.length === 0)) return;
      this.nextPage();
    }
  }

  /** Paragraphs over the whole width. */
  text(paragraphs: readonly Paragraph[], options: RowOptions & { readonly indent?: number } = {}): void {
    const { indent = 0, ...rest } = options;
    this.row([{ x: page.left + indent, width: measure - indent, paragraphs }], { padding: 0, ...rest });
  }

  /** Goes to the next page unless so much fits on this one. */
  ensure(height: number): void {
    if (this.y + height > page.bottom && this.y > page.top) this.nextPage();
  }

  fill(x: number, y: number, width: number, height: number, color: string): void {
    this.doc.rect(x, y, width, height).fill(color);
  }

  rule(y: number, color: string = palette.rule, thickness = 0.5): void {
    this.doc.moveTo(page.left, y).lineTo(page.right, y).lineWidth(thickness).strokeColor(color).stroke();
  }

  /** Draws lines one under the other from that place on, whatever page break lies there. */
  stack(lines: readonly Line[], x: number, top: number): void {
    let y = top;
    for (const one of lines) {
      this.draw(one, x, y);
      y += heightOf(one);
    }
  }

  /** One line of text at that place, or ending there. */
  put(text: string, style: TextStyle, x: number, y: number, align: 'left' | 'right' = 'left'): void {
    const [line] = this.lines({ paragraphs: [[{ text, style }]], width: measure });
    if (line) this.draw(line, align === 'right' ? x - line.width : x, y);
  }

  bookmark(title: string): void {
    this.doc.outline.addItem(title);
  }

  /** What is ready to leave. */
  ready(): Buffer | null {
    return this.doc.read() as Buffer | null;
  }

  end(): void {
    const font = this.faces.regular[0]!.embedded;
    const [glyphs] = font.encode(String(this.pages));
    this.total.end(`BT /${font.id} ${small.size} Tf <${glyphs.join('')}> Tj ET`);
    this.doc.end();
  }

  private nextPage(): void {
    this.doc.addPage();
    this.pages++;
    this.y = page.top;
    if (this.pages > 1) {
      this.put(this.frame.title, small, page.left, 36);
      this.put(this.frame.reference, small, page.right, 36, 'right');
      this.rule(52);
    }
    this.rule(797);
    this.put(`${this.frame.reference}  ·  ${this.frame.footer}`, small, page.right, 803, 'right');
    const count = `Page ${this.pages} of `;
    this.put(count, small, page.left, 803);
    const x = page.left + this.widthOf({ text: count, style: small, face: 0 });
    (this.doc.page.xobjects as Record<string, object>)['Total'] = this.total;
    this.doc
      .fillColor(small.color)
      .addContent(`q 1 0 0 -1 ${x.toFixed(2)} ${(803 + baseline(small.size)).toFixed(2)} cm /Total Do Q`);
  }

  private draw(line: Line, x: number, y: number): void {
    const foot = y + baseline(line.size);
    for (const run of line.runs) {
      const face = this.facesOf(run.style)[run.face]!;
      const shapes = face.shapesOf(run.text);
      if (shapes.some(({ hasMarks }) => hasMarks)) this.drawWithMarks(run, face, x, foot);
      else this.show(run.style, face, shapes.map(({ shown }) => shown).join(''), outlined(run), x, foot);
      x += run.width;
    }
  }

  /** The operators themselves: pdfkit would shape each run three times more. */
  private show(
    { size, color }: TextStyle,
    { embedded }: SheetFace,
    shown: string,
    bold: boolean,
    x: number,
    y: number,
  ): void {
    const [at, foot] = [x.toFixed(2), (page.height - y).toFixed(2)];
    const outline = bold ? `2 Tr ${(size * OUTLINE).toFixed(3)} w ${rgb(color)} RG ` : '';
    (this.doc.page.fonts as Record<string, object>)[embedded.id] ??= embedded.ref();
    this.doc.addContent(
      `q 1 0 0 -1 0 ${page.height} cm BT ${rgb(color)} rg ${outline}/${embedded.id} ${size} Tf 1 0 0 1 ${at} ${foot} Tm [${shown}] TJ ET Q`,
    );
  }

  private drawWithMarks(run: Run, { file }: SheetFace, x: number, y: number): void {
    const { size, color } = run.style;
    this.doc
      .font(file, size)
      .fillColor(color)
      .lineWidth(size * OUTLINE)
      .strokeColor(color);
    this.doc.text(run.text, x, y, {
      lineBreak: false,
      baseline: 'alphabetic',
      ...(outlined(run) ? { fill: true, stroke: true } : {}),
      ...(isRightToLeft(run.text) ? { features: [] } : {}),
    });
  }

  private facesOf(style: TextStyle): readonly SheetFace[] {
    return style.bold ? this.faces.bold : this.faces.regular;
  }

  private widthOf(run: Run): number {
    return (this.facesOf(run.style)[run.face]!.widthOf(run.text) * run.style.size) / 1000;
  }

  private open(file: string): EmbeddedFont {
    this.doc.registerFont(file, fontBytes(file));
    return (this.doc.font(file) as unknown as { _font: EmbeddedFont })._font;
  }
}

/** There is one weight of the Chinese font: an outline in the same colour makes it bold. */
const OUTLINE = 0.022;
const outlined = ({ style, face }: Run): boolean => style.bold === true && face > 0;

const rgb = (color: string): string =>
  [1, 3, 5].map((at) => (parseInt(color.slice(at, at + 2), 16) / 255).toFixed(3)).join(' ');

/** From the top of a line to the foot of its letters. */
const baseline = (size: number): number => size * 1.08;
