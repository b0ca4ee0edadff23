import type { Area } from '../../app/area.ts';
import { CasesIcon } from '../../ui/icons.tsx';

export const area: Area = {
  order: 10,
  title: { en: 'Cases', zh: '案件' },
  icon: CasesIcon,
  to: '/cases',
  mayOpen: (may) => may.can('read', 'Case'),
  routes: [
    { path: 'cases', page: () => import('./CasesPage.tsx') },
    { path: 'cases/:id', page: () => import('./CasePage.tsx') },
  ],
  waiting: () => import('./waiting.ts'),
};
