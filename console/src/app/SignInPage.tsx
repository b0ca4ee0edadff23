import { Group, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, type JSX } from 'react';
import { useCommonWords } from '../i18n/common.ts';
import { LanguageSwitch } from '../ui/preferences.tsx';
import { SignInForm } from './SignInForm.tsx';
import classes from './SignInPage.module.css';

/** Nobody is signed in: the address stays, so that one lands where one wanted to go. */
export function SignInPage(): JSX.Element {
  const words = useCommonWords();
  const queries = useQueryClient();
  useEffect(() => {
    document.title = `${words.signIn} · ${words.product}`;
  }, [words]);
  return (
    <div className={classes['page']}>
      <header className={classes['cover']}>
        <p className={classes['name']}>{words.product}</p>
        <p>{words.tagline}</p>
      </header>
      <main className={classes['form']}>
        <Group justify="space-between">
          <Title order={1} size="h3">
            {words.signIn}
          </Title>
          <LanguageSwitch />
        </Group>
        <SignInForm onSignedIn={() => void queries.invalidateQueries({ queryKey: ['me'] })} />
      </main>
    </div>
  );
}
