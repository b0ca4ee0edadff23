import { createContext, useContext } from 'react';
import type { Draft } from './draft.ts';
import { valueAt, within, type Path } from './paths.ts';

interface Form {
  readonly draft: Draft;
  readonly set: (path: Path, value: unknown) => void;
  /** What is to be said beside fields, by place. */
  readonly errors: Readonly<Record<Path, string>>;
}

const FormContext = createContext<Form | undefined>(undefined);
export const FormProvider = FormContext.Provider;

export function useForm(): Form {
  const form = useContext(FormContext);
  if (!form) throw new Error('a field outside of a form');
  return form;
}

interface Field<T> {
  readonly value: T | undefined;
  readonly set: (value: T) => void;
  readonly error: string | undefined;
}

/** A field of the draft by its place. @param deep whether it shows what is wrong within it, too */
export function useField<T>(path: Path, deep = false): Field<T> {
  const { draft, set, errors } = useForm();
  const inside = deep ? Object.keys(errors).find((at) => within(at, path)) : undefined;
  return {
    value: valueAt(draft, path) as T | undefined,
    set: (value) => set(path, value),
    error: errors[path] ?? (inside === undefined ? undefined : errors[inside]),
  };
}

/** Puts the cursor into the field of this place, or the nearest around it, and opens what hides it. */
export function focusField(path: Path): void {
  const parts = path.split('.');
  for (let length = parts.length; length > 0; length--) {
    const at = parts.slice(0, length).join('.');
    const field = document.querySelector(`[data-path="${CSS.escape(at)}"]`);
    if (!field) continue;
    for (let around: Element | null = field; around; around = around.parentElement) {
      if (around instanceof HTMLDetailsElement) around.open = true;
    }
    const input = field.querySelector<HTMLElement>('input:not([type=hidden]), textarea, button');
    input?.focus();
    field.scrollIntoView({ block: 'center' });
    return;
  }
}
