import { MultiSelect, Select, TagsInput } from '@mantine/core';
import type { ChangeEvent, JSX } from 'react';
import { options } from '../../../i18n/codes.ts';
import { useCommonWords } from '../../../i18n/common.ts';
import { WholeDay } from '../../../ui/WholeDay.tsx';
import { useFieldWords } from './words.ts';

interface Choice {
  readonly label: string;
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
  readonly error?: string | undefined;
  readonly 'data-field'?: string;
  readonly required?: boolean;
}

/** Yes, no, or not said. */
export function YesNoSelect(props: Choice): JSX.Element {
  const words = useCommonWords();
  return (
    <Select
      {...props}
      placeholder={words.notGiven}
      clearable
      data={[
        { value: 'yes', label: words.yes },
        { value: 'no', label: words.no },
      ]}
    />
  );
}

/** One of a list of codes, in words. */
export function CodeSelect({
  data,
  ...props
}: Choice & {
  readonly data: readonly { value: string; label: string }[];
  readonly description?: string;
}): JSX.Element {
  const words = useCommonWords();
  return <Select {...props} placeholder={words.notGiven} searchable clearable data={[...data]} />;
}

/** Several of a list of codes, in words. */
export const CodesField = ({
  codes,
  ...props
}: {
  readonly label: string;
  readonly codes: Readonly<Record<string, string>>;
  readonly value: string[];
  readonly onChange: (value: string[]) => void;
  readonly error?: string | undefined;
  readonly 'data-field'?: string;
  readonly description?: string;
}): JSX.Element => <MultiSelect {...props} data={options(codes)} searchable clearable />;

/** Short texts, one after the other. */
export function TextList({
  value,
  description,
  ...props
}: {
  readonly label: string;
  readonly value: readonly string[];
  readonly onChange: (value: string[]) => void;
  readonly error?: string | undefined;
  readonly 'data-field'?: string;
  readonly description?: string;
}): JSX.Element {
  const { hints } = useFieldWords();
  return (
    <TagsInput
      {...props}
      value={[...value]}
      description={description ? `${description} ${hints.lists}` : hints.lists}
      // A comma stands within an article.
      splitChars={[';', '；']}
    />
  );
}

/** A day and an hour in China. */
export const InstantInput = (props: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (event: ChangeEvent<HTMLInputElement>) => void;
  readonly error?: string | undefined;
  readonly 'data-field'?: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly size?: string;
}): JSX.Element => (
  // To the second where the value has seconds, as what just happened has.
  <WholeDay type="datetime-local" step={props.value.length > 16 ? 1 : 60} {...props} />
);
