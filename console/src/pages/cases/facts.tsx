import type { ReactNode } from 'react';
import type { Category } from '../../i18n/codes.ts';
import { useCommonWords } from '../../i18n/common.ts';
import { factsType, fieldsOf } from '../../i18n/facts/description.ts';
import { useFactWords } from '../../i18n/facts/words.ts';
import { formatDay, formatMoney, formatTime } from '../../i18n/format.ts';
import { HiddenField } from '../../ui/states.tsx';

interface Amount {
  readonly amount: string;
  readonly currency: string;
}

/** The facts of an allegation in words, by the interface's description of its category; nested ones on a line. */
export function useFacts(category: Category, facts: object): readonly (readonly [string, ReactNode])[] {
  const words = useFactWords();
  const common = useCommonWords();
  /** @param at the type that holds the fact, and its name there */
  const textOf = (value: unknown, at: { readonly type: string; readonly name: string }): string => {
    if (value === null || value === undefined) return '';
    if (typeof value === 'boolean') return value ? common.yes : common.no;
    if (typeof value === 'number') return String(value);
    if (typeof value === 'string') return isCode(value) ? words.code(at.type, at.name, value) : dated(value);
    if (Array.isArray(value)) return value.map((one) => textOf(one, at)).join('; ');
    if (isHidden(value)) return `[${common.hidden}]`;
    if (isAmount(value)) return formatMoney(value);
    const inner = fieldsOf(at.type).find(({ name }) => name === at.name)?.of ?? '';
    return Object.entries(value)
      .map(([name, one]) => [words.name(inner, name), textOf(one, { type: inner, name })])
      .filter(([, text]) => text !== '')
      .map(([name, text]) => `${name}: ${text}`)
      .join(', ');
  };
  const type = factsType(category);
  return Object.entries(facts).map(([name, value]: [string, unknown]) => [
    words.name(type, name),
    isHidden(value) ? <HiddenField key={name} /> : textOf(value, { type, name }),
  ]);
}

const isCode = (text: string): boolean => /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(text);

/** Days and instants as the reader's language writes them; any other text as it stands. */
function dated(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return formatDay(text);
  return /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(text) ? formatTime(text) : text;
}

const isHidden = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && '$redacted' in value;

const isAmount = (value: object): value is Amount => 'amount' in value && 'currency' in value;
