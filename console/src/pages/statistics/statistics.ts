import type { components } from '../../api/client.ts';

export type Statistics = components['schemas']['StatisticsView'];
