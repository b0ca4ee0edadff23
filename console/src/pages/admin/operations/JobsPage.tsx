import { Button, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import { answer, api, type components } from '../../../api/client.ts';
import { useDeed, usePageOf } from '../../../api/hooks.ts';
import { options } from '../../../i18n/codes.ts';
import { useCommonWords } from '../../../i18n/common.ts';
import { ConfirmDeed } from '../../../ui/ConfirmDeed.tsx';
import { DataTable, type Column } from '../../../ui/DataTable.tsx';
import { FilterBar, FilterSelect } from '../../../ui/FilterBar.tsx';
import { useFilters, usePaging } from '../../../ui/filters.ts';
import { Page, Section } from '../../../ui/Page.tsx';
import { Empty, Loaded, StateBadge, type Tone } from '../../../ui/states.tsx';
import { PlainTable } from '../../../ui/tables.tsx';
import { Time } from '../../../ui/values.tsx';
import { Subjects } from '../Subjects.tsx';
import { useWords } from '../words.ts';

type Job = components['schemas']['JobView'];

const tones: Readonly<Record<Job['state'], Tone>> = { RUNNING: 'active', WAITING: 'new', FAILED: 'late' };

/** A kind of work in words, or its name where there are none. */
function useTaskName(): (task: string) => string {
  const { tasks } = useWords();
  return (task) => (tasks as Readonly<Record<string, string>>)[task] ?? task;
}

/** The work in the background: kinds, states and times, nothing of what it is about. */
export default function JobsPage(): JSX.Element {
  const words = useWords();
  const common = useCommonWords();
  const taskName = useTaskName();
  const filters = useFilters(['state']);
  const paging = usePaging();
  const [retrying, setRetrying] = useState<Job>();
  const { values } = filters;
  const query = usePageOf(['operations', 'jobs', values, paging.cursor], (signal) =>
    answer(
      api.GET('/api/v1/operations/jobs', {
        signal,
        params: {
          query: {
            state: values.state as Job['state'] | undefined,
            cursor: paging.cursor,
            limit: 50,
            count: true,
          },
        },
      }),
    ),
  );
  const retry = useDeed({
    run: ({ id, reason }: { id: string; reason: string }) =>
      api.POST('/api/v1/operations/jobs/{id}/retry', { params: { path: { id } }, body: { reason } }),
    invalidates: [['operations']],
    said: words.retried,
  });
  const columns: Column<Job>[] = [
    { key: 'task', header: words.task, cell: ({ task }) => taskName(task), csv: ({ task }) => task },
    {
      key: 'state',
      header: words.state,
      cell: ({ state }) => <StateBadge tone={tones[state]}>{words.jobStates[state]}</StateBadge>,
      csv: ({ state }) => words.jobStates[state],
    },
    {
      key: 'attempts',
      header: words.attempts,
      cell: ({ attempts, maxAttempts }) => words.ofAttempts(attempts, maxAttempts),
      csv: ({ attempts }) => attempts,
    },
    {
      key: 'queued',
      header: words.queued,
      cell: ({ createdAt }) => <Time at={createdAt} />,
      csv: ({ createdAt }) => createdAt,
    },
    { key: 'due', header: words.due, cell: ({ runAt }) => <Time at={runAt} />, csv: ({ runAt }) => runAt },
    {
      key: 'started',
      header: words.started,
      cell: ({ startedAt }) => (startedAt ? <Time at={startedAt} /> : '—'),
      csv: ({ startedAt }) => startedAt,
    },
    {
      key: 'retry',
      header: words.retryNow,
      cell: (job) =>
        job.state === 'FAILED' ? (
          <Button size="compact-xs" variant="default" onClick={() => setRetrying(job)}>
            {words.retryNow}
          </Button>
        ) : (
          '—'
        ),
    },
  ];
  return (
    <Page title={words.jobs} lead={words.jobsHint}>
      <Subjects />
      <FilterBar any={filters.any} onClear={() => filters.clear()}>
        <FilterSelect
          label={words.state}
          data={options(words.jobStates)}
          value={values.state}
          onChange={(state) => filters.set({ state })}
        />
      </FilterBar>
      <Section title={words.jobs}>
        <Loaded query={query}>
          {({ items, nextCursor, total }) => (
            <DataTable
              caption={words.jobs}
              columns={columns}
              rows={items}
              rowKey={({ id }) => id}
              fetching={query.isPlaceholderData}
              paging={{ ...paging, nextCursor, total }}
              csvName="jobs.csv"
              empty={filters.any ? <Empty>{common.nothingFound}</Empty> : <Empty title={words.noJobs} />}
            />
          )}
        </Loaded>
      </Section>
      <RegularWork />
      {retrying && (
        <ConfirmDeed
          opened
          onClose={() => setRetrying(undefined)}
          title={words.retryNow}
          explain={`${taskName(retrying.task)}: ${words.retryExplain}`}
          confirm={words.retryNow}
          reason="required"
          run={(reason) => retry.mutateAsync({ id: retrying.id, reason })}
        />
      )}
    </Page>
  );
}

function RegularWork(): JSX.Element {
  const words = useWords();
  const taskName = useTaskName();
  const query = useQuery({
    queryKey: ['operations', 'regular-work'],
    queryFn: () => answer(api.GET('/api/v1/operations/regular-work')),
  });
  return (
    <Section title={words.regular}>
      <Text size="sm" c="dimmed" mb="sm">
        {words.regularHint}
      </Text>
      <Loaded query={query}>
        {(rows) => (
          <PlainTable
            label={words.regular}
            headers={[words.task, words.every, words.lastQueued]}
            minWidth={320}
          >
            {rows.map(({ task, every, lastQueuedAt }) => (
              <Table.Tr key={task}>
                <Table.Td>{taskName(task)}</Table.Td>
                <Table.Td>{words.everyWords[every]}</Table.Td>
                <Table.Td>{lastQueuedAt ? <Time at={lastQueuedAt} /> : words.never}</Table.Td>
              </Table.Tr>
            ))}
          </PlainTable>
        )}
      </Loaded>
    </Section>
  );
}
