import type { components } from '../../../api/client.ts';

export type Account = components['schemas']['UserWithGrantsView'];
