import { useSyncExternalStore } from 'react';
import type { Problem } from './problem.ts';

/**
 * What the person is asked in the middle of a request: to sign in again, or to prove who they are. The request waits
 * and is then sent again, so nothing that was typed is lost. The dialogs are in app/Prompts.tsx.
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

/** Asks, or waits for the answer that is asked for already. @returns whether the request is worth repeating */
export function ask(kind: Prompt['kind'], problem: Problem): Promise<boolean> {
  if (open?.prompt.kind === kind) return open.result;
  // One dialog at a time: the second waits for the first.
  const before = open?.result ?? Promise.resolve(true);
  const result = before.then(
    () =>
      new Promise<boolean>((resolve) => {
        const close = (answer: boolean) => () => {
          open = undefined;
          tell();
          resolve(answer);
        };
        open = { prompt: { kind, problem, done: close(true), cancel: close(false) }, result };
        tell();
      }),
  );
  // Until the promise's body runs nobody else must open a second one.
  open ??= { prompt: { kind, problem, done: () => undefined, cancel: () => undefined }, result };
  return result;
}

export const usePrompt = (): Prompt | undefined =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => open?.prompt,
  );
