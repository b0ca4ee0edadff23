import type { Area } from '../../app/area.ts';
import { AccountIcon } from '../../ui/icons.tsx';

export const area: Area = {
  order: 90,
  title: { en: 'Account', zh: '账户' },
  icon: AccountIcon,
  to: '/account',
  mayOpen: () => true,
  routes: [
    { path: 'account', page: () => import('./AccountPage.tsx') },
    { path: 'account/reading', page: () => import('./reading/OwnReadingPage.tsx') },
  ],
  waiting: () => import('./reading/waiting.ts'),
};
