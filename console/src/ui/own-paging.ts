import { useState } from 'react';
import type { Paging } from './filters.ts';

/** The pages of a list that shares its page with another: they are in no address, since there is one place for them. */
export function useOwnPaging(): Paging & { readonly restart: () => void } {
  const [trail, setTrail] = useState<readonly string[]>([]);
  return {
    cursor: trail.at(-1),
    page: trail.length + 1,
    next: (cursor) => setTrail([...trail, cursor]),
    previous: () => setTrail(trail.slice(0, -1)),
    restart: () => setTrail([]),
  };
}
