import { useState, type JSX } from 'react';
import { answer, api, ifMatch, type components } from '../../api/client.ts';
import { usePageOf } from '../../api/hooks.ts';
import { useMay } from '../../app/ability.ts';
import { options } from '../../i18n/codes.ts';
import type { Column } from '../../ui/DataTable.tsx';
import { FilterBar, FilterSelect } from '../../ui/FilterBar.tsx';
import { useFilters, usePaging } from '../../ui/filters.ts';
import { ListOf } from '../../ui/ListOf.tsx';
import { Page } from '../../ui/Page.tsx';
import { Empty, StateBadge, type Tone } from '../../ui/states.tsx';
import { Time } from '../../ui/values.tsx';
import { useDeedColumn, useReadColumns } from './columns.tsx';
import { DeskNav } from './DeskNav.tsx';
import { useEventName } from '../../i18n/events.ts';
import { Verdict } from './Verdict.tsx';
import { useWords } from './words.ts';

type Row = components['schemas']['ReadQuestionView'];
type State = Row['state'];

const tones: Readonly<Record<State, Tone>> = {
  OPEN: 'new',
  OVERDUE: 'late',
  ANSWERED: 'waiting',
  JUDGED: 'done',
};
const key = ['audit', 'questions'];
/** Before an answer is there it is not judged, unless it is late. */
const judgeable: readonly State[] = ['OVERDUE', 'ANSWERED'];

/** The weekly "why did you look?": what was asked, what was said, and what was found. */
export default function QuestionsPage(): JSX.Element {
  const words = useWords();
  const filters = useFilters(['state']);
  const paging = usePaging();
  const { values } = filters;
  const [judging, setJudging] = useState<Row>();
  const query = usePageOf([...key, values, paging.cursor], (signal) =>
    answer(
      api.GET('/api/v1/read-questions/review', {
        signal,
        params: {
          query: {
            state: values.state as State | undefined,
            cursor: paging.cursor,
            limit: 50,
            count: true,
          },
        },
      }),
    ),
  );
  const columns = useColumns(setJudging);
  return (
    <Page title={words.questions} lead={words.questionsLead}>
      <DeskNav />
      <FilterBar any={filters.any} onClear={() => filters.clear()}>
        <FilterSelect
          label={words.stateOf}
          data={options(words.questionStates)}
          value={values.state}
          onChange={(state) => filters.set({ state })}
        />
      </FilterBar>
      <ListOf
        query={query}
        paging={paging}
        caption={words.questions}
        columns={columns}
        rowKey={({ id }) => id}
        csvName="questions.csv"
        empty={<Empty>{words.noQuestions}</Empty>}
      />
      {judging && (
        <Verdict
          title={words.judge}
          said={judging.answer}
          verdicts={words.questionVerdicts}
          onClose={() => setJudging(undefined)}
          onReload={() => void query.refetch()}
          request={(body) =>
            api.POST('/api/v1/read-questions/{id}/judge', {
              params: { path: { id: judging.id }, header: ifMatch(judging.version) },
              body,
            })
          }
          list={key}
          done={words.questionJudged}
        />
      )}
    </Page>
  );
}

function useColumns(onJudge: (row: Row) => void): Column<Row>[] {
  const words = useWords();
  const may = useMay();
  const eventName = useEventName();
  const shared = useReadColumns<Row>();
  const deed = useDeedColumn<Row>(words.judge, ({ state }) => judgeable.includes(state), onJudge);
  const columns: Column<Row>[] = [
    shared.at,
    {
      key: 'what',
      header: words.what,
      cell: (row) => eventName({ type: row.readType, words: row.words }),
      csv: ({ readType }) => readType,
    },
    shared.who,
    shared.case,
    { key: 'due', header: words.dueBy, cell: ({ dueAt }) => <Time at={dueAt} />, csv: ({ dueAt }) => dueAt },
    {
      key: 'state',
      header: words.stateOf,
      cell: ({ state }) => <StateBadge tone={tones[state]}>{words.questionStates[state]}</StateBadge>,
      csv: ({ state }) => words.questionStates[state],
    },
    {
      key: 'answer',
      header: words.answer,
      cell: (row) => row.answer ?? words.notYet,
      csv: (row) => row.answer,
    },
    {
      key: 'verdict',
      header: words.verdict,
      cell: ({ verdict, judgeReason }) =>
        verdict === null ? '—' : `${words.questionVerdicts[verdict]}: ${judgeReason ?? ''}`,
      csv: ({ verdict }) => verdict,
    },
  ];
  if (!may.can('judge', 'ReadQuestion')) return columns;
  return [...columns, deed];
}
