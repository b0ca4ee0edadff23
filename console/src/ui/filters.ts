import { useCallback, useEffect, useMemo, useRef } from 'react';
import { NavigationType, useLocation, useNavigate, useNavigationType, useSearchParams } from 'react-router';

export type FilterValues<K extends string> = Readonly<Partial<Record<K, string>>>;

export interface Filters<K extends string> {
  /** What is set, ready to be spread into `params.query`. */
  readonly values: FilterValues<K>;
  /** Sets some; undefined or '' takes one away. The list begins anew at its first page. */
  readonly set: (change: Partial<Record<K, string | undefined | null>>) => void;
  readonly clear: () => void;
  readonly any: boolean;
}

/** Filters that live in the address: codes, ids and days only. What a person typed goes through `useQuietText`. */
export function useFilters<const K extends string>(names: readonly K[]): Filters<K> {
  const [params, setParams] = useSearchParams();
  const list = names.join(' ');
  const values = useMemo(() => {
    const set: Partial<Record<K, string>> = {};
    for (const name of list.split(' ') as K[]) {
      const value = params.get(name);
      if (value !== null && value !== '') set[name] = value;
    }
    return set;
  }, [params, list]);
  const { state } = useLocation() as { state: Record<string, unknown> | null };
  // Two changes may come before the page is drawn again; the second must not undo the first.
  const latest = useRef(params);
  const underWay = useRef<string>(undefined);
  const navigation = useNavigationType();
  useEffect(() => {
    // On a slow machine the change before the last one may arrive only now.
    const isOlder = underWay.current !== undefined && underWay.current !== params.toString();
    if (isOlder && navigation !== NavigationType.Pop) return;
    underWay.current = undefined;
    latest.current = params;
  }, [params, navigation]);
  const set: Filters<K>['set'] = (change) => {
    const next = new URLSearchParams(latest.current);
    for (const [name, value] of Object.entries(change) as [K, string | undefined | null][]) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    next.delete('cursor');
    next.delete('page');
    latest.current = next;
    underWay.current = next.toString();
    setParams(next, { state: { ...state, trail: [] } });
  };
  const clear = (): void => {
    latest.current = new URLSearchParams();
    underWay.current = '';
    setParams(latest.current, { state: null });
  };
  return { values, set, clear, any: Object.keys(values).length > 0 };
}

/** A text that a person typed, such as a name: kept with the entry of the history, never in the address. */
export function useQuietText(name: string): [text: string, set: (text: string) => void] {
  const location = useLocation();
  const navigate = useNavigate();
  const state = location.state as Record<string, unknown> | null;
  const text = typeof state?.[name] === 'string' ? state[name] : '';
  const set = useCallback(
    (next: string) => {
      const search = new URLSearchParams(location.search);
      search.delete('cursor');
      search.delete('page');
      void navigate(
        { search: search.toString() },
        { replace: true, state: { ...state, [name]: next, trail: [] } },
      );
    },
    [location.search, navigate, state, name],
  );
  return [text, set];
}

export interface Paging {
  readonly cursor: string | undefined;
  readonly page: number;
  readonly next: (cursor: string) => void;
  readonly previous: () => void;
}

/** The page of a list, in the address; the way back is kept with the entry of the history. */
export function usePaging(): Paging {
  const [params, setParams] = useSearchParams();
  const location = useLocation();
  const state = location.state as { trail?: (string | null)[] } | null;
  const trail = state?.trail ?? [];
  const page = Math.max(1, Number(params.get('page')) || 1);
  const go = (cursor: string | null, to: number, next: (string | null)[]): void => {
    const search = new URLSearchParams(params);
    if (cursor === null) {
      search.delete('cursor');
      search.delete('page');
    } else {
      search.set('cursor', cursor);
      search.set('page', String(to));
    }
    setParams(search, { state: { ...state, trail: next } });
  };
  return {
    cursor: params.get('cursor') ?? undefined,
    page,
    next: (cursor) => go(cursor, page + 1, [...trail, params.get('cursor')]),
    previous: () => go(trail.at(-1) ?? null, page - 1, trail.slice(0, -1)),
  };
}
