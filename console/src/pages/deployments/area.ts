import type { Area } from '../../app/area.ts';
import { DeploymentsIcon } from '../../ui/icons.tsx';

const requestPage = () => import('./request/RequestPage.tsx');

export const area: Area = {
  order: 30,
  title: { en: 'Requests for police', zh: '用警申请' },
  icon: DeploymentsIcon,
  to: '/deployments',
  mayOpen: (may) => may.can('read', 'Deployment'),
  routes: [
    { path: 'deployments', page: () => import('./DeploymentsPage.tsx') },
    { path: 'deployments/:id', page: () => import('./DeploymentPage.tsx') },
    { path: 'deployments/new', page: requestPage, mayOpen: (may) => may.can('create', 'Deployment') },
    { path: 'deployments/:id/refusal', page: () => import('./refusal/RefusalPage.tsx') },
    { path: 'deployments/:id/edit', page: requestPage, mayOpen: (may) => may.can('update', 'Deployment') },
    {
      path: 'deployments/emergency',
      page: () => import('./emergency/EmergencyPage.tsx'),
      mayOpen: (may) => may.can('send-at-once', 'Deployment'),
    },
    { path: 'deployments/calendar', page: () => import('./calendar/CalendarPage.tsx') },
    {
      path: 'deployments/figures',
      page: () => import('./figures/FiguresPage.tsx'),
      mayOpen: (may) => may.can('read-figures', 'Deployment'),
    },
    {
      path: 'deployments/deputies',
      page: () => import('./delegations/DelegationsPage.tsx'),
      mayOpen: (may) => may.can('read', 'DeploymentDelegation'),
    },
    {
      path: 'deployments/objections',
      page: () => import('./objections/ObjectionsPage.tsx'),
      mayOpen: (may) => may.can('read', 'DeploymentObjection'),
    },
  ],
  figures: {
    mayOpen: (may) => may.can('read-figures', 'Deployment'),
    panel: () => import('./figures/FiguresPanel.tsx'),
    csv: ({ from, to, organId }) =>
      `/api/v1/deployments/figures?${new URLSearchParams({ from, to, ...(organId ? { organId } : {}), format: 'csv' })}`,
  },
  waiting: () => import('./waiting.ts'),
};
