import type { JSX } from 'react';
import { SubNav } from '../../ui/SubNav.tsx';
import { useWords } from './words.ts';

export const subjects = ['users', 'organs', 'rulebooks', 'restDays', 'jobs', 'health'] as const;
export type Subject = (typeof subjects)[number];

export const addressOf = (subject: Subject): string =>
  `/admin/${subject === 'restDays' ? 'rest-days' : subject}`;

/** The way between the pages of the administration. */
export function Subjects(): JSX.Element {
  const words = useWords();
  return (
    <SubNav
      label={words.subjects}
      pages={subjects.map((subject) => ({ to: addressOf(subject), label: words[subject] }))}
    />
  );
}
