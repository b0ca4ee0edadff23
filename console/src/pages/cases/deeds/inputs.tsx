import { ActionIcon, Button, Fieldset, Select, Stack, TagsInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState, type JSX, type ReactNode } from 'react';
import { answer, api } from '../../../api/client.ts';
import { useOrganOptions } from '../../../api/hooks.ts';
import { CloseIcon } from '../../../ui/icons.tsx';
import { WholeDay } from '../../../ui/WholeDay.tsx';
import { useDeedWords } from './words.ts';

/** What a form's `getInputProps` gives, handed on to the control as it is. */
interface Bound {
  readonly label: string;
  readonly description?: string;
  readonly required?: boolean;
  // What the form gives besides belongs to the control.
  readonly [more: string]: unknown;
}

/** A day of the law. */
export const DayInput = (props: Bound): JSX.Element => <WholeDay type="date" maw={220} {...props} />;

/** Short texts, each a tag: names, articles, papers. */
export const Tags = (props: Bound): JSX.Element => <TagsInput splitChars={['；', ';', '\n']} {...props} />;

/** Any organ, by its name. */
export const OrganSelect = (props: Bound): JSX.Element => (
  <Select searchable data={useOrganOptions()} limit={100} {...props} />
);

/** A case by its number or words of its statement, found as one types. */
export function CaseSelect({ except, ...props }: Bound & { readonly except: string }): JSX.Element {
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed.trim(), 250);
  const { data } = useQuery({
    queryKey: ['cases', 'found', q],
    enabled: q.length >= 2,
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/cases', { signal, params: { query: { q, limit: 20 } } })),
  });
  const found = (data?.items ?? [])
    .filter(({ id }) => id !== except)
    .map(({ id, reference }) => ({ value: id, label: reference }));
  return (
    <Select
      data={found}
      searchable
      onSearchChange={setTyped}
      // The server has searched already, in more than the number.
      filter={({ options }) => options}
      {...props}
    />
  );
}

/** Several of the same, each in a frame with a button that takes it away, and one that adds another. */
export function Repeated({
  legend,
  count,
  nameOf,
  onAdd,
  onRemove,
  children,
}: {
  legend: string;
  count: number;
  nameOf: (n: number) => string;
  onAdd: () => void;
  /** Without it none can be taken away. */
  onRemove?: (index: number) => void;
  children: (index: number) => ReactNode;
}): JSX.Element {
  const words = useDeedWords();
  return (
    <Fieldset legend={legend}>
      <Stack gap="sm">
        {Array.from({ length: count }, (_, index) => (
          <Fieldset key={index} legend={nameOf(index + 1)} variant="unstyled">
            <Stack gap="xs">
              {children(index)}
              {onRemove && (
                <ActionIcon
                  variant="default"
                  aria-label={words.remove(nameOf(index + 1))}
                  onClick={() => onRemove(index)}
                >
                  <CloseIcon size={14} />
                </ActionIcon>
              )}
            </Stack>
          </Fieldset>
        ))}
        <div>
          <Button size="xs" variant="default" onClick={onAdd}>
            {words.add}
          </Button>
        </div>
      </Stack>
    </Fieldset>
  );
}
