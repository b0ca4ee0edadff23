import './app/trusted-types.ts';
// The styles of each component come with it (vite.config.ts).
import '@mantine/core/styles/baseline.layer.css';
import '@mantine/core/styles/default-css-variables.layer.css';
import '@mantine/core/styles/global.layer.css';
import '@mantine/notifications/styles.layer.css';
import './app/global.css';
import './app/printing.ts';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router';
import { asProblem } from './api/problem.ts';
import { styleNonce } from './app/nonce.ts';
import { router } from './app/router.tsx';
import { cssVariables, theme } from './app/theme.ts';

const Notifications = lazy(async () => ({ default: (await import('@mantine/notifications')).Notifications }));

const queries = new QueryClient({
  defaultOptions: {
    // Without a network a deed fails at once and says so. Held back, it would be done when the network returns, also when
    // whoever asked for it has cancelled since.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      staleTime: 15_000,
      // Only what may be better a second later is tried again.
      retry: (count, error) => count < 2 && [0, 502, 503, 504].includes(asProblem(error).status),
    },
  },
});
const colorSchemes = localStorageColorSchemeManager({ key: 'plumbline.appearance' });

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colorSchemes}
      defaultColorScheme="auto"
      getStyleNonce={() => styleNonce}
    >
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
        <Suspense fallback={null}>
          <Notifications position="top-right" />
        </Suspense>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
