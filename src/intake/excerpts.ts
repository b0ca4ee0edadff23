/** A piece of a text around words that were looked for. */
export interface Excerpt {
  readonly text: string;
  /** Where in it the words stand, by UTF-16 units, in order. */
  readonly marks: readonly { readonly start: number; readonly end: number }[];
}

const BEFORE = 50;
const LENGTH = 180;
const CUT = '…';

/** The first place where words stand in a text, with what is around it on one line; undefined where they do not. */
export function excerptOf(text: string, words: string): Excerpt | undefined {
  const sought = new RegExp(words.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`), 'giu');
  const hits = [...text.matchAll(sought)];
  const [first] = hits;
  if (!first) return undefined;
  const from = between(text, first.index - BEFORE);
  const to = between(text, Math.max(from + LENGTH, first.index + first[0].length));
  // A blank each, so that places stay where they are.
  const piece = text.slice(from, to).replaceAll(/\s/g, ' ');
  const before = from > 0 ? CUT : '';
  const marks = hits
    .filter((hit) => hit.index + hit[0].length <= to)
    .map((hit) => {
      const start = hit.index - from + before.length;
      return { start, end: start + hit[0].length };
    });
  return { text: before + piece + (to < text.length ? CUT : ''), marks };
}

/** A place in the text that splits no character in two. */
function between(text: string, at: number): number {
  const place = Math.min(Math.max(at, 0), text.length);
  return /[\uDC00-\uDFFF]/.test(text.charAt(place)) ? place - 1 : place;
}
