import { Anchor, Button, Group, Text } from '@mantine/core';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { answer, api, type components } from '../../../api/client.ts';
import { useOrganName, useOrganOptions, usePageOf } from '../../../api/hooks.ts';
import { formatDay, formatNumber, legalToday } from '../../../i18n/format.ts';
import { locales, useLanguage } from '../../../i18n/language.ts';
import { DataTable, type Column } from '../../../ui/DataTable.tsx';
import { FilterBar, FilterSelect } from '../../../ui/FilterBar.tsx';
import { useFilters } from '../../../ui/filters.ts';
import { Page, Section } from '../../../ui/Page.tsx';
import { Empty, Loaded } from '../../../ui/states.tsx';
import { Time } from '../../../ui/values.tsx';
import { DeploymentState } from '../states.tsx';
import { useWords } from '../words.ts';
import classes from './CalendarPage.module.css';
import { useCalendarWords } from './words.ts';

type Entry = components['schemas']['CalendarEntryView'];
type Day = components['schemas']['CalendarDayView'];

/** So many requests a day are named in the grid; the table under it has more, and the list of the day all. */
const SHOWN = 3;
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

/** The month so many months away. */
const monthFrom = (month: string, away: number): string => {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, number - 1 + away, 1)).toISOString().slice(0, 7);
};
const lastDay = (month: string): string =>
  new Date(Date.parse(`${monthFrom(month, 1)}-01`) - 86_400_000).toISOString().slice(0, 10);

/** What takes place when: a month at a time, by organ, with the same as a table. */
export default function CalendarPage(): JSX.Element {
  const words = useCalendarWords();
  const organs = useOrganOptions();
  const language = useLanguage();
  const filters = useFilters(['month', 'organId']);
  const asked = filters.values.month ?? '';
  const month = MONTH.test(asked) ? asked : legalToday().slice(0, 7);
  const { organId } = filters.values;
  const query = usePageOf(['deployments', 'calendar', month, organId], (signal) =>
    answer(
      api.GET('/api/v1/deployments/calendar', {
        signal,
        params: { query: { from: `${month}-01`, to: lastDay(month), organId } },
      }),
    ),
  );
  const name = new Intl.DateTimeFormat(locales[language], {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(`${month}-01T00:00:00Z`));
  return (
    <Page title={words.title} lead={words.lead}>
      <FilterBar any={filters.any} onClear={() => filters.clear()}>
        <FilterSelect
          label={words.organ}
          data={organs}
          value={organId}
          onChange={(chosen) => filters.set({ organId: chosen })}
        />
      </FilterBar>
      <Group gap="xs" mb="md" data-print="no">
        <Button variant="default" onClick={() => filters.set({ month: monthFrom(month, -1) })}>
          {words.earlier}
        </Button>
        <Button variant="default" onClick={() => filters.set({ month: monthFrom(month, 1) })}>
          {words.later}
        </Button>
      </Group>
      <Loaded query={query}>
        {({ days }) => (
          <>
            <Section title={name}>
              <Month days={days} />
            </Section>
            <Twin days={days} month={month} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Month({ days }: { days: readonly Day[] }): JSX.Element {
  const words = useCalendarWords();
  // Monday first, as the week has it here.
  const before = (new Date(`${days[0]!.day}T00:00:00Z`).getUTCDay() + 6) % 7;
  const today = legalToday();
  return (
    <>
      <div className={classes['month']} aria-hidden>
        {words.weekdays.split(' ').map((weekday) => (
          <span key={weekday} className={classes['weekday']}>
            {weekday}
          </span>
        ))}
      </div>
      <ol className={classes['month']}>
        {Array.from({ length: before }, (_, n) => (
          <li key={n} aria-hidden />
        ))}
        {days.map(({ day, count, officers, deployments }) => (
          <li key={day} className={classes['day']} data-today={day === today} data-empty={count === 0}>
            <time dateTime={day} className={classes['date']}>
              <span className={classes['whole']}>{formatDay(day)}</span>
              <span className={classes['number']} aria-hidden>
                {Number(day.slice(8))}
              </span>
            </time>
            {count > 0 && (
              <>
                {words.officers(formatNumber(officers))}
                <ul>
                  {deployments.slice(0, SHOWN).map(({ id, reference }) => (
                    <li key={id}>
                      <Anchor component={Link} size="xs" to={`/deployments/${id}`}>
                        {reference}
                      </Anchor>
                    </li>
                  ))}
                  {count > SHOWN && (
                    <li>
                      <Anchor component={Link} size="xs" to={`/deployments?day=${day}`}>
                        {words.more(count - SHOWN)}
                      </Anchor>
                    </li>
                  )}
                </ul>
              </>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}

/** The same as a table, for readers of tables and for the CSV. */
function Twin({ days, month }: { days: readonly Day[]; month: string }): JSX.Element {
  const words = useCalendarWords();
  const { statuses } = useWords();
  const organName = useOrganName();
  const rows = days.flatMap(({ day, deployments }) => deployments.map((entry) => ({ day, ...entry })));
  const columns: Column<Entry & { day: string }>[] = [
    { key: 'day', header: words.day, cell: ({ day }) => formatDay(day), csv: ({ day }) => day },
    {
      key: 'reference',
      header: words.reference,
      cell: ({ id, reference }) => (
        <Anchor component={Link} size="sm" to={`/deployments/${id}`}>
          {reference}
        </Anchor>
      ),
      csv: ({ reference }) => reference,
    },
    {
      key: 'state',
      header: words.state,
      cell: ({ status }) => <DeploymentState status={status} />,
      csv: ({ status }) => statuses[status],
    },
    {
      key: 'organ',
      header: words.organ,
      cell: ({ organId }) => organName(organId),
      csv: ({ organId }) => organName(organId),
    },
    { key: 'place', header: words.place, cell: ({ place }) => place, csv: ({ place }) => place },
    {
      key: 'begins',
      header: words.begins,
      cell: ({ startsAt }) => <Time at={startsAt} />,
      csv: ({ startsAt }) => startsAt,
    },
    {
      key: 'ends',
      header: words.ends,
      cell: ({ endsAt }) => <Time at={endsAt} />,
      csv: ({ endsAt }) => endsAt,
    },
    {
      key: 'force',
      header: words.force,
      align: 'end',
      cell: ({ officers }) => formatNumber(officers),
      csv: ({ officers }) => officers,
    },
  ];
  const more = days.filter(({ count, deployments }) => count > deployments.length);
  return (
    <>
      {more.length > 0 && (
        <Text size="sm" c="dimmed" mb="xs">
          {words.firstOnly(more[0]!.deployments.length)}
        </Text>
      )}
      <DataTable
        caption={words.requests}
        columns={columns}
        rows={rows}
        rowKey={({ id, day }) => `${day} ${id}`}
        csvName={`deployments-${month}.csv`}
        empty={<Empty>{words.none}</Empty>}
      />
    </>
  );
}
