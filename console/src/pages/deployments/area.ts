import type { Area } from '../../app/area.ts';
import { DeploymentsIcon } from '../../ui/icons.tsx';

export const area: Area = {
  order: 30,
  title: { en: 'Requests for police', zh: '用警申请' },
  icon: DeploymentsIcon,
  to: '/deployments',
  mayOpen: (may) => may.can('read', 'Deployment'),
  routes: [
    { path: 'deployments', page: () => import('./DeploymentsPage.tsx') },
    { path: 'deployments/:id', page: () => import('./DeploymentPage.tsx') },
  ],
  waiting: () => import('./waiting.ts'),
};
