export const sanctionStatuses = ['PROPOSED', 'DECIDED', 'REFUSED', 'SERVED'] as const;
export type SanctionStatus = (typeof sanctionStatuses)[number];

/** From which state a sanction goes where. */
export const sanctionTransitions: Readonly<Record<SanctionStatus, readonly SanctionStatus[]>> = {
  PROPOSED: ['DECIDED', 'REFUSED'],
  DECIDED: ['SERVED'],
  REFUSED: [],
  SERVED: [],
};
