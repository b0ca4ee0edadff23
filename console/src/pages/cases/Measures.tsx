import { Text } from '@mantine/core';
import type { JSX } from 'react';
import type { CaseStatus } from '../../i18n/codes.ts';
import { useMeasureName } from '../../i18n/measures.ts';
import { StateBadge, type Tone } from '../../ui/states.tsx';
import { Time } from '../../ui/values.tsx';
import type { CaseFile } from './case-file.ts';
import { MeasureButton } from './deeds/Measure.tsx';
import classes from './Measures.module.css';
import { useWords } from './words.ts';

type Allegation = CaseFile['allegations'][number];
type Measure = Allegation['measures'][number];
type Standing = 'DONE' | 'NOT_DONE' | 'OVERDUE' | 'OPEN';

interface Props {
  readonly row: CaseFile;
  readonly allegation: Allegation;
  readonly onReload: () => void;
}

const tones: Readonly<Record<Standing, Tone>> = {
  DONE: 'done',
  NOT_DONE: 'waiting',
  OVERDUE: 'late',
  OPEN: 'new',
};
/** Nothing is due any more in a case that has ended here. */
const ended: readonly CaseStatus[] = ['TRANSFERRED', 'NOT_ACCEPTED', 'MERGED', 'CLOSED_NO_CASE', 'CLOSED'];

function standingOf({ dueAt, records }: Measure, status: CaseStatus): Standing {
  const last = records.at(-1);
  if (last) return last.outcome;
  return dueAt !== null && Date.parse(dueAt) < Date.now() && !ended.includes(status) ? 'OVERDUE' : 'OPEN';
}

/** What the category of an allegation calls for at once: what is done, by whom, and what is late. */
export function Measures({ row, allegation, onReload }: Props): JSX.Element | null {
  const words = useWords().measures;
  const nameOf = useMeasureName();
  if (allegation.measures.length === 0) return null;
  return (
    <>
      <Text component="h4" size="sm" fw={600} mt="sm">
        {words.title}
      </Text>
      <ul className={classes['list']}>
        {allegation.measures.map((measure) => {
          const standing = standingOf(measure, row.status);
          return (
            <li key={measure.code} className={classes['measure']}>
              <div className={classes['what']}>
                <StateBadge tone={tones[standing]}>{words.standings[standing]}</StateBadge>
                <Text span size="sm">
                  {nameOf(measure)}
                </Text>
                {measure.dueAt !== null && standing !== 'DONE' && (
                  <Text span size="xs" c="dimmed">
                    {words.due} <Time at={measure.dueAt} />
                  </Text>
                )}
              </div>
              {standing !== 'DONE' && (
                <MeasureButton row={row} allegation={allegation} measure={measure} onReload={onReload} />
              )}
              {measure.records.map((record) => (
                <Record key={record.id} record={record} />
              ))}
            </li>
          );
        })}
      </ul>
    </>
  );
}

/** Who did it, when, and what: an earlier "not done" stays beside what came later. */
function Record({ record }: { record: Measure['records'][number] }): JSX.Element {
  const words = useWords().measures;
  return (
    <div className={classes['record']}>
      <Text size="sm">{record.note}</Text>
      <Text size="xs" c="dimmed">
        {words.standings[record.outcome]} <Time at={record.doneAt ?? record.recordedAt} /> ·{' '}
        {record.recordedByName}
        {record.recordedLate && (
          <>
            {' · '}
            {words.recordedLate} <Time at={record.recordedAt} />
          </>
        )}
      </Text>
    </div>
  );
}
