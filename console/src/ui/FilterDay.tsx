import { rem } from '@mantine/core';
import type { JSX } from 'react';
import { WholeDay } from './WholeDay.tsx';

interface Props {
  readonly label: string;
  /** `YYYY-MM-DD`. */
  readonly value: string | undefined;
  readonly onChange: (day: string | null) => void;
  readonly error?: string | undefined;
  readonly max?: string;
}

/** A day above a list; the browser brings the calendar in the reader's language. */
export const FilterDay = ({ label, value, onChange, error, max = '2199-12-31' }: Props): JSX.Element => (
  <WholeDay
    type="date"
    label={label}
    min="1900-01-01"
    max={max}
    value={value ?? ''}
    error={error}
    onChange={({ currentTarget }) => {
      // A half typed year is a day of the first century.
      if (currentTarget.value === '' || currentTarget.value >= '1900') onChange(currentTarget.value || null);
    }}
    w={{ base: '100%', xs: rem(150) }}
  />
);
