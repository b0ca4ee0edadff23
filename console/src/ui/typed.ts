/** Characters that no text wants: controls but line breaks and tabs, and halves of characters. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/g;
const HALF = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
/** Marks that nobody sees and that can make a text read as another one. */
const TURNING = /[\u202A-\u202E\u2066-\u2069\u200B\u2060\uFEFF]/g;
/** Marks of direction that a script written from right to left may need. */
const DIRECTION = /[\u200E\u200F\u061C]/g;
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/;

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/** How many characters of the text are ones that nobody typed. */
export const strayCharacters = (text: string): number =>
  count(text, CONTROL) +
  count(text, HALF) +
  count(text, TURNING) +
  (RIGHT_TO_LEFT.test(text) ? 0 : count(text, DIRECTION));

export function withoutStrays(text: string): string {
  const clean = text.replaceAll(CONTROL, '').replaceAll(HALF, '').replaceAll(TURNING, '');
  return RIGHT_TO_LEFT.test(clean) ? clean : clean.replaceAll(DIRECTION, '');
}

interface Words {
  readonly strays: (count: number) => string;
  readonly tooLong: (over: number, max: number) => string;
}

/** What is wrong with a text, in words. */
export function textMistake(text: string, max: number, words: Words): string | undefined {
  const strays = strayCharacters(text);
  if (strays > 0) return words.strays(strays);
  return text.length > max ? words.tooLong(text.length - max, max) : undefined;
}

/** A day or time that was typed in part, or that does not exist: its value is empty, as if nothing was given. */
const isHalf = (field: Element): boolean =>
  // The check also tells the field, which then says so.
  field instanceof HTMLInputElement && !field.checkValidity() && field.validity.badInput;

/** The first field that shows a mistake of its own in what was typed. Such a form is not sent. */
export function firstMistake(form: HTMLFormElement): HTMLElement | undefined {
  const wrong = [...form.elements].filter(
    (field): field is HTMLElement =>
      field instanceof HTMLElement && (field.dataset['mistake'] !== undefined || isHalf(field)),
  );
  return wrong[0];
}
