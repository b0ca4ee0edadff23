import { Alert, Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { openQuestions } from './open.ts';
import { useWords } from './words.ts';

/** On the page of the account: the way to the questions, and that some wait. */
export function ReadingNotice(): JSX.Element {
  const words = useWords();
  const { data } = useQuery({ queryKey: ['own-reading', 'count'], queryFn: openQuestions });
  const count = data === undefined ? 0 : data.questions + data.alerts;
  const link = (
    <Anchor component={Link} size="sm" underline="always" to="/account/reading">
      {words.link}
    </Anchor>
  );
  if (count > 0) return <Alert color="seal" title={words.notice(count)} children={link} />;
  return (
    <Text size="sm">
      {words.linkHint} {link}
    </Text>
  );
}
