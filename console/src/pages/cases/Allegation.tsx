import { Text } from '@mantine/core';
import type { JSX, ReactNode } from 'react';
import { useCodes } from '../../i18n/codes.ts';
import { useCommonWords } from '../../i18n/common.ts';
import { HiddenField } from '../../ui/states.tsx';
import { Lines } from '../../ui/tables.tsx';
import { Time } from '../../ui/values.tsx';
import type { CaseFile } from './CasePage.tsx';
import { useWords } from './words.ts';

type Row = CaseFile['allegations'][number];

/** An allegation with its facts, and the finding that was recommended beside the final one. */
export function Allegation({ allegation }: { allegation: Row }): JSX.Element {
  const words = useWords();
  const codes = useCodes();
  const facts = useFacts(allegation.facts);
  const finding = (stage: 'RECOMMENDED' | 'FINAL'): ReactNode => {
    const last = allegation.findings.filter((one) => one.stage === stage).at(-1);
    return last ? `${last.outcome}: ${last.reason}` : words.noFinding;
  };
  return (
    <article>
      <Text component="h3" fw={600} mt="sm">
        {words.allegation(allegation.no, codes.category[allegation.category])}
      </Text>
      <Lines
        lines={[
          [words.occurred, allegation.occurredFrom && <Time key="at" at={allegation.occurredFrom} />],
          [words.place, allegation.place],
          [
            words.subjects,
            allegation.subjects
              .map(({ officer, role }) => `${officer ?? words.unknownSubject} (${role})`)
              .join(', '),
          ],
          [`${words.findings}: ${words.recommended}`, finding('RECOMMENDED')],
          [`${words.findings}: ${words.final}`, finding('FINAL')],
          ...facts,
        ]}
      />
    </article>
  );
}

/** Facts as the interface has them, whatever the category: their own names, nested ones on a line. */
function useFacts(facts: object): readonly (readonly [string, ReactNode])[] {
  const words = useWords();
  const { hidden } = useCommonWords();
  const textOf = (value: unknown): string => {
    if (value === null || value === undefined) return '';
    if (typeof value === 'boolean') return value ? words.yes : words.no;
    if (Array.isArray(value)) return value.map(textOf).join('; ');
    if (typeof value !== 'object') return typeof value === 'string' ? value : JSON.stringify(value);
    if (isHidden(value)) return `[${hidden}]`;
    return Object.entries(value)
      .map(([name, one]) => `${named(name)}: ${textOf(one)}`)
      .join(', ');
  };
  return Object.entries(facts).map(([name, value]: [string, unknown]) => [
    named(name),
    isHidden(value) ? <HiddenField /> : textOf(value),
  ]);
}

const isHidden = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && '$redacted' in value;

/** `officersSent` reads as "officers sent". */
const named = (name: string): string => name.replaceAll(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
