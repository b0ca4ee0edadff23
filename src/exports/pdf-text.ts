import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assetsDirectory } from '../common/assets.js';

/** A font as far as the choice of one needs it. */
export interface Face {
  /** Each of its characters is as wide as high. */
  readonly wide: boolean;
  has(codePoint: number): boolean;
}

export interface TextStyle {
  readonly size: number;
  readonly color: string;
  readonly bold?: boolean;
}

/** A piece of text in one style. */
export interface Span {
  readonly text: string;
  readonly style: TextStyle;
}

/** A piece of text in one style and one font, the `face`-th of its list. */
export interface Run extends Span {
  readonly face: number;
}

/** The files of the fonts, in the order of preference: Latin first, so that digits and letters look alike everywhere. */
const fallbacks = [
  { file: 'NotoSansSC-Punctuation.otf', wide: true },
  { file: 'DroidSansFallbackFull.ttf', wide: true },
  { file: 'DejaVuSans.ttf', wide: false },
  { file: 'NotoSerifTibetan-Regular.ttf', wide: false },
] as const;
export const fontFiles = {
  regular: [{ file: 'OpenSans-Regular.ttf', wide: false }, ...fallbacks],
  bold: [{ file: 'OpenSans-Semibold.ttf', wide: false }, ...fallbacks],
} as const;

const loaded = new Map<string, Buffer>();

/** The bytes of a bundled font, read once. */
export function fontBytes(file: string): Buffer {
  let bytes = loaded.get(file);
  if (!bytes) loaded.set(file, (bytes = readFileSync(join(assetsDirectory(), 'fonts', file))));
  return bytes;
}

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' });

/** Nothing here joins with its neighbours, so that the dear segmenter need not look. */
const PLAIN = /^[ -~\u2013-\u201d\u2026\u3001-\u3020\u4e00-\u9fff\uff01-\uff60]*$/;

/** What a reader takes for single characters; an accent stays with its letter. */
const charactersOf = (text: string): string[] =>
  PLAIN.test(text) ? text.split('') : Array.from(graphemes.segment(text), ({ segment }) => segment);

const IGNORABLE = /^\p{Default_Ignorable_Code_Point}+$/u;

/** A character that no font has, and a control, as a code point that everybody can look up. */
const named = (character: string): string =>
  `〔U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}〕`;

/** Chinese writes them as wide as its characters, Latin does not, and they have the same code. */
const EITHER = /^[\u2018\u2019\u201c\u201d\u2014\u2026\u00b7]$/;

/** Plain ASCII in one piece, but a letter with the accent that follows it; the rest character by character. */
const PIECES = /[ -~]+(?!\p{M})|[ -~]?[^ -~]+/gu;

/** The visible pieces of a text, each with the first font that has all of it. */
function* glyphs(text: string, faces: readonly Face[]): Generator<{ text: string; face: number }> {
  let last = 0;
  let blank = true;
  const has = (face: Face | undefined, part: string): boolean =>
    face !== undefined && [...part].every((character) => face.has(character.codePointAt(0)!));
  const faceOf = (part: string, next = ''): number => {
    if (EITHER.test(part) && ((faces[last]?.wide && !blank) || WIDE.test(next))) {
      const wide = faces.findIndex((face) => face.wide && has(face, part));
      if (wide >= 0) return wide;
    }
    return faces.findIndex((face) => has(face, part));
  };
  for (const [piece] of text.replaceAll('\t', '    ').matchAll(PIECES)) {
    if (/^[ -~]+$/.test(piece)) {
      // A blank belongs to what stands before it, so that words of one script stay together.
      last = /^ +$/.test(piece) && has(faces[last], ' ') ? last : 0;
      blank = piece.endsWith(' ');
      yield { text: piece, face: last };
      continue;
    }
    const characters = charactersOf(piece);
    for (const [i, character] of characters.entries()) {
      const whole = character.length > 1 ? character.normalize('NFC') : character;
      for (const part of faceOf(whole) >= 0 ? [whole] : [...whole]) {
        // Marks of direction and width would not show, and could make a text read other than it is written.
        if (IGNORABLE.test(part)) continue;
        const face = faceOf(part, characters[i + 1]);
        blank = false;
        if (face >= 0) yield { text: part, face: (last = face) };
        else for (const sign of named(part)) yield { text: sign, face: Math.max(faceOf(sign), 0) };
      }
    }
  }
}

/** Splits a text so that each piece is in one font. */
export function runsOf(spans: readonly Span[], facesOf: (style: TextStyle) => readonly Face[]): Run[] {
  const runs: { text: string; style: TextStyle; face: number }[] = [];
  for (const { text, style } of spans) {
    for (const piece of glyphs(text, facesOf(style))) append(runs, { ...piece, style });
  }
  return runs;
}

function append(runs: { text: string; style: TextStyle; face: number }[], run: Run): void {
  const before = runs.at(-1);
  if (before && before.face === run.face && before.style === run.style) before.text += run.text;
  else runs.push({ ...run });
}

function joined(runs: readonly Run[]): Run[] {
  const whole: Run[] = [];
  for (const run of runs) append(whole, run);
  return whole;
}

// ---- lines

const WIDE =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u;
/** What may not begin a line, and what may not end one (GB/T 15834, 5.1). */
const CLOSING = /^[\p{Pe}\p{Pf}!%,.:;?·…—～、。〃々〉》」』】〕〗！％，．：；？｝～￠℃]/u;
const OPENING = /[\p{Ps}\p{Pi}〈《「『【〔〖（［｛￥＄¥$]$/u;

/** True where a line may end between the two characters. */
function mayBreak(before: string, after: string): boolean {
  if (after === ' ') return false;
  if (before === ' ') return true;
  if (WIDE.test(before) || WIDE.test(after)) return !CLOSING.test(after) && !OPENING.test(before);
  // A path or a hyphenated word, but never a date, a number or a sign.
  return /[-/\u2010\u2013]/.test(before) && /\p{L}/u.test(after);
}

export interface Line {
  readonly runs: readonly (Run & { readonly width: number })[];
  readonly width: number;
  /** The largest size in it; it decides how high the line is. */
  readonly size: number;
}

export type Measure = (run: Run) => number;

/**
 * Breaks a paragraph into lines of at most that width. A word that is longer than a line is broken where it must be.
 * @param atLeast the size of the text, which an empty paragraph does not show
 */
export function linesOf(runs: readonly Run[], width: number, measure: Measure, atLeast = 1): Line[] {
  const size = Math.max(...runs.map(({ style }) => style.size), atLeast);
  const lines: Line[] = [];
  let line: Run[] = [];
  let room = width;
  const end = (): void => {
    const shown = inReadingOrder(joined(withoutBlanks(line))).map((run) => ({ ...run, width: measure(run) }));
    lines.push({ runs: shown, width: shown.reduce((sum, run) => sum + run.width, 0), size });
    line = [];
    room = width;
  };
  for (const word of segmentsOf(runs)) {
    const needs = sum(withoutBlanks(word).map(measure));
    if (needs > room && line.length > 0) end();
    // Blanks at the end of a line that broke are not carried over.
    const pieces = needs > width ? split(word) : [word];
    for (const piece of pieces) {
      const wide = sum(piece.map(measure));
      if (sum(withoutBlanks(piece).map(measure)) > room && line.length > 0) end();
      line.push(...piece);
      room -= wide;
    }
  }
  end();
  return lines;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The single characters of a word, for one that fits on no line. */
const split = (word: readonly Run[]): Run[][] =>
  word.flatMap((run) => charactersOf(run.text).map((text) => [{ ...run, text }]));

function withoutBlanks(runs: readonly Run[]): Run[] {
  const kept = [...runs];
  for (let last = kept.at(-1); last && last.text.endsWith(' '); last = kept.at(-1)) {
    const text = last.text.trimEnd();
    kept.pop();
    if (text) kept.push({ ...last, text });
  }
  return kept;
}

/** The pieces between which a line may end. */
function* segmentsOf(runs: readonly Run[]): Generator<Run[]> {
  let word: Run[] = [];
  let before: string | undefined;
  for (const run of runs) {
    let text = '';
    for (const character of charactersOf(run.text)) {
      if (before !== undefined && mayBreak(before, character)) {
        if (text) word.push({ ...run, text });
        if (word.length > 0) yield word;
        word = [];
        text = '';
      }
      text += character;
      before = character;
    }
    if (text) word.push({ ...run, text });
  }
  if (word.length > 0) yield word;
}

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

export const isRightToLeft = (text: string): boolean => RIGHT_TO_LEFT.test(text);

/** Puts the runs of a right-to-left passage in the order in which it is read; within a run the font does. */
function inReadingOrder(runs: readonly Run[]): Run[] {
  const ordered: Run[] = [];
  for (let i = 0; i < runs.length;) {
    let end = i;
    if (isRightToLeft(runs[i]!.text)) {
      for (let j = i; j < runs.length; j++) {
        if (isRightToLeft(runs[j]!.text)) end = j;
        else if (/\p{L}/u.test(runs[j]!.text)) break;
      }
    }
    ordered.push(...runs.slice(i, end + 1).reverse());
    i = end + 1;
  }
  return ordered;
}
