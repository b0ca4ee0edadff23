import { factsType, fieldsOf } from '../../../i18n/facts/description.ts';
import { useFactWords } from '../../../i18n/facts/words.ts';
import type { Category } from '../../../i18n/codes.ts';

/** A missing fact in words, from its pointer: `/payers/0/amount` is the amount of the first payer. */
export function useMissingName(category: Category): (pointer: string) => string {
  const words = useFactWords();
  return (pointer) => {
    let type = factsType(category);
    const names: string[] = [];
    for (const part of pointer.split('/').slice(1)) {
      if (/^\d+$/.test(part)) {
        names.push(`${names.pop() ?? ''} ${Number(part) + 1}`);
        continue;
      }
      names.push(words.name(type, part));
      type = fieldsOf(type).find(({ name }) => name === part)?.of ?? '';
    }
    return names.join(' · ');
  };
}
