import { SegmentedControl, Text } from '@mantine/core';
import type { JSX } from 'react';
import { answer, api } from '../../api/client.ts';
import { usePageOf } from '../../api/hooks.ts';
import { CasePicker } from '../../ui/CasePicker.tsx';
import { FilterBar, FilterSelect } from '../../ui/FilterBar.tsx';
import { FilterDay } from '../../ui/FilterDay.tsx';
import { useFilters, usePaging } from '../../ui/filters.ts';
import { Page, Section } from '../../ui/Page.tsx';
import { Empty, Loaded } from '../../ui/states.tsx';
import { DeskNav } from './DeskNav.tsx';
import { FilterId } from './FilterId.tsx';
import { PossibleReaders } from './PossibleReaders.tsx';
import { readTypes, ReadsTable, type ReadType } from './ReadsTable.tsx';
import { useEventWords } from '../../i18n/events.ts';
import { useWords } from './words.ts';

/** Who read a case, who could have, and what somebody looked at. */
export default function ReadsPage(): JSX.Element {
  const words = useWords();
  const eventWords = useEventWords();
  const filters = useFilters(['by', 'caseId', 'userId', 'type', 'from', 'to', 'on']);
  const paging = usePaging();
  const { values } = filters;
  const byPerson = values.by === 'person';
  const of = byPerson ? values.userId : values.caseId;
  const query = usePageOf(['audit', 'reads', values, paging.cursor], async (signal) => {
    if (of === undefined) return null;
    const asked = {
      type: values.type as ReadType | undefined,
      from: values.from,
      to: values.to,
      cursor: paging.cursor,
      limit: 50,
    };
    const path = { id: of };
    return answer(
      byPerson
        ? api.GET('/api/v1/access-reviews/users/{id}/reads', { signal, params: { path, query: asked } })
        : api.GET('/api/v1/access-reviews/cases/{id}/reads', {
            signal,
            params: { path, query: { ...asked, userId: values.userId } },
          }),
    );
  });
  return (
    <Page title={words.reads} lead={words.readsLead}>
      <DeskNav />
      <FilterBar any={filters.any} onClear={() => filters.clear()}>
        <SegmentedControl
          aria-label={words.reads}
          data={[
            { value: 'case', label: words.byCase },
            { value: 'person', label: words.byPerson },
          ]}
          value={byPerson ? 'person' : 'case'}
          onChange={(by) => filters.set({ by })}
        />
        {!byPerson && (
          <CasePicker
            label={words.case}
            value={values.caseId}
            onChange={(caseId) => filters.set({ caseId })}
          />
        )}
        <FilterId
          label={words.account}
          value={values.userId}
          onChange={(userId) => filters.set({ userId })}
        />
        <FilterSelect
          label={words.what}
          data={readTypes.map((value) => ({ value, label: eventWords[value] }))}
          value={values.type}
          onChange={(type) => filters.set({ type })}
        />
        <FilterDay label={words.fromDay} value={values.from} onChange={(from) => filters.set({ from })} />
        <FilterDay label={words.toDay} value={values.to} onChange={(to) => filters.set({ to })} />
      </FilterBar>
      <Text size="sm" c="dimmed" mb="xs">
        {words.recorded}
      </Text>
      <Loaded query={query}>
        {(page) =>
          page === null ? (
            <Empty title={words.chooseTitle}>{byPerson ? words.choosePerson : words.chooseCase}</Empty>
          ) : (
            <ReadsTable
              rows={page.items}
              fetching={query.isPlaceholderData}
              paging={{ ...paging, nextCursor: page.nextCursor }}
            />
          )
        }
      </Loaded>
      {!byPerson && values.caseId !== undefined && (
        <Section title={words.couldRead}>
          <PossibleReaders caseId={values.caseId} on={values.on} onDay={(on) => filters.set({ on })} />
        </Section>
      )}
    </Page>
  );
}
