import { Table } from '@mantine/core';
import type { JSX, ReactNode } from 'react';
import { Value } from './states.tsx';

/** A label and a value a line; a value that is missing says so. */
export const Lines = ({ lines }: { lines: readonly (readonly [string, ReactNode])[] }): JSX.Element => (
  <Table variant="vertical" verticalSpacing={6}>
    <Table.Tbody>
      {lines.map(([label, value]) => (
        <Table.Tr key={label}>
          <Table.Th scope="row" w={170}>
            {label}
          </Table.Th>
          <Table.Td style={{ overflowWrap: 'anywhere' }}>
            <Value>{value}</Value>
          </Table.Td>
        </Table.Tr>
      ))}
    </Table.Tbody>
  </Table>
);

interface Props {
  /** What it holds; said of it as a region, which the keyboard can scroll. */
  readonly label: string;
  readonly headers: readonly string[];
  readonly minWidth: number;
  /** The rows, as `<Table.Tr>`. */
  readonly children: ReactNode;
}

/** A short table without pages or filters; for those there is DataTable. */
export const PlainTable = ({ label, headers, minWidth, children }: Props): JSX.Element => (
  <Table.ScrollContainer minWidth={minWidth} type="native" tabIndex={0} role="region" aria-label={label}>
    <Table verticalSpacing={6}>
      <Table.Thead>
        <Table.Tr>
          {headers.map((header) => (
            <Table.Th key={header} scope="col" style={{ whiteSpace: 'nowrap' }}>
              {header}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>{children}</Table.Tbody>
    </Table>
  </Table.ScrollContainer>
);
