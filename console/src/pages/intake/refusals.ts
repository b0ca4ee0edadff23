import type { Words } from './words.ts';

/** What is wrong with a field: in the words of the form where it has some, else in the interface's. */
export function inWords(message: string, words: Words): string {
  const known: [RegExp, (found: RegExpExecArray) => string][] = [
    [/lies in the future/, () => words.mistakes.future],
    [/must not be before/, () => words.mistakes.endsBefore],
    [/must be an existing (day|instant)/, () => words.mistakes.noSuchDay],
    [/shorter than or equal to (\d+)/, ([, max]) => words.mistakes.atMost(Number(max))],
    [/there is no (officer|organ)/, () => words.mistakes.gone],
    [/NUL character|lone surrogate/, () => words.mistakes.strays(1)],
    [/should not be empty|must not be blank/, () => words.mistakes.missing.any],
  ];
  for (const [pattern, say] of known) {
    const found = pattern.exec(message);
    if (found) return say(found);
  }
  return message;
}
