import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import { answer, api } from '../../../api/client.ts';
import { useDelegationWords } from './words.ts';

interface Props {
  /** In whose place: those of the organ and of the units under it are offered. */
  readonly organId: string;
  readonly value: string | null;
  readonly onChange: (userId: string | null) => void;
  readonly error?: string | undefined;
}

/** Who is to stand in, sought by name or unit. */
export function DeputyField({ organId, value, onChange, error, ...props }: Props): JSX.Element {
  const words = useDelegationWords();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<{ value: string; label: string }>();
  const [search] = useDebouncedValue(typed.trim(), 250);
  // The text of what is chosen is no search.
  const q = search === chosen?.label ? '' : search;
  const { data } = useQuery({
    queryKey: ['deployment-delegations', 'candidates', organId, q],
    enabled: organId !== '',
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/deployment-delegations/candidates', {
          signal,
          params: { query: { organId, limit: 50, ...(q === '' ? {} : { q }) } },
        }),
      ),
  });
  const found = (data?.items ?? []).map(({ userId, name, unit }) => ({
    value: userId,
    label: `${name} · ${unit}`,
  }));
  const kept = chosen && found.every((one) => one.value !== chosen.value) ? [chosen] : [];
  return (
    <Select
      {...props}
      label={words.deputy}
      description={words.deputyHint}
      required
      disabled={organId === ''}
      data={[...kept, ...found]}
      // The server has searched already, in the unit too.
      filter={({ options }) => options}
      searchable
      clearable
      searchValue={typed}
      onSearchChange={setTyped}
      nothingFoundMessage={data && words.noDeputy}
      value={value}
      onChange={(id, option) => {
        setChosen(id === null ? undefined : { value: id, label: option?.label ?? id });
        onChange(id);
      }}
      error={error}
    />
  );
}
