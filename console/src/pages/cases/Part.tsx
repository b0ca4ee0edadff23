import type { JSX, ReactNode } from 'react';
import { HiddenField } from '../../ui/states.tsx';
import type { CaseFile } from './case-file.ts';

/** What the server leaves out of a case, and names in `redacted`. */
export type HideablePart = 'statement' | 'allegations' | 'people' | 'procedure' | 'sanctions';

export const isHidden = ({ redacted }: CaseFile, part: HideablePart): boolean => redacted.includes(part);

/** A part of a case. The server sends an empty list in place of a hidden one, so hidden must not look like none. */
export const Part = ({
  row,
  name,
  children,
}: {
  row: CaseFile;
  name: HideablePart;
  children: ReactNode;
}): JSX.Element => (isHidden(row, name) ? <HiddenField /> : <>{children}</>);
