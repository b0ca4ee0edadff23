import { MultiSelect } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import { answer, api } from '../../../api/client.ts';
import { useFieldWords } from './words.ts';

/** The officers who go, sought by name or badge number. */
export function OfficersField({
  value,
  onChange,
  error,
}: {
  value: readonly string[];
  onChange: (ids: string[]) => void;
  error?: string | undefined;
}): JSX.Element {
  const words = useFieldWords();
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed.trim(), 250);
  // Those who are chosen keep their name when the search goes on.
  const [known, setKnown] = useState<Readonly<Record<string, string>>>({});
  const { data } = useQuery({
    queryKey: ['officers', 'search', q],
    enabled: q.length >= 2,
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/officers', { signal, params: { query: { q, limit: 20 } } })),
  });
  const found = (data?.items ?? []).map(({ id, name, badgeNumber }) => ({
    value: id,
    label: [name, badgeNumber].filter(Boolean).join(' · ') || id,
  }));
  const chosen = value
    .filter((id) => found.every((one) => one.value !== id))
    .map((id) => ({ value: id, label: known[id] ?? id }));
  return (
    <MultiSelect
      label={words.officersWhoGo}
      description={words.hints.officers}
      data={[...chosen, ...found]}
      value={[...value]}
      onChange={(ids) => {
        setKnown((before) => ({
          ...before,
          ...Object.fromEntries(found.map((one) => [one.value, one.label])),
        }));
        onChange(ids);
      }}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      // The server has searched already.
      filter={({ options }) => options}
      nothingFoundMessage={q.length < 2 ? undefined : words.noOfficers}
      error={error}
      data-field="officerIds"
    />
  );
}
