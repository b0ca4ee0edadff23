import { Group, Table, Text } from '@mantine/core';
import type { JSX } from 'react';
import { useCaseCodes } from '../../i18n/case-codes.ts';
import { Section } from '../../ui/Page.tsx';
import { PlainTable } from '../../ui/tables.tsx';
import { Day } from '../../ui/values.tsx';
import type { CaseFile } from './case-file.ts';
import { Part } from './Part.tsx';
import { ProposeButton, SanctionButtons } from './deeds/Sanctions.tsx';
import { useWords } from './words.ts';

interface Props {
  readonly row: CaseFile;
  readonly onReload: () => void;
}

/** The sanctions of the case, what may be done to each of them, and a new proposal. */
export function Sanctions({ row, onReload }: Props): JSX.Element {
  const words = useWords();
  return (
    <Section title={words.sanctions}>
      <Part row={row} name="sanctions">
        {row.sanctions.length === 0 ? (
          <Text size="sm">{words.noSanctions}</Text>
        ) : (
          <SanctionTable {...{ row, onReload }} />
        )}
      </Part>
      <Group gap="xs" mt="xs">
        <ProposeButton row={row} onReload={onReload} />
      </Group>
    </Section>
  );
}

function SanctionTable({ row, onReload }: Props): JSX.Element {
  const words = useWords();
  const codes = useCaseCodes();
  const acts = row.sanctions.some(({ allowed }) => allowed.length > 0);
  return (
    <PlainTable
      label={words.sanctions}
      minWidth={720}
      headers={[
        words.officer,
        words.kind,
        words.track,
        words.status,
        words.runs,
        words.basis,
        words.reason,
        ...(acts ? [words.actions] : []),
      ]}
    >
      {row.sanctions.map((one) => (
        <Table.Tr key={one.id}>
          <Table.Td>{one.officer}</Table.Td>
          <Table.Td>{codes.sanctionKind[one.kind]}</Table.Td>
          <Table.Td>{codes.track[one.track]}</Table.Td>
          <Table.Td>
            {codes.sanctionStatus[one.status]}
            {one.servedOn !== null && (
              <>
                {' '}
                <Day on={one.servedOn} />
              </>
            )}
          </Table.Td>
          <Table.Td>
            {one.effectiveFrom !== null && <Day on={one.effectiveFrom} />}
            {one.endsOn !== null && (
              <>
                {' – '}
                <Day on={one.endsOn} />
              </>
            )}
          </Table.Td>
          <Table.Td>{one.basis.join('; ')}</Table.Td>
          <Table.Td>{one.reason}</Table.Td>
          {acts && (
            <Table.Td>
              <SanctionButtons row={row} sanction={one} onReload={onReload} />
            </Table.Td>
          )}
        </Table.Tr>
      ))}
    </PlainTable>
  );
}
