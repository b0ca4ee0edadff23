import { Anchor, Button, List, Text } from '@mantine/core';
import type { JSX } from 'react';
import { Link, useParams } from 'react-router';
import { answer, api } from '../../../api/client.ts';
import { useDownload } from '../../../api/download.ts';
import { useRecord } from '../../../api/hooks.ts';
import { DownloadIcon, PrintIcon } from '../../../ui/icons.tsx';
import { Page, Section } from '../../../ui/Page.tsx';
import { ProblemAlert } from '../../../ui/ProblemAlert.tsx';
import { Loaded } from '../../../ui/states.tsx';
import { Lines } from '../../../ui/tables.tsx';
import { Time } from '../../../ui/values.tsx';
import { TestOutcome } from '../states.tsx';
import classes from './RefusalPage.module.css';
import { useRefusalWords } from './words.ts';

/** A refusal as a sheet to be handed to whoever asked. */
export default function RefusalPage(): JSX.Element {
  const words = useRefusalWords();
  const { id } = useParams() as { id: string };
  const save = useDownload();
  const query = useRecord(['deployments', id, 'refusal'], (signal) =>
    answer(api.GET('/api/v1/deployments/{id}/refusal', { signal, params: { path: { id } } })),
  );
  const refusal = query.data;
  return (
    <Page
      title={refusal ? words.title(refusal.reference) : words.noReference}
      lead={words.lead}
      actions={
        <>
          <Anchor component={Link} size="sm" to={`/deployments/${id}`}>
            {words.back}
          </Anchor>
          {refusal && (
            <>
              <Button
                variant="default"
                leftSection={<DownloadIcon size={16} />}
                loading={save.isPending}
                onClick={() =>
                  save.mutate({
                    path: `/api/v1/deployments/${id}/refusal?format=markdown`,
                    name: `${refusal.reference}.md`,
                  })
                }
              >
                {words.save}
              </Button>
              <Button leftSection={<PrintIcon size={16} />} onClick={() => window.print()}>
                {words.print}
              </Button>
            </>
          )}
        </>
      }
    >
      <ProblemAlert error={save.error} />
      <Loaded query={query}>
        {({ reason, doors, reviewBy, ...rest }) => (
          <div className={classes['sheet']}>
            <div className={classes['decided']}>
              <Lines
                lines={[
                  [words.refusedBy, rest.refusedBy],
                  [words.refusedAt, <Time key="at" at={rest.refusedAt} />],
                  [words.level, rest.level],
                ]}
              />
            </div>
            <Section title={words.request}>
              <Lines
                lines={[
                  [words.requester, rest.requester],
                  [words.purpose, rest.purpose],
                  [words.place, rest.place],
                  [
                    words.time,
                    <span key="time">
                      <Time at={rest.startsAt} /> {words.until} <Time at={rest.endsAt} />
                    </span>,
                  ],
                ]}
              />
            </Section>
            <Section title={words.reason}>
              <Text size="sm" className={classes['reason']}>
                {reason}
              </Text>
            </Section>
            {rest.answer && (
              <Section title={words.test}>
                <Lines
                  lines={[
                    [words.outcome, <TestOutcome key="outcome" outcome={rest.outcome} />],
                    [words.question, rest.question],
                    [words.answer, rest.answer],
                    [words.article, rest.article],
                    [words.changes, rest.changes],
                  ]}
                />
              </Section>
            )}
            <Section title={words.doors}>
              <List size="sm">
                {doors.map(({ code, door }) => (
                  <List.Item key={code}>
                    {door} {code !== 'GENERAL' && `(${code})`}
                  </List.Item>
                ))}
              </List>
            </Section>
            <Section title={words.review}>
              <Text size="sm">{reviewBy ? words.reviewBy(reviewBy) : words.noReview}</Text>
            </Section>
            <p className={classes['signature']} data-print="only">
              {words.signature}
            </p>
          </div>
        )}
      </Loaded>
    </Page>
  );
}
