import type { Area } from '../../app/area.ts';
import { HomeIcon } from '../../ui/icons.tsx';

export const area: Area = {
  order: 0,
  title: { en: 'Home', zh: '首页' },
  icon: HomeIcon,
  to: '/',
  mayOpen: () => true,
  routes: [{ path: '', page: () => import('./HomePage.tsx') }],
};
