import { Button } from '@mantine/core';
import type { ComponentType, JSX } from 'react';
import { createBrowserRouter, Link, useRouteError, type RouteObject } from 'react-router';
import { useCommonWords } from '../i18n/common.ts';
import { Loading, Empty } from '../ui/states.tsx';
import { Page } from '../ui/Page.tsx';
import { useMay, type AppAbility } from './ability.ts';
import { areas } from './area.ts';
import { Gate } from './Gate.tsx';

function Missing(): JSX.Element {
  const words = useCommonWords();
  return (
    <Page title={words.pageMissing}>
      <Empty title={words.pageMissingHint} action={<Link to="/">{words.toHome}</Link>} />
    </Page>
  );
}

/** A page that failed, or whose file is gone since a new version is there: loading it again helps for both. */
function Broken(): JSX.Element {
  const words = useCommonWords();
  const error = useRouteError();
  console.error(error);
  return (
    <Empty
      title={words.pageBroken}
      action={<Button onClick={() => window.location.reload()}>{words.retry}</Button>}
    >
      {words.pageBrokenHint}
    </Empty>
  );
}

/** A page that is shown to whom it is meant for. The server refuses its data to everybody else anyway. */
function guarded(Inner: ComponentType, mayOpen: (ability: AppAbility) => boolean): ComponentType {
  return function Guarded(): JSX.Element {
    const words = useCommonWords();
    const may = useMay();
    if (mayOpen(may)) return <Inner />;
    return (
      <Page title={words.pageMissing}>
        <Empty title={words.notAllowedHere} action={<Link to="/">{words.toHome}</Link>} />
      </Page>
    );
  };
}

const routes: RouteObject[] = areas.flatMap((area) =>
  area.routes.map(({ path, page, mayOpen = area.mayOpen }) => ({
    ...(path === '' ? { index: true as const } : { path }),
    lazy: async () => ({ Component: guarded((await page()).default, mayOpen) }),
    ErrorBoundary: Broken,
  })),
);

export const router = createBrowserRouter([
  {
    element: <Gate />,
    HydrateFallback: Loading,
    ErrorBoundary: Broken,
    children: [...routes, { path: '*', Component: Missing }],
  },
]);
