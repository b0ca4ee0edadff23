import { Text } from '@mantine/core';
import type { JSX } from 'react';
import { useCaseCodes } from '../../i18n/case-codes.ts';
import { useCodes } from '../../i18n/codes.ts';
import { formatMoney } from '../../i18n/format.ts';
import { Value } from '../../ui/states.tsx';
import { Lines } from '../../ui/tables.tsx';
import { Time } from '../../ui/values.tsx';
import type { CaseFile } from './case-file.ts';
import { Complete } from './complete/Complete.tsx';
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
  const vulnerability: Readonly<Record<string, string>> = words.vulnerabilities;
  const personOf = (one: Row['affectedPersons'][number]): string =>
    [
      // A person of a firm, as both were recorded.
      [one.name, one.organisation].filter(Boolean).join(' · ') || words.unknownSubject,
      ...one.vulnerabilities.map((kind) => vulnerability[kind] ?? kind),
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
          [words.occurred, <Occurred key="at" allegation={allegation} />],
          [words.place, allegation.place],
          [words.concerned, allegation.organ],
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
      <Complete row={row} allegation={allegation} onReload={onReload} />
      <Measures row={row} allegation={allegation} onReload={onReload} />
      <Findings row={row} allegation={allegation} onReload={onReload} />
    </article>
  );
}

/** From when until when, as far as that is known. */
function Occurred({ allegation: { occurredFrom, occurredTo } }: { allegation: Row }): JSX.Element {
  return (
    <>
      {occurredFrom === null ? <Value /> : <Time at={occurredFrom} />}
      {occurredTo !== null && (
        <>
          {' – '}
          <Time at={occurredTo} />
        </>
      )}
    </>
  );
}
