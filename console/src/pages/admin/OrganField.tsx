import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type JSX, type ReactNode } from 'react';
import { answer, api } from '../../api/client.ts';
import { useCommonWords } from '../../i18n/common.ts';

interface Props {
  readonly label: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly value: string | null;
  readonly onChange: (id: string | null) => void;
  readonly error?: ReactNode;
}

/** One organ, found by its name or code as one types. */
export function OrganField({ value, onChange, ...field }: Props): JSX.Element {
  const common = useCommonWords();
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed, 250);
  const query = useQuery({
    queryKey: ['organs', 'found', q],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/organs', { signal, params: { query: { limit: 20, q: q === '' ? undefined : q } } }),
      ),
  });
  const data = (query.data?.items ?? []).map(({ id, code, name }) => ({
    value: id,
    label: name === code ? name : `${name} (${code})`,
  }));
  return (
    <Select
      {...field}
      data={data}
      value={value}
      onChange={(id) => onChange(id)}
      searchable
      clearable={field.required !== true}
      // The text of what is chosen is no search.
      onSearchChange={(text) => setTyped(data.some(({ label }) => label === text) ? '' : text)}
      filter={({ options }) => options}
      nothingFoundMessage={common.nothingHere}
    />
  );
}
