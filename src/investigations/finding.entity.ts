import { Column, Entity, PrimaryColumn } from 'typeorm';

export const findingOutcomes = [
  'SUBSTANTIATED',
  'PARTLY_SUBSTANTIATED',
  'NOT_SUBSTANTIATED',
  'UNTRUE',
  'LAWFUL_CONDUCT',
  'MINOR_FLAW',
  'MALICIOUS_REPORT',
  'REFERRED',
  'TERMINATED',
] as const;
export type FindingOutcome = (typeof findingOutcomes)[number];

/** What the law calls substantiated: the outcomes on which a sanction can rest. */
export const sanctionable: readonly FindingOutcome[] = ['SUBSTANTIATED', 'PARTLY_SUBSTANTIATED'];

export const findingStages = ['RECOMMENDED', 'FINAL'] as const;
export type FindingStage = (typeof findingStages)[number];

/** A mitigating or aggravating circumstance with what proves it. */
export interface Factor {
  code: string;
  proof: string;
}

/** The outcome of one allegation. A later revision of the same stage supersedes it; none is changed. */
@Entity('finding')
export class Finding {
  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'uuid', update: false })
  caseId: string;

  @Column({ type: 'uuid', update: false })
  allegationId: string;

  @Column({ type: 'int', update: false })
  revision: number;

  @Column({ type: 'text', update: false })
  stage: FindingStage;

  @Column({ type: 'text', update: false })
  outcome: FindingOutcome;

  @Column({ type: 'text', update: false })
  reason: string;

  @Column({ type: 'jsonb', update: false })
  mitigating: Factor[];

  @Column({ type: 'jsonb', update: false })
  aggravating: Factor[];

  @Column({ type: 'jsonb', nullable: true, update: false })
  sourceWords: Record<string, string> | null;

  @Column({ type: 'uuid', update: false })
  recordedBy: string;

  @Column({ type: 'timestamptz', update: false })
  recordedAt: Date;
}
