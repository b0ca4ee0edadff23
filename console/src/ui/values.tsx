import { Text } from '@mantine/core';
import type { JSX } from 'react';
import { useCommonWords } from '../i18n/common.ts';
import { daysUntil, formatDay, formatMoney, formatTime } from '../i18n/format.ts';
import { useLanguage } from '../i18n/language.ts';
import { StateBadge } from './states.tsx';

/** An instant, in the legal zone. */
export const Time = ({ at }: { at: string }): JSX.Element => (
  <time dateTime={at}>{formatTime(at, useLanguage())}</time>
);

/** A day of the law. */
export const Day = ({ on }: { on: string }): JSX.Element => (
  <time dateTime={on}>{formatDay(on, useLanguage())}</time>
);

export const Money = ({ value }: { value: { amount: string; currency: string } }): JSX.Element => (
  <Text span size="sm" ff="monospace">
    {formatMoney(value, useLanguage())}
  </Text>
);

/** A day by which something is due, with how far away it is: red when past, amber within the week. */
export function Due({ on }: { on: string }): JSX.Element {
  const words = useCommonWords();
  const days = daysUntil(on);
  return (
    <span>
      <Day on={on} />{' '}
      {days < 0 ? (
        <StateBadge tone="late">{words.overdueBy(-days)}</StateBadge>
      ) : days <= 7 ? (
        <StateBadge tone="waiting">{words.dueIn(days)}</StateBadge>
      ) : (
        <Text span size="xs" c="dimmed">
          {words.dueIn(days)}
        </Text>
      )}
    </span>
  );
}
