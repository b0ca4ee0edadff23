import { Button, Group, Text } from '@mantine/core';
import type { JSX, ReactNode } from 'react';
import { useCommonWords } from '../i18n/common.ts';
import { formatNumber } from '../i18n/format.ts';
import { saveBlob } from '../api/download.ts';
import type { Paging } from './filters.ts';
import { DownloadIcon } from './icons.tsx';
import classes from './DataTable.module.css';

export interface Column<R> {
  readonly key: string;
  readonly header: string;
  readonly cell: (row: R) => ReactNode;
  /** The value in the CSV; a column without it is left out there. */
  readonly csv?: (row: R) => string | number | null | undefined;
  readonly align?: 'end';
}

interface Props<R> {
  /** What the table holds, for readers who do not see it. */
  readonly caption: string;
  readonly columns: readonly Column<R>[];
  readonly rows: readonly R[];
  readonly rowKey: (row: R) => string;
  /** The page before is still shown while the next one comes. */
  readonly fetching?: boolean;
  readonly paging?: Paging & { readonly nextCursor: string | null; readonly total?: number };
  /** The name of the CSV; without it there is none. */
  readonly csvName?: string;
  readonly empty: ReactNode;
}

/** A list: a table with a heading, a card for each row on a telephone, pages, and the CSV of what is shown. */
export function DataTable<R>(props: Props<R>): JSX.Element {
  const { caption, columns, rows, rowKey, fetching = false, paging, csvName, empty } = props;
  const words = useCommonWords();
  // A search may look through much and find nothing yet: what stands farther on is a page further.
  const more = paging !== undefined && (paging.page > 1 || paging.nextCursor !== null);
  if (rows.length === 0 && !more) return <>{empty}</>;
  const foot = paging !== undefined || csvName !== undefined;
  return (
    <div aria-busy={fetching}>
      {rows.length === 0 ? (
        empty
      ) : (
        <div className={classes['frame']} role="region" aria-label={caption} tabIndex={0}>
          {/* The roles are said since a telephone shows the rows as blocks, which takes them away. */}
          <table
            className={`${classes['table']} ${fetching ? classes['fetching'] : ''}`}
            role="table"
            aria-label={caption}
          >
            <thead role="rowgroup">
              <tr role="row">
                {columns.map(({ key, header, align }) => (
                  <th key={key} scope="col" role="columnheader" data-align={align}>
                    {header}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody role="rowgroup">
              {rows.map((row) => (
                <tr key={rowKey(row)} role="row">
                  {columns.map(({ key, header, cell, align }) => (
                    <td key={key} role="cell" data-label={header} data-align={align}>
                      <div>{cell(row)}</div>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {foot && (
        <div className={classes['foot']} data-print="no">
          <Text size="sm" c="dimmed" aria-live="polite">
            {paging && words.page(paging.page)}
            {paging?.total !== undefined && ` · ${words.total(formatNumber(paging.total))}`}
          </Text>
          <Group gap="xs">
            {csvName !== undefined && (
              <Button
                size="xs"
                variant="subtle"
                leftSection={<DownloadIcon size={15} />}
                onClick={() => saveBlob(csvOf(columns, rows), csvName)}
              >
                {words.saveCsv}
              </Button>
            )}
            {paging && (
              <>
                <Button size="xs" variant="default" disabled={paging.page === 1} onClick={paging.previous}>
                  {words.previousPage}
                </Button>
                <Button
                  size="xs"
                  variant="default"
                  disabled={paging.nextCursor === null}
                  onClick={() => paging.nextCursor !== null && paging.next(paging.nextCursor)}
                >
                  {words.nextPage}
                </Button>
              </>
            )}
          </Group>
        </div>
      )}
    </div>
  );
}

/** RFC 4180, with a mark of UTF-8 for spreadsheets; what a spreadsheet would compute is made a text. */
function csvOf<R>(columns: readonly Column<R>[], rows: readonly R[]): Blob {
  const field = (value: string | number | null | undefined): string => {
    const text = String(value ?? '');
    const harmless = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
  };
  const shown = columns.filter(({ csv }) => csv);
  const lines = [
    shown.map(({ header }) => field(header)),
    ...rows.map((row) => shown.map(({ csv }) => field(csv!(row)))),
  ];
  return new Blob(['\uFEFF', lines.map((line) => line.join(',')).join('\r\n'), '\r\n'], {
    type: 'text/csv;charset=utf-8',
  });
}
