import { Anchor, Text } from '@mantine/core';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { Page } from '../../ui/Page.tsx';
import classes from './Admin.module.css';
import { HealthSummary } from './operations/HealthSummary.tsx';
import { addressOf, subjects } from './Subjects.tsx';
import { useWords } from './words.ts';

const hints = {
  users: 'usersHint',
  organs: 'organsHint',
  rulebooks: 'rulebooksHint',
  restDays: 'restDaysHint',
  jobs: 'jobsHint',
  health: 'healthHint',
} as const;

/** What there is to administer, with whether everything works on top. */
export default function AdminPage(): JSX.Element {
  const words = useWords();
  return (
    <Page title={words.title} lead={words.lead}>
      <HealthSummary />
      <ul className={classes['cards']}>
        {subjects.map((subject) => (
          <li key={subject}>
            <Anchor component={Link} to={addressOf(subject)}>
              {words[subject]}
            </Anchor>
            <Text size="sm" c="dimmed">
              {words[hints[subject]]}
            </Text>
          </li>
        ))}
      </ul>
    </Page>
  );
}
