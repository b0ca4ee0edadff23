import { ActionIcon, Button, Group } from '@mantine/core';
import { Suspense, useEffect, useRef, useState, type JSX } from 'react';
import { flushSync } from 'react-dom';
import { Link, NavLink, Outlet, useLocation, useNavigation } from 'react-router';
import { useCommonWords } from '../i18n/common.ts';
import { formatTime } from '../i18n/format.ts';
import { useLanguage } from '../i18n/language.ts';
import { CloseIcon, Mark, MenuIcon } from '../ui/icons.tsx';
import { Loading } from '../ui/states.tsx';
import { useMay } from './ability.ts';
import { areas } from './area.ts';
import { FactorWanted } from './FactorWanted.tsx';
import classes from './Layout.module.css';
import { useMe, useSignOut } from './me.ts';

/** The frame around every page of somebody who is signed in. */
export function Layout(): JSX.Element {
  const words = useCommonWords();
  const drawer = useRef<HTMLDialogElement>(null);
  const { pathname } = useLocation();
  const { state } = useNavigation();
  const main = useRef<HTMLElement>(null);
  useEffect(() => drawer.current?.close(), [pathname]);
  return (
    <>
      <a
        href="#content"
        className={classes['skip']}
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {words.skip}
      </a>
      <div className={classes['shell']}>
        <header className={classes['head']}>
          <div className={classes['bar']}>
            <Brand />
            <ActionIcon
              variant="transparent"
              size="lg"
              aria-label={words.openNavigation}
              onClick={() => drawer.current?.showModal()}
            >
              <MenuIcon size={24} />
            </ActionIcon>
          </div>
          <div className={classes['rail']}>
            <Brand />
            <Rail />
          </div>
        </header>
        <main
          id="content"
          ref={main}
          tabIndex={-1}
          className={classes['content']}
          aria-busy={state === 'loading'}
          data-path={pathname}
        >
          <div className={classes['measure']}>
            <Printed />
            <FactorWanted />
            <Suspense fallback={<Loading />}>
              <Outlet />
            </Suspense>
          </div>
        </main>
      </div>
      <dialog ref={drawer} className={classes['drawer']} aria-label={words.navigation}>
        <div className={classes['rail']}>
          <form method="dialog" className={classes['close']}>
            <ActionIcon type="submit" variant="transparent" size="lg" aria-label={words.close}>
              <CloseIcon size={24} />
            </ActionIcon>
          </form>
          <Rail />
        </div>
      </dialog>
    </>
  );
}

const Brand = (): JSX.Element => {
  const words = useCommonWords();
  return (
    <Link to="/" className={classes['brand']}>
      <Mark />
      {words.product}
    </Link>
  );
};

/** On paper: where it comes from, when and by whom it was printed. */
function Printed(): JSX.Element {
  const words = useCommonWords();
  const { user } = useMe();
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const before = (): void => flushSync(() => setNow(new Date()));
    window.addEventListener('beforeprint', before);
    return () => window.removeEventListener('beforeprint', before);
  }, []);
  return (
    <p className={classes['printed']} data-print="only">
      {words.product} · {words.printed(formatTime(now.toISOString()), user.displayName)}
    </p>
  );
}

function Rail(): JSX.Element {
  const words = useCommonWords();
  const language = useLanguage();
  const may = useMay();
  const { user } = useMe();
  const signOut = useSignOut();
  return (
    <>
      <nav aria-label={words.navigation}>
        <ul className={classes['areas']}>
          {areas
            .filter(({ to, mayOpen }) => to !== undefined && mayOpen(may))
            .map(({ to, title, icon: Icon }) => (
              <li key={to}>
                <NavLink to={to!} end={to === '/'}>
                  <Icon />
                  {title[language]}
                </NavLink>
              </li>
            ))}
        </ul>
      </nav>
      <div className={classes['foot']}>
        <div className={classes['who']}>{user.displayName}</div>
        <div>{user.username}</div>
        <Group gap="xs" mt="xs">
          <Button size="compact-xs" variant="white" color="dark" onClick={signOut}>
            {words.signOut}
          </Button>
        </Group>
      </div>
    </>
  );
}
