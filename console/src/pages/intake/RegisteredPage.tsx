import { Anchor, Button, Group, List, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link, useParams } from 'react-router';
import { answer, api, type components } from '../../api/client.ts';
import { useDeed } from '../../api/hooks.ts';
import { useMay } from '../../app/ability.ts';
import { useCodes } from '../../i18n/codes.ts';
import { Page, Section } from '../../ui/Page.tsx';
import { ProblemAlert } from '../../ui/ProblemAlert.tsx';
import { CaseState, Loaded } from '../../ui/states.tsx';
import classes from '../../ui/intake/intake.module.css';
import { Measures } from './Measures.tsx';
import { useWords } from '../../ui/intake/words.ts';

type CaseFile = components['schemas']['CaseFileView'];

/** The case that was registered: its number, what has to be done at once, and the receipt for the reporter. */
export default function RegisteredPage(): JSX.Element {
  const words = useWords().registered;
  const codes = useCodes();
  const { id } = useParams() as { id: string };
  const query = useQuery({
    queryKey: ['cases', id],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/cases/{id}', { signal, params: { path: { id } } })),
  });
  return (
    <Page title={words.title} badge={query.data && <CaseState status={query.data.status} />}>
      <Loaded query={query}>
        {(row) => (
          <div className={classes['form']}>
            <Text size="sm">{words.reference}</Text>
            <p className={classes['reference']}>{row.reference}</p>
            <Group gap="md" mb="lg">
              <Anchor component={Link} to={`/cases/${row.id}`} size="sm">
                {words.open}
              </Anchor>
              <Anchor component={Link} to="/intake" size="sm">
                {words.another}
              </Anchor>
            </Group>
            <Section title={words.atOnce}>
              {[...new Set(row.allegations.map(({ category }) => category))].map((category) => (
                <div key={category}>
                  <Text size="sm" fw={600}>
                    {codes.category[category]}
                  </Text>
                  <List size="sm" mb="sm">
                    <Measures category={category} />
                  </List>
                </div>
              ))}
            </Section>
            <Receipt row={row} />
          </div>
        )}
      </Loaded>
    </Page>
  );
}

/** The code with which a reporter reads what became of the report. It is shown once, on this page only. */
function Receipt({ row }: { row: CaseFile }): JSX.Element | null {
  const words = useWords().registered;
  const may = useMay();
  const { mutate, data, error, isPending } = useDeed({
    invalidates: [],
    run: () => api.POST('/api/v1/cases/{id}/receipt', { params: { path: { id: row.id } } }),
  });
  if (!may.can('issue-receipt', 'Case') || row.status !== 'REGISTERED') return null;
  return (
    <Section title={words.receipt}>
      <Text size="sm" mb="sm">
        {words.receiptHint}
      </Text>
      {error && <ProblemAlert error={error} />}
      <div aria-live="polite">
        {data && (
          <>
            <p className={classes['reference']}>{data.code}</p>
            <Text size="sm">{words.receiptOnce}</Text>
          </>
        )}
      </div>
      {!data && (
        <Button variant="default" loading={isPending} onClick={() => mutate(undefined)}>
          {words.makeReceipt}
        </Button>
      )}
    </Section>
  );
}
