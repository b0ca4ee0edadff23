import { useSyncExternalStore } from 'react';
import type { Problem } from './problem.ts';

/**
 * What the person is asked in the middle of a request: to sign in again, or to prove who they are. The request waits
 * and is then sent again, so nothing that was typed is lost. The dialogs are in app/PromptDialog.tsx.
 */
export interface Prompt {
  readonly kind: 'sign-in' | 'step-up';
  readonly problem: Problem;
  readonly done: () => void;
  readonly cancel: () => void;
}

let open: { prompt: Prompt; result: Promise<boolean> } | undefined;
const listeners = new Set<() => void>();
const tell = (): void => listeners.forEach((listener) => listener());

/**
 * Asks, or waits for the answer to what is asked already; one dialog at a time.
 * @returns whether the request is worth repeating
 */
export async function ask(kind: Prompt['kind'], problem: Problem): Promise<boolean> {
  while (open && open.prompt.kind !== kind) await open.result;
  if (open) return open.result;
  const { promise: result, resolve } = withResolvers<boolean>();
  const close = (answer: boolean) => () => {
    open = undefined;
    tell();
    resolve(answer);
  };
  open = { prompt: { kind, problem, done: close(true), cancel: close(false) }, result };
  tell();
  return result;
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((given) => (resolve = given));
  return { promise, resolve };
}

export const usePrompt = (): Prompt | undefined =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => open?.prompt,
  );
