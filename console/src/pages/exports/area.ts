import type { Area } from '../../app/area.ts';
import { ExportsIcon } from '../../ui/icons.tsx';

export const area: Area = {
  order: 55,
  title: { en: 'Exports', zh: '导出' },
  icon: ExportsIcon,
  to: '/exports',
  mayOpen: (may) => may.can('read', 'Export'),
  routes: [{ path: 'exports', page: () => import('./ExportsPage.tsx') }],
};
