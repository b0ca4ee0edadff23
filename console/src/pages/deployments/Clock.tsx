import { useEffect, useState, type JSX } from 'react';
import { StateBadge } from '../../ui/states.tsx';
import { Time } from '../../ui/values.tsx';
import { useWords } from './words.ts';

const MINUTE = 60_000;

/** How long there still is, in hours and minutes, or how long it is too late; by the clock of this device. */
export function DueClock({ at, label }: { at: string; label?: string }): JSX.Element {
  const words = useWords();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE / 4);
    return () => clearInterval(timer);
  }, []);
  const minutes = Math.floor(Math.abs(Date.parse(at) - now) / MINUTE);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const past = Date.parse(at) <= now;
  const tone = past ? 'late' : hours < 4 ? 'waiting' : 'active';
  return (
    <span role="timer" aria-live="off">
      {label && <>{label}: </>}
      <StateBadge tone={tone}>
        {past ? words.lateBy(hours, rest) : words.timeLeft(hours, rest)}
      </StateBadge>{' '}
      <small>
        (<Time at={at} />)
      </small>
    </span>
  );
}
