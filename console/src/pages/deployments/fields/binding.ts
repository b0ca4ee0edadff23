import type { ChangeEvent } from 'react';

export type Errors = Readonly<Record<string, string>>;

/** A group of fields: what it holds, and what is wrong with it. */
export interface Fields<G> {
  readonly value: G;
  readonly onChange: (value: G) => void;
  /** By the path of the field. */
  readonly errors: Errors;
  /** Before the names of its fields, such as `limits.`. */
  readonly at?: string;
}

type Keys<G, T> = { [K in keyof G]: G[K] extends T ? K : never }[keyof G] & string;
type Typed = ChangeEvent<HTMLInputElement | HTMLTextAreaElement>;

interface Input<T, E> {
  readonly value: T;
  readonly onChange: (change: E) => void;
  readonly error: string | undefined;
  /** By it the first wrong field is found. A name would end up at a hidden input of a choice. */
  readonly 'data-field': string;
}

interface Binding<G> {
  /** For what takes the event of a text field. */
  text: (name: Keys<G, string>) => Input<string, Typed>;
  /** For what takes one of several; null is none. */
  one: (name: Keys<G, string>) => Input<string | null, string | null>;
  many: (name: Keys<G, readonly string[]>) => Input<string[], string[]>;
  number: (name: Keys<G, number | string>) => Input<number | string, number | string>;
}

/** The props of the inputs of a group of fields. */
export function bound<G extends object>({ value, onChange, errors, at = '' }: Fields<G>): Binding<G> {
  const of = <T>(name: string): Pick<Input<T, never>, 'value' | 'error' | 'data-field'> => ({
    value: (value as Record<string, unknown>)[name] as T,
    error: errors[at + name],
    'data-field': at + name,
  });
  const put = (name: string, next: unknown): void => onChange({ ...value, [name]: next });
  return {
    text: (name) => ({ ...of(name), onChange: ({ currentTarget }) => put(name, currentTarget.value) }),
    one: (name) => ({
      ...of<string>(name),
      value: of<string>(name).value || null,
      onChange: (next) => put(name, next ?? ''),
    }),
    many: (name) => ({ ...of(name), onChange: (next) => put(name, next) }),
    number: (name) => ({ ...of(name), onChange: (next) => put(name, next) }),
  };
}

/** What was refused in a list that has one field: of the whole, or of one entry, which is quoted when it is known. */
export function refusedIn(errors: Errors, name: string, entries: readonly string[]): string | undefined {
  const ofEntries = entries.flatMap((entry, n) => {
    const message = errors[`${name}.${n}`];
    return message === undefined ? [] : [`“${entry}”: ${message}`];
  });
  return errors[name] ?? (ofEntries.length > 0 ? ofEntries.join(' ') : undefined);
}

/** The names of a list and of its entries, as a refusal knows them. */
export const namesIn = (name: string, entries: readonly unknown[]): string[] => [
  name,
  ...entries.map((_, n) => `${name}.${n}`),
];

/** Puts the cursor into the first field of a form that is wrong, once it shows what is wrong. */
export function focusFirst(form: HTMLElement | null, errors: Errors): void {
  requestAnimationFrame(() => {
    const fields = [...(form?.querySelectorAll<HTMLElement>('[data-field]') ?? [])];
    fields.find((field) => (field.dataset['field'] ?? '') in errors)?.focus();
  });
}
