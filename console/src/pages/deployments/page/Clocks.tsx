import { Group, Text } from '@mantine/core';
import type { JSX } from 'react';
import { StateBadge } from '../../../ui/states.tsx';
import { Time } from '../../../ui/values.tsx';
import { DueClock } from '../Clock.tsx';
import { useFieldWords } from '../fields/words.ts';
import type { Deployment } from '../states.tsx';
import { useWords } from '../words.ts';

/** The hours that run: for the request after an emergency, the paper to an oral order, the after-action record. */
export function Clocks({ row }: { row: Deployment }): JSX.Element {
  const words = useWords();
  const { codes } = useFieldWords();
  const { checkDueAt, reportDueAt, oralOrder, hoursLate } = row;
  return (
    <Group gap="lg" mb="sm" role="group" aria-label={words.clocks}>
      <Text size="sm" span>
        {codes.operation[row.operation]}
      </Text>
      {checkDueAt && <DueClock at={checkDueAt} label={words.requestDue} />}
      {oralOrder && oralOrder.paperReceivedAt === null && (
        <DueClock at={oralOrder.paperDueAt} label={words.paperDue} />
      )}
      {reportDueAt && <DueClock at={reportDueAt} label={words.reportDue} />}
      {hoursLate !== null && <StateBadge tone="late">{words.filedLate(hoursLate)}</StateBadge>}
      {oralOrder && (
        <Text size="sm" span>
          {words.oralOrder(oralOrder.name, oralOrder.words)} (<Time at={oralOrder.at} />)
        </Text>
      )}
    </Group>
  );
}
