import { rem, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import { answer, api } from '../api/client.ts';
import { useCommonWords } from '../i18n/common.ts';

interface Props {
  readonly label: string;
  readonly description?: string;
  /** The id of the case. */
  readonly value: string | undefined;
  readonly onChange: (id: string | null) => void;
  readonly error?: string | undefined;
  readonly required?: boolean;
}

/** Finds a case by its reference, among those that one may read. What is typed is sent, and kept nowhere. */
export function CasePicker({ label, description, value, onChange, error, required }: Props): JSX.Element {
  const words = useCommonWords();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<{ value: string; label: string }>();
  const [search] = useDebouncedValue(typed.trim(), 250);
  const asked = search.length >= 2 && search !== chosen?.label;
  const { data } = useQuery({
    queryKey: ['cases', 'picker', search],
    enabled: asked,
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/cases', { signal, params: { query: { q: search, limit: 10 } } })),
  });
  const found = (asked ? (data?.items ?? []) : []).map(({ id, reference }) => ({
    value: id,
    label: reference,
  }));
  // A case that the address brought has no reference here until it is found: to ask for it would be a read of it.
  const present =
    value === undefined
      ? []
      : [chosen?.value === value ? chosen : { value, label: words.chosenCase(value.slice(-8)) }];
  const options = [...present.filter((one) => found.every((other) => other.value !== one.value)), ...found];
  return (
    <Select
      label={label}
      description={description}
      placeholder={words.searchHint}
      data={options}
      filter={({ options: all }) => all}
      searchable
      clearable
      searchValue={typed}
      onSearchChange={setTyped}
      nothingFoundMessage={asked && data ? words.nothingFound : undefined}
      value={value ?? null}
      onChange={(id, option) => {
        setChosen(id === null ? undefined : { value: id, label: option?.label ?? id });
        onChange(id);
      }}
      error={error}
      required={required ?? false}
      w={{ base: '100%', xs: rem(260) }}
    />
  );
}
