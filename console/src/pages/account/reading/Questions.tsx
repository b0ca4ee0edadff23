import { Button } from '@mantine/core';
import { useState, type JSX } from 'react';
import { answer, api, ifMatch, type components } from '../../../api/client.ts';
import { useDeed, usePageOf } from '../../../api/hooks.ts';
import { useEventName } from '../../../i18n/events.ts';
import type { Column } from '../../../ui/DataTable.tsx';
import { ListOf } from '../../../ui/ListOf.tsx';
import { useOwnPaging } from '../../../ui/own-paging.ts';
import { Empty, StateBadge, type Tone } from '../../../ui/states.tsx';
import { Time } from '../../../ui/values.tsx';
import { Answer } from './Answer.tsx';
import { questionState, type Stage } from './stages.ts';
import { useWords } from './words.ts';

type Row = components['schemas']['OwnQuestionView'];
type State = Row['state'];

const tones: Readonly<Record<State, Tone>> = {
  OPEN: 'new',
  OVERDUE: 'late',
  ANSWERED: 'waiting',
  JUDGED: 'done',
};
const key = ['own-reading', 'questions'];

/** What the weekly sample asks the reader. An answer that is late is taken as well, until it is judged. */
export function Questions({ stage }: { stage: Stage }): JSX.Element {
  const words = useWords();
  const paging = useOwnPaging();
  const [asked, setAsked] = useState<string>();
  const nameOfEvent = useEventName();
  const nameOf = ({ readType, words: said }: Row): string => nameOfEvent({ type: readType, words: said });
  const query = usePageOf([...key, stage, paging.cursor], (signal) =>
    answer(
      api.GET('/api/v1/read-questions', {
        signal,
        params: {
          query: { state: questionState[stage], cursor: paging.cursor, limit: 20, count: true },
        },
      }),
    ),
  );
  const say = useDeed({
    run: ({ row, ...body }: { row: Row; answer: string }) =>
      api.POST('/api/v1/read-questions/{id}/answer', {
        params: { path: { id: row.id }, header: ifMatch(row.version) },
        body,
      }),
    invalidates: [['own-reading'], ['waiting']],
    said: words.answered,
    onDone: () => setAsked(undefined),
  });
  const purposeOf = ({ purpose }: Row): string => {
    if (purpose === null) return words.purposes.UNSTATED;
    const known: Readonly<Record<string, string>> = words.purposes;
    return [known[purpose.code] ?? purpose.code, purpose.reference].filter(Boolean).join(' ');
  };
  const columns: Column<Row>[] = [
    { key: 'at', header: words.readAt, cell: ({ readAt }) => <Time at={readAt} /> },
    { key: 'what', header: words.what, cell: nameOf },
    { key: 'purpose', header: words.stated, cell: purposeOf },
    {
      key: 'state',
      header: words.state,
      cell: ({ state }) => <StateBadge tone={tones[state]}>{words.questionStates[state]}</StateBadge>,
    },
    stage === 'WAITING'
      ? { key: 'due', header: words.due, cell: ({ dueAt }) => <Time at={dueAt} /> }
      : { key: 'answer', header: words.answer, cell: (row) => row.answer ?? words.saidNothing },
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
  }
  const row = query.data?.items.find(({ id }) => id === asked);
  return (
    <>
      <ListOf
        query={query}
        paging={paging}
        caption={words.questions}
        columns={columns}
        rowKey={({ id }) => id}
        empty={<Empty title={words.noQuestions[stage]} />}
      />
      {row && (
        <Answer
          about={nameOf(row)}
          onClose={() => setAsked(undefined)}
          onReload={() => void query.refetch()}
          run={(said) => say.mutateAsync({ row, answer: said })}
        />
      )}
    </>
  );
}
