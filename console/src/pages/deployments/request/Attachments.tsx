import { Button, FileButton, Group, Table, Text } from '@mantine/core';
import type { JSX } from 'react';
import { api } from '../../../api/client.ts';
import { useDownload } from '../../../api/download.ts';
import { useDeed } from '../../../api/hooks.ts';
import { formatNumber } from '../../../i18n/format.ts';
import { Section } from '../../../ui/Page.tsx';
import { ProblemAlert } from '../../../ui/ProblemAlert.tsx';
import { PlainTable } from '../../../ui/tables.tsx';
import { Time } from '../../../ui/values.tsx';
import type { Deployment } from '../states.tsx';
import { useRequestWords } from './words.ts';

/** The files of a request with their hashes; those who may change it attach more. */
export function Attachments({ row, mayAttach }: { row: Deployment; mayAttach: boolean }): JSX.Element {
  const { files: words } = useRequestWords();
  const save = useDownload();
  return (
    <Section title={words.title}>
      {row.attachments.length === 0 ? (
        <Text size="sm">{words.none}</Text>
      ) : (
        <PlainTable
          label={words.title}
          minWidth={520}
          headers={[words.name, words.size, words.hash, words.when, '']}
        >
          {row.attachments.map(({ id, name, sizeBytes, sha256, uploadedAt }) => (
            <Table.Tr key={id}>
              <Table.Th scope="row" ta="left">
                {name}
              </Table.Th>
              <Table.Td>{words.kilobytes(formatNumber(Math.ceil(sizeBytes / 1000)))}</Table.Td>
              <Table.Td title={sha256} ff="monospace">
                {sha256.slice(0, 12)}…
              </Table.Td>
              <Table.Td>
                <Time at={uploadedAt} />
              </Table.Td>
              <Table.Td>
                <Button
                  size="xs"
                  variant="default"
                  aria-label={`${words.save}: ${name}`}
                  loading={save.isPending && save.variables.path.includes(id)}
                  onClick={() =>
                    save.mutate({
                      path: `/api/v1/deployments/${row.id}/attachments/${id}/content`,
                      name,
                    })
                  }
                >
                  {words.save}
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </PlainTable>
      )}
      <ProblemAlert error={save.error} />
      {mayAttach && <Attach id={row.id} />}
    </Section>
  );
}

function Attach({ id }: { id: string }): JSX.Element {
  const { files: words } = useRequestWords();
  const attach = useDeed({
    invalidates: [['deployments', id]],
    said: words.attached,
    run: (file: File) => {
      const form = new FormData();
      form.set('file', file);
      return api.POST('/api/v1/deployments/{id}/attachments', {
        params: { path: { id } },
        // The types know the part as a text; it is a file.
        body: form as never,
        bodySerializer: (body: unknown) => body as FormData,
      });
    },
  });
  return (
    <>
      <Group gap="sm" mt="sm" data-print="no">
        <FileButton onChange={(file) => file && attach.mutate(file)}>
          {(props) => (
            <Button {...props} variant="default" loading={attach.isPending}>
              {words.choose}
            </Button>
          )}
        </FileButton>
        <Text size="xs" c="dimmed" aria-live="polite">
          {attach.isPending ? words.sending : words.hint}
        </Text>
      </Group>
      <ProblemAlert error={attach.error} />
    </>
  );
}
