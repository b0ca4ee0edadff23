import type { JSX, ReactNode } from 'react';
import type { receipted } from '../../../api/client.ts';
import { useCodes, type CaseDeed } from '../../../i18n/codes.ts';
import { DeedForm, type FormProps } from './DeedForm.tsx';
import type { DraftForm } from './draft.ts';

interface Props<D> extends FormProps {
  readonly deed: CaseDeed;
  readonly form: DraftForm<D>;
  readonly send: (body: D) => Parameters<typeof receipted<unknown>>[0];
  readonly explain?: ReactNode;
  readonly final?: boolean;
  readonly wide?: boolean;
  readonly children?: ReactNode;
}

/** The form of a step of the procedure: it is called as the step is, and open as long as the step is allowed. */
export function Step<D>({ deed, ...props }: Props<D>): JSX.Element {
  const { caseDeed } = useCodes();
  return (
    <DeedForm<D> {...props} title={caseDeed[deed]} stillAllowed={({ allowed }) => allowed.includes(deed)} />
  );
}
