import type { JSX } from 'react';
import { formatNumber } from '../../../i18n/format.ts';
import { Section } from '../../../ui/Page.tsx';
import { Lines } from '../../../ui/tables.tsx';
import { Time } from '../../../ui/values.tsx';
import { useDeedWords } from '../deeds/words.ts';
import { useFieldWords } from '../fields/words.ts';
import { TestOutcome, type Deployment } from '../states.tsx';
import { useWords } from '../words.ts';

/** The after-action record: what police really did, beside what the duty test says of it. */
export function After({ row: { report, startedAt, endedAt } }: { row: Deployment }): JSX.Element | null {
  const words = useWords();
  const deedWords = useDeedWords();
  const { codes, labels, groups } = useFieldWords();
  if (!report) return null;
  const { tasks, force } = report;
  return (
    <Section title={words.afterAction}>
      <Lines
        lines={[
          [
            groups.tasks,
            tasks.map(({ code, text }) => [codes.task[code], text].filter(Boolean).join(': ')).join('; '),
          ],
          [labels.force.officers, String(force.officers)],
          [words.officerHours, formatNumber(report.officerHours)],
          [words.theTest, <TestOutcome key="outcome" outcome={report.outcome} />],
          [deedWords.startedAt, startedAt && <Time at={startedAt} />],
          [deedWords.endedAt, endedAt && <Time at={endedAt} />],
          [deedWords.forceUsed, report.forceUsed],
          [deedWords.incidents, report.incidents],
          [deedWords.injuries, report.injuries],
          [deedWords.complaints, report.complaints],
          [deedWords.videos, report.videos.join('; ')],
          [deedWords.deviated, report.deviated ? report.deviation : words.noDeviation],
          [
            words.signed,
            <span key="signed">
              <Time at={report.signedAt} />
              {report.hoursLate !== null && ` · ${words.filedLate(report.hoursLate)}`}
            </span>,
          ],
        ]}
      />
    </Section>
  );
}
