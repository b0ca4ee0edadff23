import { Alert, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { answer, api } from '../../../api/client.ts';
import { legalToday } from '../../../i18n/format.ts';
import { Page, Section } from '../../../ui/Page.tsx';
import { Loaded } from '../../../ui/states.tsx';
import { Day } from '../../../ui/values.tsx';
import classes from '../Admin.module.css';
import { Subjects } from '../Subjects.tsx';
import { useWords } from '../words.ts';

/** The statutory holidays that the rules know, and whether next year's are there in time. */
export default function RestDaysPage(): JSX.Element {
  const words = useWords();
  const query = useQuery({
    queryKey: ['rest-days'],
    queryFn: () => answer(api.GET('/api/v1/rulebooks/rest-days')),
    staleTime: 600_000,
  });
  const next = Number(legalToday().slice(0, 4)) + 1;
  return (
    <Page title={words.restDays} lead={words.restDaysHint}>
      <Subjects />
      <Loaded query={query}>
        {({ article, years, nightFrom, nightTo }) => (
          <>
            <Text size="sm" mb="md">
              {words.restArticle} {article}. {words.restNight(nightFrom, nightTo)}
            </Text>
            {!years.some(({ year }) => year === next) && (
              <Alert color="seal" mb="md">
                {words.restMissing(next)}
              </Alert>
            )}
            {[...years].reverse().map(({ year, days }) => (
              <Section key={year} title={words.restYear(year, days.length)}>
                <ul className={classes['days']}>
                  {days.map((day) => (
                    <li key={day}>
                      <Day on={day} />
                    </li>
                  ))}
                </ul>
              </Section>
            ))}
          </>
        )}
      </Loaded>
    </Page>
  );
}
