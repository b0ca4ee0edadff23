import { Select } from '@mantine/core';
import type { QueryKey } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import type { Request } from '../../api/hooks.ts';
import { DeedDialog } from '../../ui/DeedDialog.tsx';
import { useWords } from './words.ts';

interface Props<V extends string> {
  readonly title: string;
  /** The person's own words, if there are some. */
  readonly said: string | null;
  readonly verdicts: Readonly<Record<V, string>>;
  readonly onClose: () => void;
  readonly onReload: () => void;
  readonly request: (body: { verdict: V; reason: string }) => Request<unknown>;
  /** The list that shows it. */
  readonly list: QueryKey;
  readonly done: string;
}

/** Judges what somebody said of their reading: a verdict and why. It is final. */
export function Verdict<V extends string>(props: Props<V>): JSX.Element {
  const { title, said, verdicts, onClose, onReload, request, list, done } = props;
  const words = useWords();
  const [verdict, setVerdict] = useState<V | null>(null);
  return (
    <DeedDialog
      onClose={onClose}
      title={title}
      explain={said === null ? words.saidNothing : words.theySaid(said)}
      confirm={title}
      final
      reason="required"
      ready={verdict !== null}
      request={(reason) => request({ verdict: verdict!, reason })}
      invalidates={[list, ['waiting']]}
      said={done}
      onReload={onReload}
    >
      <Select
        label={words.verdict}
        required
        data={Object.entries<string>(verdicts).map(([value, label]) => ({ value, label }))}
        value={verdict}
        onChange={(chosen) => setVerdict(chosen as V | null)}
      />
    </DeedDialog>
  );
}
