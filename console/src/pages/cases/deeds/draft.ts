import { useForm, type UseFormReturnType } from '@mantine/form';
import { legalToday } from '../../../i18n/format.ts';
import { useDeedWords } from './words.ts';

/** What a form holds of a body of the interface: every field of it but the reason, each with something to show. */
export type Draft<D> = { [K in Exclude<keyof D, 'reason'>]-?: DraftOf<NonNullable<D[K]>> };
type DraftOf<T> = T extends string
  ? T | ''
  : T extends readonly (infer E)[]
    ? (E extends string ? E : Draft<E>)[]
    : T extends object
      ? Draft<T>
      : T;

export type DraftForm<D> = UseFormReturnType<Draft<D>>;

/** What is wrong with what stands in a field; null when nothing is. */
type Rule = 'required' | 'notLater';

/**
 * The fields of a deed as its body in the interface has them; a field more there does not compile until it is here.
 * @param rules which fields have to be filled, by their path (`meeting.heldOn`, `defects.*`)
 */
export function useDraft<D>(initialValues: Draft<D>, rules: Readonly<Record<string, Rule>>): DraftForm<D> {
  const words = useDeedWords();
  return useForm<Draft<D>>({
    initialValues,
    validate: (values) => {
      const errors: Record<string, string> = {};
      for (const [path, rule] of Object.entries(rules)) {
        for (const [at, value] of valuesAt(values, path)) {
          if (isEmpty(value)) errors[at] = words.missing;
          else if (rule === 'notLater' && (value as string) > legalToday()) errors[at] = words.inFuture;
        }
      }
      return errors;
    },
  });
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'string' && value.trim() === '') ||
  (Array.isArray(value) && value.length === 0);

/** The values at a path, each with its own; `*` stands for each entry of a list. */
function valuesAt(values: unknown, path: string): [path: string, value: unknown][] {
  let found: [string, unknown][] = [['', values]];
  for (const step of path.split('.')) {
    found = found.flatMap(([at, value]) => {
      const keys = step === '*' ? Object.keys(value as object) : [step];
      return keys.map((key): [string, unknown] => [
        at === '' ? key : `${at}.${key}`,
        (value as Record<string, unknown> | undefined)?.[key],
      ]);
    });
  }
  return found;
}

/** The body to send: without what was left empty, since the interface tells empty from absent. */
export function bodyOf<D>(values: Draft<D>, reason?: string): D {
  const body = filled(values) as object;
  return (reason === undefined ? body : { ...body, reason }) as D;
}

function filled(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((one) => !isEmpty(one)).map(filled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => !isEmpty(one))
      .map(([name, one]) => [name, filled(one)]),
  );
}

/**
 * What the server refused, each where the form has a field for it: `papers.3` belongs to the field `papers` when that
 * is one field for the whole list.
 * @param calls fields whose name in the interface is another one than in the form
 */
export function placed(
  fields: Readonly<Record<string, string>>,
  hasField: (path: string) => boolean,
  calls: Readonly<Record<string, string>> = {},
): { errors: Record<string, string>; shown: string[] } {
  const errors: Record<string, string> = {};
  const shown: string[] = [];
  for (const [name, message] of Object.entries(fields)) {
    const steps = (calls[name] ?? name).split('.');
    while (steps.length > 0 && !hasField(steps.join('.'))) steps.pop();
    if (steps.length === 0) continue;
    errors[steps.join('.')] ??= message;
    shown.push(name);
  }
  return { errors, shown };
}
