import type { JSX } from 'react';
import { useMay } from '../../app/ability.ts';
import { SubNav } from '../../ui/SubNav.tsx';
import { mayRead } from './permissions.ts';
import { useWords } from './words.ts';

/** The pages of the desk, as far as this person may open them. */
export function DeskNav(): JSX.Element {
  const words = useWords();
  const may = useMay();
  const pages = [
    { to: '/audit', label: words.trail, shown: mayRead.trail(may) },
    { to: '/audit/reads', label: words.reads, shown: mayRead.reads(may) },
    { to: '/audit/alerts', label: words.alerts, shown: mayRead.alerts(may) },
    { to: '/audit/questions', label: words.questions, shown: mayRead.questions(may) },
  ];
  return <SubNav label={words.title} pages={pages.filter(({ shown }) => shown)} />;
}
