import { proofs, type ProofKind } from '../account.entity.js';
import { ApiProperty } from '@nestjs/swagger';

export class SteppedUpView {
  steppedUpAt: string;
  @ApiProperty({ enum: proofs })
  steppedUpWith: ProofKind;
  /** Until when it holds for what asks for it. */
  holdsUntil: string;

  static of(at: Date, steppedUpWith: ProofKind, duration: number): SteppedUpView {
    return Object.assign(new SteppedUpView(), {
      steppedUpAt: at.toISOString(),
      steppedUpWith,
      holdsUntil: new Date(at.getTime() + duration).toISOString(),
    });
  }
}
