import { Group, Text, Title } from '@mantine/core';
import { useEffect, useRef, type JSX, type ReactNode } from 'react';
import { useLocation } from 'react-router';
import { useCommonWords } from '../i18n/common.ts';
import classes from './Page.module.css';

/** Which address had the focus last: the first page of a visit leaves it where the browser puts it. */
let focused: string | undefined;

interface Props {
  /** The heading, and what the tab is called. Ids and references only, no personal data: tabs end up in histories. */
  readonly title: string;
  /** Beside the heading, when it is more than a text. */
  readonly badge?: ReactNode;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of every page: heading, title of the tab, and the focus on the heading after a navigation. */
export function Page({ title, badge, lead, actions, children }: Props): JSX.Element {
  const words = useCommonWords();
  const { pathname } = useLocation();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${words.product}`;
  }, [title, words]);
  useEffect(() => {
    if (focused !== undefined && focused !== pathname) heading.current?.focus();
    focused = pathname;
  }, [pathname]);
  return (
    <>
      <header className={classes['head']}>
        <div className={classes['title']}>
          <Group gap="sm" align="center">
            <Title order={1} ref={heading} tabIndex={-1}>
              {title}
            </Title>
            {badge}
          </Group>
          {lead && (
            <Text size="sm" c="dimmed">
              {lead}
            </Text>
          )}
        </div>
        {actions && (
          <Group gap="xs" data-print="no">
            {actions}
          </Group>
        )}
      </header>
      {children}
    </>
  );
}

/** A part of a page with its heading. */
export const Section = ({ title, children }: { title: string; children: ReactNode }): JSX.Element => (
  <section className={classes['section']}>
    <Title order={2}>{title}</Title>
    {children}
  </section>
);
