import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState, type JSX } from 'react';
import { answer, api, type components } from '../../api/client.ts';
import type { ChosenOfficer } from './draft.ts';
import { useField } from './form.tsx';
import type { Path } from './paths.ts';
import { useWords } from './words.ts';

type Officer = components['schemas']['OfficerView'];

const labelOf = ({ name, badgeNumber, rank }: Officer): string =>
  [name, badgeNumber, rank].filter((part) => part !== null && part !== '').join(' · ');

/** An officer from the register, found by a part of the name or the badge number as one types. */
export function OfficerField({
  path,
  label,
  hint,
}: {
  path: Path;
  label: string;
  hint?: string;
}): JSX.Element {
  const words = useWords();
  const { value = null, set, error } = useField<ChosenOfficer | null>(path);
  const [typed, setTyped] = useState(value?.label ?? '');
  const [left, setLeft] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const [q] = useDebouncedValue(typed.trim(), 300);
  // What stands in the field after a choice is no search.
  const wanted = q.length >= 2 && q !== value?.label;
  const { data, isFetching, isError } = useQuery({
    queryKey: ['officers', 'search', q],
    enabled: wanted,
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/officers', { signal, params: { query: { q: q.slice(0, 200), limit: 20 } } })),
  });
  const found = wanted ? (data?.items ?? []) : [];
  const options = found.map((officer) => ({ value: officer.id, label: labelOf(officer) }));
  if (value && !options.some((option) => option.value === value.id)) {
    options.unshift({ value: value.id, label: value.label });
  }
  return (
    <div data-path={path}>
      <Select
        label={label}
        description={hint ?? words.officerHint}
        data={options}
        value={value?.id ?? null}
        error={
          error ??
          (isError ? words.officerSearchFailed : undefined) ??
          (left && value === null && typed.trim() !== '' ? words.nobodyChosen : undefined)
        }
        searchable
        clearable
        ref={input}
        searchValue={typed}
        onSearchChange={(text) => {
          // Where nobody is chosen, what was typed stays when the field is left, also for a dialog over the page.
          if (text !== '' || document.activeElement === input.current) setTyped(text);
        }}
        onFocus={() => setLeft(false)}
        onBlur={() => setLeft(true)}
        // The interface has searched already.
        filter={({ options: all }) => all}
        nothingFoundMessage={
          isFetching ? words.searching : wanted ? words.noOfficer : words.typeTwoCharacters
        }
        onChange={(id) => {
          const chosen = options.find((option) => option.value === id);
          set(chosen ? { id: chosen.value, label: chosen.label } : null);
          setTyped(chosen?.label ?? '');
        }}
      />
    </div>
  );
}
