import { Button } from '@mantine/core';
import { useState, type JSX } from 'react';
import { answer, api, ifMatch, type components } from '../../../api/client.ts';
import { useDeed, usePageOf } from '../../../api/hooks.ts';
import { useOwnAlertKinds } from '../../../i18n/alert-kinds.ts';
import type { Column } from '../../../ui/DataTable.tsx';
import { ListOf } from '../../../ui/ListOf.tsx';
import { useOwnPaging } from '../../../ui/own-paging.ts';
import { Empty, StateBadge, type Tone } from '../../../ui/states.tsx';
import { Time } from '../../../ui/values.tsx';
import { Answer } from './Answer.tsx';
import { alertState, type Stage } from './stages.ts';
import { useWords } from './words.ts';

type Row = components['schemas']['OwnAlertView'];

const tones: Readonly<Record<Row['state'], Tone>> = { OPEN: 'new', ANSWERED: 'waiting', CLOSED: 'done' };
const key = ['own-reading', 'alerts'];

/** Reading that a rule noticed, where asking does not tell the reader of a case. */
export function Alerts({ stage }: { stage: Stage }): JSX.Element {
  const words = useWords();
  const kinds = useOwnAlertKinds();
  const paging = useOwnPaging();
  const [asked, setAsked] = useState<string>();
  const query = usePageOf([...key, stage, paging.cursor], (signal) =>
    answer(
      api.GET('/api/v1/access-alerts/own', {
        signal,
        params: { query: { state: alertState[stage], cursor: paging.cursor, limit: 20, count: true } },
      }),
    ),
  );
  const say = useDeed({
    run: ({ row, ...body }: { row: Row; answer: string }) =>
      api.POST('/api/v1/access-alerts/{id}/answer', {
        params: { path: { id: row.id }, header: ifMatch(row.version) },
        body,
      }),
    invalidates: [['own-reading'], ['waiting']],
    said: words.answered,
    onDone: () => setAsked(undefined),
  });
  const columns: Column<Row>[] = [
    { key: 'at', header: words.readAt, cell: ({ readAt }) => <Time at={readAt} /> },
    { key: 'what', header: words.what, cell: ({ kind }) => kinds[kind] },
    {
      key: 'state',
      header: words.state,
      cell: ({ state }) => <StateBadge tone={tones[state]}>{words.alertStates[state]}</StateBadge>,
    },
  ];
  if (stage === 'WAITING') {
    columns.push({
      key: 'deed',
      header: words.deed,
      cell: ({ id }) => (
        <Button size="compact-sm" variant="default" onClick={() => setAsked(id)}>
          {words.sayWhy}
        </Button>
      ),
    });
  } else {
    columns.push({
      key: 'answer',
      header: words.answer,
      cell: (row) => row.answer ?? words.saidNothing,
    });
  }
  const row = query.data?.items.find(({ id }) => id === asked);
  return (
    <>
      <ListOf
        query={query}
        paging={paging}
        caption={words.alerts}
        columns={columns}
        rowKey={({ id }) => id}
        empty={<Empty title={words.noAlerts[stage]} />}
      />
      {row && (
        <Answer
          about={kinds[row.kind]}
          onClose={() => setAsked(undefined)}
          onReload={() => void query.refetch()}
          run={(said) => say.mutateAsync({ row, answer: said })}
        />
      )}
    </>
  );
}
