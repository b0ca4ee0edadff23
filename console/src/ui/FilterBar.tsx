import { Button, Checkbox, Group, rem, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState, type JSX, type ReactNode } from 'react';
import { useCommonWords } from '../i18n/common.ts';
import classes from './FilterBar.module.css';
import { SearchIcon } from './icons.tsx';

/** The filters above a list, in one row that wraps; on a telephone the first, and the others when they are asked for. */
export function FilterBar({
  children,
  any,
  onClear,
}: {
  children: ReactNode;
  any: boolean;
  onClear: () => void;
}): JSX.Element {
  const words = useCommonWords();
  const [open, setOpen] = useState(any);
  return (
    <Group
      component="search"
      aria-label={words.filters}
      className={classes['bar']}
      data-open={open}
      gap="sm"
      align="flex-end"
      mb="md"
      data-print="no"
    >
      {children}
      <Button
        className={classes['more']}
        variant="default"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {open ? words.fewerFilters : words.moreFilters}
      </Button>
      {any && (
        <Button variant="subtle" onClick={onClear}>
          {words.clearFilters}
        </Button>
      )}
    </Group>
  );
}

interface FilterSelectProps<C extends string> {
  readonly label: string;
  readonly data: readonly { value: C; label: string }[];
  readonly value: string | undefined;
  readonly onChange: (value: C | null) => void;
}

export function FilterSelect<C extends string>({
  label,
  data,
  value,
  onChange,
}: FilterSelectProps<C>): JSX.Element {
  const words = useCommonWords();
  return (
    <Select
      label={label}
      placeholder={words.any}
      data={[...data]}
      value={value ?? null}
      onChange={(chosen) => onChange(chosen as C | null)}
      clearable
      searchable
      w={{ base: '100%', xs: rem(176) }}
    />
  );
}

/** A filter that is on or off; only "on" stands in the address. */
export const FilterCheck = ({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (on: 'true' | null) => void;
}): JSX.Element => (
  <Checkbox
    label={label}
    checked={value === 'true'}
    onChange={({ currentTarget }) => onChange(currentTarget.checked ? 'true' : null)}
    mb={8}
  />
);

/** Searches as one types, once the hand rests; fewer than two characters search for nothing. */
export function SearchField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (text: string) => void;
}): JSX.Element {
  const words = useCommonWords();
  const [typed, setTyped] = useState(value);
  const sent = useRef(value);
  // Only a value from elsewhere, such as the back button's, replaces what is being typed.
  useEffect(() => {
    if (value !== sent.current) setTyped(value);
    sent.current = value;
  }, [value]);
  const later = useDebouncedCallback((text: string) => {
    sent.current = text.trim().length >= 2 ? text.trim() : '';
    onChange(sent.current);
  }, 250);
  return (
    <TextInput
      type="search"
      label={label}
      placeholder={words.searchHint}
      leftSection={<SearchIcon size={16} />}
      value={typed}
      maxLength={200}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        later(currentTarget.value);
      }}
      w={{ base: '100%', xs: rem(220) }}
    />
  );
}
