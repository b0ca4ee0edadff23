import { rem, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import { answer, api } from '../api/client.ts';

interface Named {
  readonly id: string;
  readonly name: string | null;
  readonly badgeNumber: string | null;
}

const optionOf = ({ id, name, badgeNumber }: Named): { value: string; label: string } => ({
  value: id,
  label: [name, badgeNumber].filter(Boolean).join(' · ') || id,
});

/** One officer as a filter, found by name or badge number; only the id goes into the address. */
export function OfficerFilter({
  label,
  placeholder,
  value,
  onChange,
}: {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string | undefined;
  readonly onChange: (id: string | null) => void;
}): JSX.Element {
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed.trim(), 250);
  const { data } = useQuery({
    queryKey: ['officers', 'search', q],
    enabled: q.length >= 2,
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/officers', { signal, params: { query: { q, limit: 20 } } })),
  });
  const found = (data?.items ?? []).map(optionOf);
  const isFound = found.some((one) => one.value === value);
  // An id from the address has no name yet.
  const chosen = useQuery({
    queryKey: ['officers', value],
    enabled: value !== undefined && !isFound,
    staleTime: 600_000,
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/officers/{id}', { signal, params: { path: { id: value! } } })),
  });
  const known = !isFound && chosen.data ? [optionOf(chosen.data)] : [];
  return (
    <Select
      label={label}
      placeholder={placeholder}
      data={[...known, ...found]}
      value={value ?? null}
      onChange={onChange}
      searchable
      onSearchChange={setTyped}
      // The server has searched already.
      filter={({ options }) => options}
      clearable
      w={{ base: '100%', xs: rem(176) }}
    />
  );
}
