import type { Area } from '../../app/area.ts';
import { IntakeIcon } from '../../ui/icons.tsx';

export const area: Area = {
  order: 5,
  title: { en: 'Intake', zh: '登记举报' },
  icon: IntakeIcon,
  to: '/intake',
  mayOpen: (may) => may.can('create', 'Case'),
  routes: [
    { path: 'intake', page: () => import('./TaskListPage.tsx') },
    { path: 'intake/check', page: () => import('./CheckPage.tsx') },
    { path: 'intake/registered/:id', page: () => import('./RegisteredPage.tsx') },
    { path: 'intake/:step', page: () => import('./StepPage.tsx') },
    { path: 'intake/allegations/:no/:step', page: () => import('./StepPage.tsx') },
  ],
};
