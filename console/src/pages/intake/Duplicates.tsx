import { Anchor, List, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import { Link } from 'react-router';
import { answer, api, type components } from '../../api/client.ts';
import { useMay } from '../../app/ability.ts';
import { useCodes, type Category } from '../../i18n/codes.ts';
import { SearchField } from '../../ui/FilterBar.tsx';
import { ProblemAlert } from '../../ui/ProblemAlert.tsx';
import { CaseState } from '../../ui/states.tsx';
import { Time } from '../../ui/values.tsx';
import type { Draft } from '../../ui/intake/draft.ts';
import classes from '../../ui/intake/intake.module.css';
import { useWords } from '../../ui/intake/words.ts';

type Row = components['schemas']['CaseHeaderView'];

const SHOWN = 5;
/** A second report of the same thing comes within weeks. */
const LOOK_BACK_MS = 60 * 86_400_000;

/** Cases that may be the same: about the same officers, of the same kind in the same organ, or with these words. */
export function Duplicates({ draft }: { draft: Draft }): JSX.Element | null {
  const words = useWords().duplicates;
  const may = useMay();
  const [q, setQ] = useState('');
  if (!may.can('read', 'Case')) return null;
  const officers = new Map(
    draft.allegations.flatMap(({ subjects }) =>
      subjects.flatMap(({ officerId }) => (officerId ? [[officerId.id, officerId.label] as const] : [])),
    ),
  );
  const categories = new Set(draft.allegations.flatMap(({ category }) => category ?? []));
  const organId = draft.receivingOrganId;
  return (
    <aside className={classes['aside']} aria-label={words.title} data-print="no">
      <Title order={2} size="h4" mb="xs">
        {words.title}
      </Title>
      <Text size="xs" c="dimmed" mb="sm">
        {words.hint}
      </Text>
      {[...officers].map(([id, label]) => (
        <Found key={id} title={words.sameOfficer(label)} query={{ officerId: id }} />
      ))}
      {organId !== null &&
        [...categories].map((category) => (
          <Found key={category} title={words.sameKind} query={{ category, organId }} recent />
        ))}
      <SearchField label={words.words} value={q} onChange={setQ} />
      {q !== '' && <Found title={words.withWords} query={{ q }} />}
    </aside>
  );
}

interface Query {
  readonly officerId?: string;
  readonly organId?: string;
  readonly category?: Category;
  readonly q?: string;
}

function Found({
  title,
  query,
  recent = false,
}: {
  title: string;
  query: Query;
  recent?: boolean;
}): JSX.Element {
  const words = useWords().duplicates;
  const [since] = useState(() => new Date(Date.now() - LOOK_BACK_MS).toISOString());
  const { data, error, isPending } = useQuery({
    queryKey: ['cases', 'duplicates', query, recent],
    // Each search is in the trail; the same one is not repeated while the form is filled in.
    staleTime: 300_000,
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/cases', {
          signal,
          params: {
            query: { ...query, ...(recent ? { receivedFrom: since } : {}), limit: SHOWN, count: true },
          },
        }),
      ),
  });
  return (
    <section>
      <Text size="sm" fw={600} mt="sm">
        {title}
      </Text>
      <div aria-live="polite">
        {error != null && <ProblemAlert error={error} />}
        {isPending && error == null && <Text size="sm">{words.searching}</Text>}
        {data?.items.length === 0 && (
          <Text size="sm" c="dimmed">
            {words.none}
          </Text>
        )}
        {data && data.items.length > 0 && (
          <Hits rows={data.items} more={(data.total ?? 0) - data.items.length} />
        )}
      </div>
    </section>
  );
}

function Hits({ rows, more }: { rows: readonly Row[]; more: number }): JSX.Element {
  const words = useWords().duplicates;
  const codes = useCodes();
  return (
    <>
      <List size="sm" spacing={6} mt={4}>
        {rows.map(({ id, reference, status, receivedAt, categories }) => (
          <List.Item key={id}>
            <Anchor component={Link} to={`/cases/${id}`} size="sm">
              {reference}
            </Anchor>{' '}
            <CaseState status={status} />
            <Text size="xs" c="dimmed">
              <Time at={receivedAt} /> · {categories.map((one) => codes.category[one]).join(', ')}
            </Text>
          </List.Item>
        ))}
      </List>
      {more > 0 && (
        <Text size="xs" c="dimmed">
          {words.more(more)}
        </Text>
      )}
    </>
  );
}
