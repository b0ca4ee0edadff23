import { subject } from '@casl/ability';
import { useMay } from '../../../app/ability.ts';
import type { CaseFile } from '../case-file.ts';
import { openForAllegations } from './open.ts';

export const isOpen = ({ status }: CaseFile): boolean => openForAllegations.includes(status);

/**
 * Whether the rules of this person let them change the allegations of that case: the rule of PATCH
 * /allegations/{id} is `update` of the case. From whom a conflict keeps the case, the server alone knows; it decides.
 */
export function useMayComplete(): (row: CaseFile) => boolean {
  const may = useMay();
  return (row) => isOpen(row) && may.can('update', subject('Case', { ...row }) as unknown as string);
}
