/**
 * What somebody has typed and not sent yet, kept for the window (ADR 26): over a reload, a way back and an ended
 * session, for the person who typed it and no other. It ends with the window, at signing out, and with its time.
 */
const PREFIX = 'plumbline.draft.';
/** After so long it asks whether to go on; after a day it is gone. */
export const DRAFT_RESTS_MS = 8 * 3_600_000;
export const DRAFT_ENDS_MS = 24 * 3_600_000;

export interface KeptDraft<T> {
  readonly changedAt: number;
  readonly value: T;
}

const listeners = new Set<() => void>();
const keyOf = (user: string, name: string): string => `${PREFIX}${user}.${name}`;

/** Told when drafts were removed, to forget what is in memory too. */
export function onDraftsDropped(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** @returns false when the browser has no room for it; then it is only on the page */
export function keepDraft<T>(user: string, name: string, value: T, changedAt = Date.now()): boolean {
  try {
    sessionStorage.setItem(keyOf(user, name), JSON.stringify({ changedAt, value } satisfies KeptDraft<T>));
    return true;
  } catch {
    // An older state of it would be worse than none.
    sessionStorage.removeItem(keyOf(user, name));
    return false;
  }
}

export function readDraft<T>(user: string, name: string): KeptDraft<T> | undefined {
  try {
    const text = sessionStorage.getItem(keyOf(user, name));
    return text === null ? undefined : (JSON.parse(text) as KeptDraft<T>);
  } catch {
    return undefined;
  }
}

export const dropDraft = (user: string, name: string): void => sessionStorage.removeItem(keyOf(user, name));

/** Removes the drafts of everybody but this person; without one, all of them. */
export function dropDrafts(exceptOf?: string): void {
  const mine = exceptOf === undefined ? undefined : keyOf(exceptOf, '');
  const others = Object.keys(sessionStorage).filter(
    (key) => key.startsWith(PREFIX) && !(mine !== undefined && key.startsWith(mine)),
  );
  if (others.length === 0 && exceptOf !== undefined) return;
  others.forEach((key) => sessionStorage.removeItem(key));
  listeners.forEach((listener) => listener());
}
