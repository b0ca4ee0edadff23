import { Button } from '@mantine/core';
import { useState, type JSX } from 'react';
import { useCodes, type CaseDeed } from '../../i18n/codes.ts';
import type { CaseFile } from './case-file.ts';
import { forms } from './deeds/forms.tsx';

/** The steps that this person may take now, as buttons, each with its form; which of several is the next, a person decides. */
export function Deeds({ row, onReload }: { row: CaseFile; onReload: () => void }): JSX.Element {
  const { caseDeed } = useCodes();
  const [open, setOpen] = useState<CaseDeed>();
  const Form = open && forms[open];
  return (
    <>
      {row.allowed.map((deed) => (
        <Button
          key={deed}
          variant={row.allowed.length === 1 ? 'filled' : 'default'}
          onClick={() => setOpen(deed)}
        >
          {caseDeed[deed]}
        </Button>
      ))}
      {Form && <Form row={row} onClose={() => setOpen(undefined)} onReload={onReload} />}
    </>
  );
}
