import type { JSX } from 'react';
import { Navigate } from 'react-router';
import { useMay } from '../../app/ability.ts';
import { Page } from '../../ui/Page.tsx';
import { Checkpoints } from './Checkpoints.tsx';
import { DeskNav } from './DeskNav.tsx';
import { Entries } from './Entries.tsx';
import { mayRead } from './permissions.ts';
import { ProofFiles } from './ProofFiles.tsx';
import { TrailState } from './TrailState.tsx';
import { WholeTrail } from './WholeTrail.tsx';
import { useWords } from './words.ts';

/** What an auditor looks at first: whether the trail is whole, who vouches for it, and its entries. */
export default function AuditPage(): JSX.Element {
  const words = useWords();
  const may = useMay();
  // Who only reviews what others read has no business with the trail.
  if (!mayRead.trail(may)) return <Navigate to="/audit/reads" replace />;
  return (
    <Page title={words.title} lead={words.lead}>
      <DeskNav />
      <WholeTrail />
      <TrailState />
      <Checkpoints />
      <ProofFiles />
      <Entries />
    </Page>
  );
}
