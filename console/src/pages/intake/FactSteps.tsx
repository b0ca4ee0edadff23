import { List, Text } from '@mantine/core';
import type { JSX } from 'react';
import { factsType } from '../../i18n/facts/description.ts';
import { Section } from '../../ui/Page.tsx';
import { FactFields } from '../../ui/intake/FactFields.tsx';
import { useForm } from '../../ui/intake/form.tsx';
import { Measures } from './Measures.tsx';
import { isAskedWithFacts, isCommonFact } from './steps.ts';
import { useWords } from '../../ui/intake/words.ts';

/** The facts of the category, then those that allegations of every category have. */
export function FactsFields({ no }: { no: number }): JSX.Element {
  const words = useWords().steps.facts;
  const category = useForm().draft.allegations[no]?.category;
  if (!category) return <></>;
  const path = `allegations.${no}.facts`;
  const type = factsType(category);
  return (
    <>
      <Text size="sm">{words.hint}</Text>
      <Section title={words.own}>
        <FactFields type={type} path={path} only={(name) => !isCommonFact(name)} />
      </Section>
      <Section title={words.common}>
        <FactFields type={type} path={path} only={(name) => isCommonFact(name) && isAskedWithFacts(name)} />
      </Section>
    </>
  );
}

/** How grave it is, and what the category calls for at once. */
export function SeverityFields({ no }: { no: number }): JSX.Element {
  const words = useWords().steps.severity;
  const category = useForm().draft.allegations[no]?.category;
  if (!category) return <></>;
  return (
    <>
      <FactFields
        type={factsType(category)}
        path={`allegations.${no}.facts`}
        only={(name) => !isAskedWithFacts(name)}
      />
      <Section title={words.measures}>
        <Text size="sm" mb="xs">
          {words.measuresHint}
        </Text>
        <List size="sm">
          <Measures category={category} />
        </List>
      </Section>
    </>
  );
}
