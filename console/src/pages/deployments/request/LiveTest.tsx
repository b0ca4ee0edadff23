import { List, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { answer, api, type components } from '../../../api/client.ts';
import type { ProblemError } from '../../../api/problem.ts';
import { Section } from '../../../ui/Page.tsx';
import { StateBadge } from '../../../ui/states.tsx';
import { TestAnswer, TestReasons } from '../DutyTest.tsx';
import { labelOf, useFieldWords } from '../fields/words.ts';
import type { Request } from '../fields/values.ts';
import { Marked } from '../Marked.tsx';
import { PrecedentList } from '../Precedents.tsx';
import { TestOutcome } from '../states.tsx';
import { useRequestWords } from './words.ts';

type Check = components['schemas']['CheckView'];

export interface Live {
  readonly request: Request | undefined;
  readonly check: Check | undefined;
  readonly error: ProblemError | null;
  readonly busy: boolean;
}

/** What the duty test would answer to what is being written; asked once the hand rests. */
export function useLiveTest(request: Request | undefined): Live {
  const [resting] = useDebouncedValue(request === undefined ? '' : JSON.stringify(request), 700);
  const query = useQuery<Check, ProblemError>({
    queryKey: ['deployments', 'check', resting],
    enabled: resting !== '',
    // The answer before stays while the next one comes.
    placeholderData: (before) => (resting === '' ? undefined : before),
    retry: false,
    gcTime: 60_000,
    // It is one of many while somebody writes; asking again brings nothing new.
    staleTime: Infinity,
    queryFn: ({ signal }) =>
      answer(api.POST('/api/v1/deployments/check', { signal, body: JSON.parse(resting) as Request })),
  });
  return {
    request: resting === '' ? undefined : (JSON.parse(resting) as Request),
    check: resting === '' ? undefined : query.data,
    error: resting === '' ? null : query.error,
    busy: query.isFetching,
  };
}

/** The answer in one line, for the bar that stays in sight. */
export function LiveLine({ live: { check, error, busy } }: { live: Live }): JSX.Element | null {
  const { live: words } = useRequestWords();
  if (busy && !check) return <Text size="sm">{words.testing}</Text>;
  if (!check || error) return null;
  return (
    <>
      <TestOutcome outcome={check.outcome} /> <StateBadge tone="new">{check.level}</StateBadge>{' '}
      <Text size="sm" span>
        {words.warnings(check.warnings.length)}
      </Text>
    </>
  );
}

/** The duty test beside the request that is being written. */
export function LiveTest({ live: { request, check, error } }: { live: Live }): JSX.Element {
  const { live: words } = useRequestWords();
  const fieldWords = useFieldWords();
  if (error) {
    return (
      <Section title={words.title}>
        <Text size="sm">{words.refused}</Text>
        <List size="sm">
          {Object.entries(error.fields).map(([path, message]) => (
            <List.Item key={path}>
              {labelOf(fieldWords, path)}: {message}
            </List.Item>
          ))}
          {Object.keys(error.fields).length === 0 && <List.Item>{error.message}</List.Item>}
        </List>
      </Section>
    );
  }
  if (!check || !request) {
    return (
      <Section title={words.title}>
        <Text size="sm">{words.waiting}</Text>
      </Section>
    );
  }
  const texts: readonly (readonly [field: string, text: string])[] = [
    ['purpose', request.purpose],
    ...request.tasks.map(({ text }, n) => [`tasks[${n}].text`, text ?? ''] as const),
  ];
  const hit = texts.filter(([field]) =>
    check.warnings.some(({ where, start }) => where === field && start !== undefined),
  );
  return (
    <>
      <TestAnswer test={check} title={words.title} />
      <Text size="xs" c="dimmed">
        {words.dry}
      </Text>
      {hit.length > 0 && (
        <Section title={words.words}>
          {hit.map(([field, text]) => (
            <Text key={field} size="sm">
              <Marked text={text} field={field} warnings={check.warnings} />
            </Text>
          ))}
        </Section>
      )}
      <PrecedentList {...check} />
      <details>
        <summary>{words.all}</summary>
        <TestReasons test={check} />
      </details>
    </>
  );
}
