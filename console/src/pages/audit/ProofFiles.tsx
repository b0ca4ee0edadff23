import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { answer, api } from '../../api/client.ts';
import { saveBlob, useDownload } from '../../api/download.ts';
import { asProblem } from '../../api/problem.ts';
import { useMay } from '../../app/ability.ts';
import { DownloadIcon } from '../../ui/icons.tsx';
import { Section } from '../../ui/Page.tsx';
import { ProblemAlert } from '../../ui/ProblemAlert.tsx';
import { useWords } from './words.ts';

/** What somebody outside needs beside a bundle: the policy with its fingerprint, and the page that verifies. */
export function ProofFiles(): JSX.Element {
  const words = useWords();
  const may = useMay();
  const verifier = useDownload();
  const policy = useQuery({
    queryKey: ['audit', 'policy'],
    queryFn: async () => {
      try {
        return await answer(api.GET('/api/v1/audit/policy'));
      } catch (error) {
        // An installation without a policy has none to give, which is no failure.
        if (asProblem(error).status === 404) return null;
        throw error;
      }
    },
  });
  return (
    <Section title={words.proofFiles}>
      <Text size="sm" mb="xs">
        {words.proofFilesHint}
      </Text>
      <Group gap="xs" mb="xs" data-print="no">
        <Button
          variant="default"
          leftSection={<DownloadIcon size={15} />}
          disabled={!policy.data}
          onClick={() =>
            policy.data &&
            saveBlob(new Blob([policy.data.text], { type: 'text/plain;charset=utf-8' }), 'policy.txt')
          }
        >
          {words.policyFile}
        </Button>
        {may.can('read', 'Export') && (
          <Button
            variant="default"
            leftSection={<DownloadIcon size={15} />}
            loading={verifier.isPending}
            onClick={() => verifier.mutate({ path: '/api/v1/exports/verifier', name: 'verify.html' })}
          >
            {words.verifierPage}
          </Button>
        )}
      </Group>
      {policy.data === null && <Text size="sm">{words.noPolicy}</Text>}
      {policy.data && (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {words.policyHash} <code>{policy.data.sha256}</code>
        </Text>
      )}
      <ProblemAlert error={policy.error ?? verifier.error} />
    </Section>
  );
}
