import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import { answer, api } from '../../api/client.ts';
import { useCodes } from '../../i18n/codes.ts';
import { formatNumber } from '../../i18n/format.ts';
import { ProblemAlert } from '../../ui/ProblemAlert.tsx';
import { filterOf, type Wanted } from './wanted.ts';
import { useWords } from './words.ts';

const SHOWN = 5;

/** How many cases fit, and the newest of them: asked on a button, since each look is recorded. */
export function Preview({ wanted }: { wanted: Wanted }): JSX.Element {
  const words = useWords();
  const { caseStatus } = useCodes();
  const filter = filterOf(wanted);
  const key = JSON.stringify(filter);
  const [asked, setAsked] = useState<string>();
  const query = useQuery({
    queryKey: ['exports', 'preview', key],
    enabled: false,
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/cases', { signal, params: { query: { ...filter, limit: SHOWN, count: true } } }),
      ),
  });
  const total = query.data?.total ?? 0;
  const isOld = asked !== undefined && asked !== key;
  return (
    <div>
      <Group gap="sm">
        <Button
          variant="default"
          loading={query.isFetching}
          onClick={() => {
            setAsked(key);
            void query.refetch();
          }}
        >
          {words.preview}
        </Button>
        <Text size="sm" aria-live="polite">
          {asked === undefined
            ? words.previewFirst
            : isOld
              ? words.previewOld
              : query.data && (total === 0 ? words.previewNone : words.previewCount(formatNumber(total)))}
        </Text>
      </Group>
      {!isOld && query.data && total > 0 && (
        <Text size="sm" mt={6} c="dimmed">
          {words.previewSome}{' '}
          {query.data.items.map(({ reference, status }) => `${reference} (${caseStatus[status]})`).join(', ')}
        </Text>
      )}
      {!isOld && <ProblemAlert error={query.error} />}
    </div>
  );
}
