import { Group, Paper, SimpleGrid, Text } from '@mantine/core';
import type { JSX } from 'react';
import { useCaseCodes, type FindingStage } from '../../i18n/case-codes.ts';
import { Time } from '../../ui/values.tsx';
import type { CaseFile } from './case-file.ts';
import { FindingButtons } from './deeds/Finding.tsx';
import { useWords } from './words.ts';

type Row = CaseFile['allegations'][number];
type Finding = Row['findings'][number];

interface Props {
  readonly row: CaseFile;
  readonly allegation: Row;
  readonly onReload: () => void;
}

/** The finding that was recommended beside the final one, so that a difference is seen; with the buttons for both. */
export function Findings({ row, allegation, onReload }: Props): JSX.Element {
  const words = useWords();
  const of = (stage: FindingStage): Finding[] =>
    allegation.findings
      .filter((one) => one.stage === stage)
      // The one in force first.
      .sort((a, b) => b.revision - a.revision);
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm" mt="xs">
        <Stage title={`${words.findings}: ${words.recommended}`} findings={of('RECOMMENDED')} />
        <Stage title={`${words.findings}: ${words.final}`} findings={of('FINAL')} />
      </SimpleGrid>
      <Group gap="xs" mt="xs">
        <FindingButtons row={row} allegation={allegation} onReload={onReload} />
      </Group>
    </>
  );
}

function Stage({ title, findings }: { title: string; findings: readonly Finding[] }): JSX.Element {
  const words = useWords();
  const [inForce, ...earlier] = findings;
  return (
    <Paper withBorder p="sm" radius="sm">
      <Text size="xs" c="dimmed">
        {title}
      </Text>
      {inForce ? <One finding={inForce} /> : <Text size="sm">{words.noFinding}</Text>}
      {earlier.length > 0 && (
        <Text component="h4" size="sm" fw={600} mt="sm">
          {words.earlierFindings}
        </Text>
      )}
      {earlier.map((finding) => (
        <One key={finding.id} finding={finding} isEarlier />
      ))}
    </Paper>
  );
}

/** What was found, and why; one that was replaced is seen to be so by its place and its weight. */
function One({ finding, isEarlier = false }: { finding: Finding; isEarlier?: boolean }): JSX.Element {
  const codes = useCaseCodes();
  const named: Readonly<Record<string, string>> = { ...codes.mitigating, ...codes.aggravating };
  return (
    <>
      <Text {...(isEarlier ? { size: 'sm', mt: 4 } : { fw: 600 })}>{codes.outcome[finding.outcome]}</Text>
      <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {finding.reason}
      </Text>
      {[...finding.mitigating, ...finding.aggravating].map(({ code, proof }, n) => (
        <Text key={`${code} ${n}`} size="sm" mt={4} style={{ overflowWrap: 'anywhere' }}>
          {named[code] ?? code}: {proof}
        </Text>
      ))}
      <Text size="xs" c="dimmed" mt={4}>
        {finding.recordedByName}, <Time at={finding.recordedAt} />
      </Text>
    </>
  );
}
