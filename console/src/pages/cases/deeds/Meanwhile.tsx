import { Alert, List, Text } from '@mantine/core';
import type { JSX } from 'react';
import { useCaseCodes } from '../../../i18n/case-codes.ts';
import { useCodes } from '../../../i18n/codes.ts';
import { Time } from '../../../ui/values.tsx';
import type { CaseFile } from '../case-file.ts';
import { useDeedWords } from './words.ts';

interface Change {
  readonly key: string;
  readonly what: string;
  readonly who: string;
  readonly at?: string;
  /** What they wrote, in full: the other text of the two. */
  readonly text: string;
}

/** What others did in the case since a form was opened, in their words: nothing of it is lost, nor of one's own. */
export function Meanwhile({ before, now }: { before: CaseFile; now: CaseFile }): JSX.Element | null {
  const words = useDeedWords();
  const codes = useCodes();
  const caseCodes = useCaseCodes();
  const deeds: Change[] = now.deeds.slice(before.deeds.length).map((one) => ({
    key: `${one.deed} ${one.doneAt}`,
    what: (codes.caseDeed as Readonly<Record<string, string>>)[one.deed] ?? one.deed,
    who: one.doneByName,
    at: one.doneAt,
    text: one.reason,
  }));
  const seen = new Set(before.investigators.map(({ id, withdrawnAt }) => `${id} ${withdrawnAt}`));
  const people: Change[] = now.investigators
    .filter(({ id, withdrawnAt }) => !seen.has(`${id} ${withdrawnAt}`))
    .map((one) => ({
      key: `${one.id} ${one.withdrawnAt}`,
      what: one.withdrawnAt === null ? words.assigned : words.withdrawn,
      who: one.name,
      at: one.withdrawnAt ?? one.assignedAt,
      text: one.withdrawnReason ?? '',
    }));
  const stood = new Map(before.sanctions.map(({ id, status }) => [id, status]));
  const sanctions: Change[] = now.sanctions
    .filter(({ id, status }) => stood.get(id) !== status)
    .map((one) => ({
      key: `${one.id} ${one.status}`,
      what: `${caseCodes.sanctionKind[one.kind]}: ${caseCodes.sanctionStatus[one.status]}`,
      who: one.officer,
      text: one.reason,
    }));
  const known = new Set(findingsOf(before).map(({ id }) => id));
  const findings: Change[] = findingsOf(now)
    .filter(({ id }) => !known.has(id))
    .map((one) => ({
      key: one.id,
      what: `${caseCodes.stage[one.stage]}: ${caseCodes.outcome[one.outcome]}`,
      who: one.recordedByName,
      at: one.recordedAt,
      text: one.reason,
    }));
  const changes = [...deeds, ...people, ...findings, ...sanctions];
  if (changes.length === 0 && before.version === now.version) return null;
  return (
    <Alert color="gray" variant="light" role="status" title={words.meanwhile}>
      <List size="sm">
        {changes.map(({ key, what, who, at, text }) => (
          <List.Item key={key}>
            {what}, {who}
            {at !== undefined && (
              <>
                , <Time at={at} />
              </>
            )}
            {text !== '' && (
              <Text size="sm" component="blockquote" m={0} style={{ overflowWrap: 'anywhere' }}>
                “{text}”
              </Text>
            )}
          </List.Item>
        ))}
      </List>
      <Text size="sm" mt={4}>
        {words.meanwhileHint}
      </Text>
    </Alert>
  );
}

const findingsOf = ({ allegations }: CaseFile) => allegations.flatMap(({ findings }) => findings);
