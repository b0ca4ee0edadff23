import { fields } from './chinese-fields.js';
import { refusals } from './chinese-refusals.js';

/** A sentence of the catalogue, and how one that was said is known by it. */
interface Known {
  readonly begins: string;
  readonly pattern: RegExp;
  readonly zh: string;
}

/** No refusal of ours is longer, not even one that lists the types of events; what a caller put into one may be. */
const LONGEST = 5000;
/** What class-validator puts before a message about the members of a list. */
const EACH = 'each value in ';

const all: Readonly<Record<string, string>> = { ...refusals, ...fields };

const isolated = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Those with values, the ones that say most first. */
const withValues: readonly Known[] = Object.entries(all)
  .filter(([en]) => /\{\d\}/.test(en))
  .sort(([a], [b]) => b.replaceAll(/\{\d\}/g, '').length - a.replaceAll(/\{\d\}/g, '').length)
  .map(([en, zh]) => ({
    begins: en.slice(0, en.search(/\{\d\}/)),
    pattern: new RegExp(
      `^${en
        .split(/\{\d\}/)
        .map(isolated)
        .join('(.*?)')}$`,
      's',
    ),
    zh,
  }));

/**
 * What a refusal says, in Chinese; undefined for a sentence that the catalogue lacks. Refusals are written in English
 * where they are thrown and are errors before they are answers; so they are known again by their text, and only for
 * whoever asks for Chinese.
 */
export function refusalInChinese(message: string): string | undefined {
  const text = message.startsWith(EACH) ? message.slice(EACH.length) : message;
  const whole = Object.hasOwn(all, text) ? all[text] : undefined;
  if (whole !== undefined || text.length > LONGEST) return whole;
  for (const { begins, pattern, zh } of withValues) {
    if (!text.startsWith(begins)) continue;
    const found = pattern.exec(text);
    if (found) return zh.replaceAll(/\{(\d)\}/g, (_, number: string) => found[Number(number) + 1] ?? '');
  }
  return undefined;
}
