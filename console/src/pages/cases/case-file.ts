import type { components } from '../../api/client.ts';

export type CaseFile = components['schemas']['CaseFileView'];
