import type { JSX } from 'react';
import { useMay } from '../../app/ability.ts';
import { Page, Section } from '../../ui/Page.tsx';
import { Builder } from './Builder.tsx';
import { PastExports } from './PastExports.tsx';
import { useWords } from './words.ts';

/** Builds an export and shows those that were made. */
export default function ExportsPage(): JSX.Element {
  const words = useWords();
  const may = useMay();
  return (
    <Page title={words.title} lead={words.lead}>
      {may.can('create', 'Export') && (
        <Section title={words.build}>
          <Builder />
        </Section>
      )}
      <Section title={words.past}>
        <PastExports />
      </Section>
    </Page>
  );
}
