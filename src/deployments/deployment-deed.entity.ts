import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { DeploymentDeed } from '../access/shapes.js';
import type { DeploymentStatus } from './deployment.states.js';

/** One step as it was done. Immutable. */
@Entity('deployment_deed')
export class DeploymentDeedRecord {
  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'uuid', update: false })
  deploymentId: string;

  @Column({ type: 'text', update: false })
  deed: DeploymentDeed;

  @Column({ type: 'text', update: false })
  fromStatus: DeploymentStatus;

  @Column({ type: 'text', update: false })
  toStatus: DeploymentStatus;

  @Column({ type: 'int', update: false })
  round: number;

  @Column({ type: 'uuid', update: false })
  doneBy: string;

  @Column({ type: 'timestamptz', update: false })
  doneAt: Date;

  /** The organ by whose power it was decided. */
  @Column({ type: 'uuid', nullable: true, update: false })
  organId: string | null;

  /** For whom a deputy decided. */
  @Column({ type: 'uuid', nullable: true, update: false })
  onBehalfOf: string | null;

  @Column({ type: 'text', update: false })
  reason: string;

  @Column({ type: 'jsonb', update: false })
  details: Record<string, unknown>;
}
