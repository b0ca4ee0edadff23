/** A place in a draft as forms name it, such as `allegations.0.facts.kind`: the interface's pointer with dots. */
export type Path = string;

export function valueAt(root: unknown, path: Path): unknown {
  let at = root;
  for (const part of path.split('.')) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string, unknown>)[part];
  }
  return at;
}

/** A copy with another value in that place; what is missing on the way is made. */
export function withValue<T>(root: T, path: Path, value: unknown): T {
  const [first = '', ...rest] = path.split('.');
  const copy = (Array.isArray(root) ? [...(root as unknown[])] : { ...root }) as Record<string, unknown>;
  copy[first] = rest.length === 0 ? value : withValue(copy[first] ?? {}, rest.join('.'), value);
  return copy as T;
}

/** Whether one place is the other, or within it. */
export const within = (path: Path, outer: Path): boolean => path === outer || path.startsWith(`${outer}.`);
