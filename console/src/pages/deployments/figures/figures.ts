import type { components } from '../../../api/client.ts';

export type Figures = components['schemas']['DeploymentFiguresView'];
