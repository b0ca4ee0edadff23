import type { Area } from '../../app/area.ts';
import { StatisticsIcon } from '../../ui/icons.tsx';

export const area: Area = {
  order: 60,
  title: { en: 'Statistics', zh: '统计' },
  icon: StatisticsIcon,
  to: '/statistics',
  mayOpen: (may) => may.can('read-figures', 'Case') || may.can('read-figures', 'Deployment'),
  routes: [{ path: 'statistics', page: () => import('./StatisticsPage.tsx') }],
};
