import { Anchor, Button } from '@mantine/core';
import type { JSX } from 'react';
import { Link } from 'react-router';
import type { Column } from '../../ui/DataTable.tsx';
import { Time } from '../../ui/values.tsx';
import { Account } from './Account.tsx';
import { useWords } from './words.ts';

/** The way to a case; an auditor knows it by nothing else. */
export function CaseLink({ id }: { id: string }): JSX.Element {
  const words = useWords();
  return (
    <Anchor component={Link} size="sm" to={`/cases/${id}`}>
      {words.openCase}
    </Anchor>
  );
}

interface ReadOfCase {
  readonly readAt: string;
  readonly userId: string;
  readonly caseId: string | null;
}

/** The columns that alerts and questions have in common: when, who, which case. */
export function useReadColumns<R extends ReadOfCase>(): Record<'at' | 'who' | 'case', Column<R>> {
  const words = useWords();
  return {
    at: {
      key: 'at',
      header: words.readAt,
      cell: ({ readAt }) => <Time at={readAt} />,
      csv: ({ readAt }) => readAt,
    },
    who: {
      key: 'who',
      header: words.account,
      cell: ({ userId }) => <Account id={userId} />,
      csv: ({ userId }) => userId,
    },
    case: {
      key: 'case',
      header: words.case,
      cell: ({ caseId }) => (caseId === null ? '—' : <CaseLink id={caseId} />),
      csv: ({ caseId }) => caseId,
    },
  };
}

/** The column of the one deed on a row, for the rows where it is open. */
export function useDeedColumn<R>(
  title: string,
  isOpen: (row: R) => boolean,
  onChoose: (row: R) => void,
): Column<R> {
  const words = useWords();
  return {
    key: 'deed',
    header: words.deed,
    cell: (row) =>
      isOpen(row) ? (
        <Button size="compact-sm" variant="default" onClick={() => onChoose(row)}>
          {title}
        </Button>
      ) : (
        '—'
      ),
  };
}
