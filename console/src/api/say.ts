import type { NotificationData } from '@mantine/notifications';
import { commonWords } from '../i18n/common.ts';

/** Shows a notice at the edge of the page. Loaded when there is something to say; the first page stays small. */
export const say = (notice: NotificationData): void =>
  void import('@mantine/notifications').then(({ notifications }) =>
    notifications.show({ closeButtonProps: { 'aria-label': commonWords().close }, ...notice }),
  );
