import { Button, Select, TextInput } from '@mantine/core';
import { useState, type JSX } from 'react';
import { answer, api, ifMatch, type components } from '../../../api/client.ts';
import { useOrganName, usePageOf } from '../../../api/hooks.ts';
import { options } from '../../../i18n/codes.ts';
import { DeedDialog } from '../../../ui/DeedDialog.tsx';
import type { Column } from '../../../ui/DataTable.tsx';
import { FilterBar, FilterSelect, SearchField } from '../../../ui/FilterBar.tsx';
import { useFilters, usePaging, useQuietText } from '../../../ui/filters.ts';
import { ListOf } from '../../../ui/ListOf.tsx';
import { Page } from '../../../ui/Page.tsx';
import { Empty } from '../../../ui/states.tsx';
import { OrganField } from '../OrganField.tsx';
import { Subjects } from '../Subjects.tsx';
import { useWords } from '../words.ts';

type Organ = components['schemas']['OrganView'];
type Level = Organ['level'];

/** The tree of organs, by code, so that what belongs together stands together. */
export default function OrgansPage(): JSX.Element {
  const words = useWords();
  const organName = useOrganName();
  const filters = useFilters(['level']);
  const [q, setQ] = useQuietText('q');
  const paging = usePaging();
  const [adding, setAdding] = useState(false);
  const [renaming, setRenaming] = useState<Organ>();
  const { values } = filters;
  const query = usePageOf(['organs', 'list', values, q, paging.cursor], (signal) =>
    answer(
      api.GET('/api/v1/organs', {
        signal,
        params: {
          query: {
            level: values.level as Level | undefined,
            q: q === '' ? undefined : q,
            cursor: paging.cursor,
            limit: 50,
            count: true,
          },
        },
      }),
    ),
  );
  const columns: Column<Organ>[] = [
    { key: 'code', header: words.code, cell: ({ code }) => code, csv: ({ code }) => code },
    { key: 'name', header: words.name, cell: ({ name }) => name, csv: ({ name }) => name },
    {
      key: 'level',
      header: words.level,
      cell: ({ level }) => words.levels[level],
      csv: ({ level }) => words.levels[level],
    },
    {
      key: 'parent',
      header: words.parent,
      cell: ({ parentId }) => (parentId === null ? '—' : organName(parentId)),
      csv: ({ parentId }) => (parentId === null ? '' : organName(parentId)),
    },
    {
      key: 'rename',
      header: words.rename,
      cell: (organ) => (
        <Button size="compact-xs" variant="default" onClick={() => setRenaming(organ)}>
          {words.rename}
        </Button>
      ),
    },
  ];
  return (
    <Page
      title={words.organs}
      lead={words.organsHint}
      actions={<Button onClick={() => setAdding(true)}>{words.newOrgan}</Button>}
    >
      <Subjects />
      <FilterBar any={filters.any || q !== ''} onClear={() => filters.clear()}>
        <SearchField label={words.searchOrgans} value={q} onChange={setQ} />
        <FilterSelect
          label={words.level}
          data={options(words.levels)}
          value={values.level}
          onChange={(level) => filters.set({ level })}
        />
      </FilterBar>
      <ListOf
        query={query}
        paging={paging}
        caption={words.organs}
        columns={columns}
        rowKey={({ id }) => id}
        csvName="organs.csv"
        filtered={filters.any || q !== ''}
        empty={<Empty title={words.noOrgans} />}
      />
      {adding && <NewOrgan onClose={() => setAdding(false)} />}
      {renaming && (
        <Rename
          organ={renaming}
          onClose={() => setRenaming(undefined)}
          onReload={() => {
            setRenaming(undefined);
            void query.refetch();
          }}
        />
      )}
    </Page>
  );
}

function NewOrgan({ onClose }: { onClose: () => void }): JSX.Element {
  const words = useWords();
  const [code, setCode] = useState('');
  const [name, setName] = useState('');
  const [level, setLevel] = useState<Level | null>(null);
  const [parentId, setParentId] = useState<string | null>(null);
  return (
    <DeedDialog
      onClose={onClose}
      title={words.newOrgan}
      explain={words.newOrganExplain}
      confirm={words.newOrgan}
      ready={code !== '' && name.trim() !== '' && level !== null}
      request={() => api.POST('/api/v1/organs', { body: { code, name, level: level!, parentId } })}
      invalidates={[['organs']]}
      said={words.organAdded}
      shownFields={['code', 'name', 'level', 'parentId']}
    >
      {(fields) => (
        <>
          <TextInput
            label={words.code}
            description={words.codeHint}
            required
            maxLength={80}
            value={code}
            error={fields['code']}
            onChange={({ currentTarget }) => setCode(currentTarget.value)}
            data-autofocus
          />
          <TextInput
            label={words.name}
            required
            maxLength={200}
            value={name}
            error={fields['name']}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <Select
            label={words.level}
            required
            data={options(words.levels)}
            value={level}
            error={fields['level']}
            onChange={(chosen) => setLevel(chosen)}
          />
          <OrganField
            label={words.parent}
            description={words.parentHint}
            value={parentId}
            error={fields['parentId']}
            onChange={setParentId}
          />
        </>
      )}
    </DeedDialog>
  );
}

interface RenameProps {
  readonly organ: Organ;
  readonly onClose: () => void;
  readonly onReload: () => void;
}

function Rename({ organ, onClose, onReload }: RenameProps): JSX.Element {
  const words = useWords();
  const [name, setName] = useState(organ.name);
  return (
    <DeedDialog
      onClose={onClose}
      title={words.rename}
      explain={`${organ.code}: ${words.renameExplain}`}
      confirm={words.rename}
      reason="required"
      ready={name.trim() !== '' && name !== organ.name}
      request={(reason) =>
        api.PATCH('/api/v1/organs/{id}', {
          params: { path: { id: organ.id }, header: ifMatch(organ.version) },
          body: { name, reason },
        })
      }
      invalidates={[['organs']]}
      said={words.renamed}
      onReload={onReload}
      shownFields={['name']}
    >
      {(fields) => (
        <TextInput
          label={words.name}
          required
          maxLength={200}
          value={name}
          error={fields['name']}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
      )}
    </DeedDialog>
  );
}
