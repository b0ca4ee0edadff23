import { decidedStatuses, type CaseStatus } from '../intake/case.states.js';

export const sanctionStatuses = ['PROPOSED', 'DECIDED', 'REFUSED', 'SERVED'] as const;
export type SanctionStatus = (typeof sanctionStatuses)[number];

/** From which state a sanction goes where. */
export const sanctionTransitions: Readonly<Record<SanctionStatus, readonly SanctionStatus[]>> = {
  PROPOSED: ['DECIDED', 'REFUSED'],
  DECIDED: ['SERVED'],
  REFUSED: [],
  SERVED: [],
};

/** What is done to one sanction: from which of its states, and in which states of its case. */
export const sanctionDeeds = {
  decide: { from: ['PROPOSED'], inCases: ['LEGAL_REVIEWED', 'DELIBERATED'] },
  // The decision of the case comes first: before it nothing is final.
  serve: { from: ['DECIDED'], inCases: [...decidedStatuses, 'SERVED'] },
} as const satisfies Readonly<
  Record<string, { from: readonly SanctionStatus[]; inCases: readonly CaseStatus[] }>
>;

export type SanctionDeed = keyof typeof sanctionDeeds;

/** The deeds that the states of a sanction and of its case allow, whoever asks. */
export const sanctionDeedsFrom = (status: SanctionStatus, ofCase: CaseStatus): SanctionDeed[] =>
  (Object.keys(sanctionDeeds) as SanctionDeed[]).filter((deed) => {
    const { from, inCases }: { from: readonly SanctionStatus[]; inCases: readonly CaseStatus[] } =
      sanctionDeeds[deed];
    return from.includes(status) && inCases.includes(ofCase);
  });
