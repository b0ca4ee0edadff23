import type { JSX } from 'react';
import { Page } from '../../ui/Page.tsx';
import { Checkpoints } from './Checkpoints.tsx';
import { Entries } from './Entries.tsx';
import { TrailState } from './TrailState.tsx';
import { useWords } from './words.ts';

/** What an auditor looks at first: whether the trail is whole, who vouches for it, and its entries. */
export default function AuditPage(): JSX.Element {
  const words = useWords();
  return (
    <Page title={words.title} lead={words.lead}>
      <TrailState />
      <Checkpoints />
      <Entries />
    </Page>
  );
}
