import type { Area } from '../../app/area.ts';
import { AuditIcon } from '../../ui/icons.tsx';
import { mayRead } from './permissions.ts';

export const area: Area = {
  order: 50,
  title: { en: 'Auditor’s desk', zh: '审计台' },
  icon: AuditIcon,
  to: '/audit',
  mayOpen: (may) => mayRead.trail(may) || mayRead.reads(may),
  routes: [
    { path: 'audit', page: () => import('./AuditPage.tsx') },
    { path: 'audit/reads', page: () => import('./ReadsPage.tsx'), mayOpen: mayRead.reads },
    { path: 'audit/alerts', page: () => import('./AlertsPage.tsx'), mayOpen: mayRead.alerts },
    { path: 'audit/questions', page: () => import('./QuestionsPage.tsx'), mayOpen: mayRead.questions },
  ],
  waiting: () => import('./waiting.ts'),
};
