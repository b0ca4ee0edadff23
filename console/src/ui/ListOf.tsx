import type { JSX, ReactNode } from 'react';
import { useCommonWords } from '../i18n/common.ts';
import { DataTable, type Column } from './DataTable.tsx';
import type { Paging } from './filters.ts';
import { Empty, Loaded } from './states.tsx';

interface PageOf<R> {
  readonly items: R[];
  readonly nextCursor: string | null;
  readonly total?: number;
}

interface Props<R> {
  /** One page of the list, as the interface gives it. */
  readonly query: {
    readonly data: PageOf<R> | undefined;
    readonly error: unknown;
    readonly isPending: boolean;
    readonly isPlaceholderData: boolean;
    readonly refetch: () => unknown;
  };
  readonly paging: Paging;
  readonly caption: string;
  readonly columns: readonly Column<R>[];
  readonly rowKey: (row: R) => string;
  readonly csvName?: string;
  /** Something is searched for: that nothing is found says nothing of the list. */
  readonly filtered?: boolean;
  /** In place of a list that holds nothing at all. */
  readonly empty: ReactNode;
}

/** A list of the interface: its table with pages, and what stands there while it comes, when it fails or is empty. */
export function ListOf<R>({ query, paging, filtered = false, empty, ...table }: Props<R>): JSX.Element {
  const words = useCommonWords();
  return (
    <Loaded query={query}>
      {({ items, nextCursor, total }) => (
        <DataTable
          {...table}
          rows={items}
          fetching={query.isPlaceholderData}
          paging={{ ...paging, nextCursor, ...(total === undefined ? {} : { total }) }}
          empty={filtered ? <Empty>{words.nothingFound}</Empty> : empty}
        />
      )}
    </Loaded>
  );
}
