import { Text } from '@mantine/core';
import type { JSX } from 'react';
import { useCaseCodes } from '../../i18n/case-codes.ts';
import { useCodes } from '../../i18n/codes.ts';
import { formatMoney } from '../../i18n/format.ts';
import { Lines } from '../../ui/tables.tsx';
import { Time } from '../../ui/values.tsx';
import type { CaseFile } from './case-file.ts';
import { Findings } from './Findings.tsx';
import { useFacts } from './facts.tsx';
import { Measures } from './Measures.tsx';
import { useWords } from './words.ts';

type Row = CaseFile['allegations'][number];

/** An allegation with its facts and its findings. */
export function Allegation({
  row,
  allegation,
  onReload,
}: {
  row: CaseFile;
  allegation: Row;
  onReload: () => void;
}): JSX.Element {
  const words = useWords();
  const codes = useCodes();
  const facts = useFacts(allegation.category, allegation.facts);
  const { subjectRole, injury } = useCaseCodes();
  const personOf = (one: Row['affectedPersons'][number]): string =>
    [
      one.name ?? one.organisation ?? words.unknownSubject,
      (injury as Readonly<Record<string, string>>)[one.injuryLevel] ?? one.injuryLevel,
      one.loss && formatMoney(one.loss),
    ]
      .filter(Boolean)
      .join(', ');
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
              .map(
                ({ officer, description, role }) =>
                  `${officer ?? description ?? words.unknownSubject} (${subjectRole[role]})`,
              )
              .join(', '),
          ],
          [words.affected, allegation.affectedPersons.map(personOf).join('; ')],
          ...facts,
        ]}
      />
      <Measures row={row} allegation={allegation} onReload={onReload} />
      <Findings row={row} allegation={allegation} onReload={onReload} />
    </article>
  );
}
