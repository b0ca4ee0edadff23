import type { Area } from '../../app/area.ts';
import { AuditIcon } from '../../ui/icons.tsx';

export const area: Area = {
  order: 50,
  title: { en: 'Auditor’s desk', zh: '审计台' },
  icon: AuditIcon,
  to: '/audit',
  mayOpen: (may) => may.can('read', 'Trail'),
  routes: [{ path: 'audit', page: () => import('./AuditPage.tsx') }],
};
