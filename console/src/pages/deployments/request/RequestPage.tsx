import { Anchor } from '@mantine/core';
import type { JSX } from 'react';
import { Link, useParams } from 'react-router';
import { answer, api } from '../../../api/client.ts';
import { useRecord } from '../../../api/hooks.ts';
import { Page } from '../../../ui/Page.tsx';
import { Empty, Loaded } from '../../../ui/states.tsx';
import { DueClock } from '../Clock.tsx';
import { RequestForm } from './RequestForm.tsx';
import { useRequestWords } from './words.ts';

/** Statuses in which its requester may change a request. */
const editable: readonly string[] = ['DRAFT', 'EMERGENCY', 'RETURNED'];

/** A new request, or one that is changed. */
export default function RequestPage(): JSX.Element {
  const { id } = useParams();
  return id === undefined ? <New /> : <Edit key={id} id={id} />;
}

function New(): JSX.Element {
  const words = useRequestWords();
  return (
    <Page title={words.titleNew} lead={words.lead}>
      <RequestForm />
    </Page>
  );
}

function Edit({ id }: { id: string }): JSX.Element {
  const words = useRequestWords();
  const query = useRecord(['deployments', id], (signal) =>
    answer(api.GET('/api/v1/deployments/{id}', { signal, params: { path: { id } } })),
  );
  const row = query.data;
  return (
    <Page
      title={row ? words.titleEdit(row.reference) : words.titleNew}
      lead={row?.status === 'EMERGENCY' ? words.leadEmergency : words.lead}
      badge={row?.checkDueAt && <DueClock at={row.checkDueAt} />}
      actions={<Back id={id} />}
    >
      <Loaded query={query}>
        {(loaded) =>
          editable.includes(loaded.status) ? (
            <RequestForm row={loaded} onReload={() => query.refetch()} />
          ) : (
            <Empty title={words.notEditable} action={<Back id={id} />} />
          )
        }
      </Loaded>
    </Page>
  );
}

function Back({ id }: { id: string }): JSX.Element {
  const words = useRequestWords();
  return (
    <Anchor component={Link} size="sm" to={`/deployments/${id}`}>
      {words.back}
    </Anchor>
  );
}
