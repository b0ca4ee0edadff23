import { Group } from '@mantine/core';
import type { JSX } from 'react';
import { useOrganOptions } from '../../api/hooks.ts';
import { options, useCodes } from '../../i18n/codes.ts';
import { FilterSelect } from '../../ui/FilterBar.tsx';
import { FilterDay } from '../../ui/FilterDay.tsx';
import type { Wanted } from './wanted.ts';
import { useWords } from './words.ts';

interface Props {
  readonly wanted: Wanted;
  readonly onChange: (change: Partial<Wanted>) => void;
  /** What the server says of single fields. */
  readonly refused: Readonly<Record<string, string>>;
}

/** Which cases: the filters of the list of cases. */
export function ListFilters({ wanted, onChange, refused }: Props): JSX.Element {
  const words = useWords();
  const codes = useCodes();
  const organs = useOrganOptions();
  const { filter, from, to } = wanted;
  const set = (change: Partial<Record<keyof Wanted['filter'], string | null>>): void => {
    const next = Object.entries({ ...filter, ...change }).filter(([, value]) => value !== null);
    onChange({ filter: Object.fromEntries(next) });
  };
  return (
    <Group gap="sm" align="flex-start">
      <FilterSelect
        label={words.status}
        data={options(codes.caseStatus)}
        value={filter.status}
        onChange={(status) => set({ status })}
      />
      <FilterSelect
        label={words.category}
        data={options(codes.category)}
        value={filter.category}
        onChange={(category) => set({ category })}
      />
      <FilterSelect
        label={words.channel}
        data={options(codes.channel)}
        value={filter.channel}
        onChange={(channel) => set({ channel })}
      />
      <FilterSelect
        label={words.organ}
        data={organs}
        value={filter.organId}
        onChange={(organId) => set({ organId })}
      />
      <FilterDay
        label={words.receivedFrom}
        value={from}
        error={refused['filter.receivedFrom']}
        onChange={(day) => onChange({ from: day ?? undefined })}
      />
      <FilterDay
        label={words.receivedTo}
        value={to}
        error={refused['filter.receivedTo']}
        onChange={(day) => onChange({ to: day ?? undefined })}
      />
    </Group>
  );
}
