import type { Area } from '../../app/area.ts';
import { AdminIcon } from '../../ui/icons.tsx';

export const area: Area = {
  order: 80,
  title: { en: 'Administration', zh: '系统管理' },
  icon: AdminIcon,
  to: '/admin',
  mayOpen: (may) => may.can('update', 'User'),
  routes: [
    { path: 'admin', page: () => import('./AdminPage.tsx') },
    { path: 'admin/users', page: () => import('./users/UsersPage.tsx') },
    { path: 'admin/users/:id', page: () => import('./users/UserPage.tsx') },
    { path: 'admin/organs', page: () => import('./organs/OrgansPage.tsx') },
    // The law is everybody's to read.
    {
      path: 'admin/rulebooks',
      page: () => import('./rules/RulebooksPage.tsx'),
      mayOpen: (may) => may.can('read', 'Rulebook'),
    },
    {
      path: 'admin/rest-days',
      page: () => import('./rules/RestDaysPage.tsx'),
      mayOpen: (may) => may.can('read', 'Rulebook'),
    },
    { path: 'admin/jobs', page: () => import('./operations/JobsPage.tsx') },
    { path: 'admin/health', page: () => import('./operations/HealthPage.tsx') },
  ],
};
