import type { Words } from './words.ts';

/**
 * What is wrong with a field: in the words of the form where it has some, else in the interface's, which speaks the
 * language of the page.
 */
export function inWords(message: string, words: Words): string {
  const known: [RegExp, (found: RegExpExecArray) => string][] = [
    [/lies in the future|不得晚于现在/, () => words.mistakes.future],
    [/must not be before|不得早于/, () => words.mistakes.endsBefore],
    [/must be an existing (day|instant)|没有这一[天时]/, () => words.mistakes.noSuchDay],
    [
      /(?:shorter than or equal to |不得超过)(\d+) ?(?:character|个字符)/,
      ([, max]) => words.mistakes.atMost(Number(max)),
    ],
    [/there is no (officer|organ)|没有这(名民警|个单位)/, () => words.mistakes.gone],
    [/NUL character|lone surrogate|无法保存的字符/, () => words.mistakes.strays(1)],
    [/should not be empty|must not be blank|不得为空/, () => words.mistakes.missing.any],
  ];
  for (const [pattern, say] of known) {
    const found = pattern.exec(message);
    if (found) return say(found);
  }
  return message;
}
