import { Anchor, Table, Text } from '@mantine/core';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { answer, api, type components } from '../../../api/client.ts';
import { useOrganName, usePageOf } from '../../../api/hooks.ts';
import { useMay } from '../../../app/ability.ts';
import { formatNumber } from '../../../i18n/format.ts';
import type { Column } from '../../../ui/DataTable.tsx';
import { usePaging } from '../../../ui/filters.ts';
import { ListOf } from '../../../ui/ListOf.tsx';
import { Page, Section } from '../../../ui/Page.tsx';
import { Empty, Loaded } from '../../../ui/states.tsx';
import { PlainTable } from '../../../ui/tables.tsx';
import { Time } from '../../../ui/values.tsx';
import { useObjectionWords } from './words.ts';

type Row = components['schemas']['ObjectionView'];

/** What goes to the organ above: objections of officers, and notices of what happened too often. */
export default function ObjectionsPage(): JSX.Element {
  const words = useObjectionWords();
  const may = useMay();
  const paging = usePaging();
  const query = usePageOf(['deployments', 'objections', paging.cursor], (signal) =>
    answer(
      api.GET('/api/v1/deployments/objections', {
        signal,
        params: { query: { cursor: paging.cursor, limit: 50, count: true } },
      }),
    ),
  );
  const columns: Column<Row>[] = [
    { key: 'when', header: words.when, cell: ({ createdAt }) => <Time at={createdAt} /> },
    { key: 'text', header: words.text, cell: ({ text }) => text },
    {
      key: 'request',
      header: words.request,
      cell: ({ deploymentId }) => (
        <Anchor component={Link} size="sm" to={`/deployments/${deploymentId}`}>
          {words.open}
        </Anchor>
      ),
    },
  ];
  return (
    <Page title={words.title} lead={words.lead}>
      <ListOf
        query={query}
        paging={paging}
        caption={words.title}
        columns={columns}
        rowKey={({ id }) => id}
        empty={<Empty title={words.none}>{words.noneHint}</Empty>}
      />
      {may.can('read', 'DeploymentNotice') && <Notices />}
    </Page>
  );
}

function Notices(): JSX.Element {
  const words = useObjectionWords();
  const organName = useOrganName();
  const query = usePageOf(['deployments', 'notices'], (signal) =>
    answer(api.GET('/api/v1/deployments/notices', { signal, params: { query: { limit: 50 } } })),
  );
  return (
    <Section title={words.notices}>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm">{words.noNotices}</Text>
          ) : (
            <PlainTable
              label={words.notices}
              minWidth={420}
              headers={[words.organ, words.quarter, words.count, words.request]}
            >
              {items.map(({ id, organId, quarter, count, deploymentId }) => (
                <Table.Tr key={id}>
                  <Table.Td>{organName(organId)}</Table.Td>
                  <Table.Td>{quarter}</Table.Td>
                  <Table.Td>{formatNumber(count)}</Table.Td>
                  <Table.Td>
                    <Anchor component={Link} size="sm" to={`/deployments/${deploymentId}`}>
                      {words.open}
                    </Anchor>
                  </Table.Td>
                </Table.Tr>
              ))}
            </PlainTable>
          )
        }
      </Loaded>
    </Section>
  );
}
