import { Text } from '@mantine/core';
import { useState, type JSX, type ReactNode } from 'react';
import { asProblem } from '../../../api/problem.ts';
import { ifMatch, type receipted } from '../../../api/client.ts';
import { useDeed } from '../../../api/hooks.ts';
import { ConfirmDeed } from '../../../ui/ConfirmDeed.tsx';
import type { CaseFile } from '../case-file.ts';
import { bodyOf, placed, type DraftForm } from './draft.ts';
import { Meanwhile } from './Meanwhile.tsx';
import { useDeedWords } from './words.ts';

/** What every form of a case gets. */
export interface FormProps {
  readonly row: CaseFile;
  readonly onClose: () => void;
  /** Reads the present version of the case; what is typed stays. */
  readonly onReload: () => void;
}

/** Where a deed goes: to this case, as it was read. */
export const onCase = ({ id, version }: CaseFile) => ({
  params: { path: { id }, header: ifMatch(version) },
});

interface Props<D> extends FormProps {
  readonly title: string;
  readonly explain?: ReactNode;
  readonly form: DraftForm<D>;
  /** The request with the body that was typed. */
  readonly send: (body: D) => Parameters<typeof receipted<unknown>>[0];
  /** Nothing leads back from it. */
  readonly final?: boolean;
  /** Whether the deed is still there for this person in the version that was loaded meanwhile. */
  readonly stillAllowed: (row: CaseFile) => boolean;
  /** A record that has its own reason among the fields, or none. */
  readonly withoutReason?: boolean;
  /** Fields whose name in the interface is another one than here: theirs, and the one here. */
  readonly calls?: Readonly<Record<string, string>>;
  readonly wide?: boolean;
  readonly children?: ReactNode;
}

/** The dialog of a deed: its fields, the refusal of each beside it, and what others did while one typed. */
export function DeedForm<D>(props: Props<D>): JSX.Element {
  const { row, onClose, onReload, title, explain, form, send, final = false, children } = props;
  const words = useDeedWords();
  const [opened] = useState(row);
  const [shown, setShown] = useState<string[]>([]);
  const deed = useDeed<D, unknown>({ invalidates: [['cases']], said: words.done, run: send });
  const run = async (reason: string): Promise<void> => {
    try {
      await deed.mutateAsync(bodyOf<D>(form.getValues(), props.withoutReason ? undefined : reason));
    } catch (thrown) {
      const found = placed(asProblem(thrown).fields, (path) => form.getInputNode(path) !== null, props.calls);
      form.setErrors(found.errors);
      setShown(found.shown);
      throw thrown;
    }
  };
  const check = (): boolean => {
    const { hasErrors, errors } = form.validate();
    const [first] = Object.keys(errors);
    if (first !== undefined) form.getInputNode(first)?.focus();
    return !hasErrors;
  };
  return (
    <ConfirmDeed
      opened
      onClose={onClose}
      title={title}
      explain={explain ?? (final ? words.explainFinal : words.explain)}
      confirm={title}
      final={final}
      wide={props.wide ?? false}
      {...(props.withoutReason ? {} : { reason: 'required' as const })}
      check={check}
      refusals={words.refusals}
      shownFields={shown}
      run={run}
      onReload={onReload}
    >
      {!deed.isPending && !deed.isSuccess && <Meanwhile before={opened} now={row} />}
      {!deed.isPending && !deed.isSuccess && !props.stillAllowed(row) && (
        <Text size="sm" fw={600} role="status">
          {words.noLonger}
        </Text>
      )}
      {children}
    </ConfirmDeed>
  );
}
