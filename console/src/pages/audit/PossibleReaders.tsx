import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { answer, api, type components } from '../../api/client.ts';
import { useCodes } from '../../i18n/codes.ts';
import { legalToday } from '../../i18n/format.ts';
import { DataTable, type Column } from '../../ui/DataTable.tsx';
import { FilterDay } from '../../ui/FilterDay.tsx';
import { Empty, Loaded } from '../../ui/states.tsx';
import { Time } from '../../ui/values.tsx';
import { Account } from './Account.tsx';
import { useWords } from './words.ts';

type Row = components['schemas']['PossibleReaderView'];
type KeptOut = components['schemas']['KeptOutView'];

interface Props {
  readonly caseId: string;
  readonly on: string | undefined;
  readonly onDay: (day: string | null) => void;
}

/** Who could read the case on a day, by which role; and who was kept away from it. */
export function PossibleReaders({ caseId, on, onDay }: Props): JSX.Element {
  const words = useWords();
  return (
    <Stack gap="sm">
      <FilterDay label={words.onDay} value={on} max={legalToday()} onChange={onDay} />
      {on === undefined ? <Text size="sm">{words.chooseDay}</Text> : <OfDay caseId={caseId} on={on} />}
    </Stack>
  );
}

function OfDay({ caseId, on }: { caseId: string; on: string }): JSX.Element {
  const words = useWords();
  const query = useQuery({
    queryKey: ['audit', 'readers', caseId, on],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/access-reviews/cases/{id}/readers', {
          signal,
          params: { path: { id: caseId }, query: { on } },
        }),
      ),
  });
  const columns = useColumns();
  const grounds: Column<KeptOut> = {
    key: 'grounds',
    header: words.grounds,
    cell: (row) => row.grounds.map((ground) => words.conflict(ground)).join(', '),
    csv: (row) => row.grounds.join(' '),
  };
  return (
    <Loaded query={query}>
      {({ readers, keptOut }) => (
        <>
          <DataTable
            caption={words.couldRead}
            columns={columns}
            rows={readers}
            rowKey={({ userId, from }) => userId + from}
            csvName="could-read.csv"
            empty={<Empty>{words.nobodyCould}</Empty>}
          />
          {keptOut.length > 0 && (
            <>
              <Text size="sm" fw={600}>
                {words.keptOut}
              </Text>
              <DataTable
                caption={words.keptOut}
                columns={[...columns, grounds]}
                rows={keptOut}
                rowKey={({ userId, from }) => userId + from}
                csvName="kept-out.csv"
                empty={null}
              />
            </>
          )}
        </>
      )}
    </Loaded>
  );
}

function useColumns(): Column<Row>[] {
  const words = useWords();
  const { role } = useCodes();
  const through = (row: Row): string =>
    [...new Set(row.through.map((line) => `${role[line.role]}: ${words.relation(line.relation)}`))].join(
      '; ',
    );
  return [
    {
      key: 'who',
      header: words.account,
      cell: ({ userId, displayName }) => <Account id={userId} name={displayName} />,
      csv: ({ username }) => username,
    },
    { key: 'through', header: words.through, cell: through, csv: through },
    { key: 'from', header: words.fromTime, cell: ({ from }) => <Time at={from} />, csv: ({ from }) => from },
    {
      key: 'until',
      header: words.untilTime,
      cell: ({ until }) => (until === null ? words.endOfDay : <Time at={until} />),
      csv: ({ until }) => until,
    },
  ];
}
