import { useCallback, useState } from 'react';

/** A filter of the list under a name. It holds codes, days and ids of organs: no person and no search. */
export interface SavedView {
  readonly name: string;
  readonly search: string;
}

const MOST = 20;
const PERSONAL = ['officerId', 'cursor', 'page'];

const keyOf = (userId: string): string => `plumbline.views.cases.${userId}`;

function read(userId: string): SavedView[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(userId)) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isView) : [];
  } catch {
    return [];
  }
}

const isView = (value: unknown): value is SavedView =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as SavedView).name === 'string' &&
  typeof (value as SavedView).search === 'string';

/** What of an address a view may keep. */
export function withoutPersons(search: string): string {
  const params = new URLSearchParams(search);
  for (const name of PERSONAL) params.delete(name);
  params.sort();
  return params.toString();
}

interface SavedViews {
  readonly views: readonly SavedView[];
  readonly isFull: boolean;
  /** Replaces the view of the same name. */
  readonly save: (name: string, search: string) => void;
  readonly remove: (name: string) => void;
}

/** The views of one person in this browser. */
export function useSavedViews(userId: string): SavedViews {
  const [views, setViews] = useState(() => read(userId));
  const keep = useCallback(
    (next: SavedView[]) => {
      localStorage.setItem(keyOf(userId), JSON.stringify(next));
      setViews(next);
    },
    [userId],
  );
  const others = (name: string): SavedView[] => views.filter((one) => one.name !== name);
  return {
    views,
    isFull: views.length >= MOST,
    save: (name, search) => keep([...others(name), { name, search: withoutPersons(search) }]),
    remove: (name) => keep(others(name)),
  };
}
