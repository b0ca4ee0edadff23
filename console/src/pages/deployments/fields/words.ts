import { catalogue } from '../../../i18n/catalogue.ts';
import { en } from './en.ts';
import { zh } from './zh.ts';

/** What the parts of a request are called, and the words of its codes. */
export const [useFieldWords, fieldWords] = catalogue(en, zh);
export type FieldWords = ReturnType<typeof fieldWords>;

/** The label of a field as the interface names it, such as `limits.stopConditions` or `tasks.0.text`. */
export function labelOf(words: FieldWords, path: string): string {
  const steps = path
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter((step) => !/^\d+$/.test(step));
  let found: unknown = words.labels;
  for (const step of steps) found = (found as Record<string, unknown> | undefined)?.[step];
  if (typeof found === 'string') return found;
  return (words.groups as Record<string, string>)[steps[0] ?? ''] ?? path;
}
