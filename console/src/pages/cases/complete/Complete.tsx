import { Button, Text } from '@mantine/core';
import { lazy, Suspense, useState, type JSX } from 'react';
import type { CaseFile } from '../case-file.ts';
import { isOpen, useMayComplete } from './may-complete.ts';
import { useMissingName } from './missing.ts';
import { useCompleteWords } from './words.ts';

/** The form brings the intake's with it: it comes when it is wanted. */
const CompleteForm = lazy(() => import('./CompleteForm.tsx'));

export interface CompleteProps {
  readonly row: CaseFile;
  readonly allegation: CaseFile['allegations'][number];
  readonly onReload: () => void;
}

/** What the report cannot go without and is open yet, and the way to complete it for whom may. */
export function Complete(props: CompleteProps): JSX.Element | null {
  const words = useCompleteWords();
  const may = useMayComplete();
  const { row, allegation } = props;
  const [open, setOpen] = useState(false);
  if (!isOpen(row) && !open) return null;
  return (
    <>
      <Missing allegation={allegation} heading="h4" />
      {may(row) && (
        <Button
          size="xs"
          variant="default"
          mt="xs"
          data-print="no"
          aria-label={words.completeOne(allegation.no)}
          onClick={() => setOpen(true)}
        >
          {words.complete}
        </Button>
      )}
      {open && (
        <Suspense fallback={null}>
          <CompleteForm {...props} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

interface MissingProps extends Pick<CompleteProps, 'allegation'> {
  /** One below the heading under which it stands. */
  readonly heading: 'h3' | 'h4';
}

/** What the report demands and the facts do not hold. */
export function Missing({ allegation, heading }: MissingProps): JSX.Element | null {
  const words = useCompleteWords();
  const nameOf = useMissingName(allegation.category);
  if (allegation.missing.length === 0) return null;
  return (
    <>
      <Text component={heading} size="sm" fw={600} mt="sm">
        {words.missing}
      </Text>
      <ul>
        {allegation.missing.map((pointer) => (
          <li key={pointer}>
            <Text span size="sm">
              {nameOf(pointer)}
            </Text>
          </li>
        ))}
      </ul>
    </>
  );
}
