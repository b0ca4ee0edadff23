import { proofs, type ProofKind } from '../account.entity.js';
import { ApiProperty } from '@nestjs/swagger';

export class SteppedUpView {
  steppedUpAt: string;
  @ApiProperty({ enum: proofs })
  steppedUpWith: ProofKind;
  /** Until when it holds for what asks for it. */
  holdsUntil: string;
  /** From now on the token of the session; the old one opens nothing more. Absent when the session is in a cookie. */
  accessToken?: string;
  /** Of a session in a cookie, which the answer replaces: send it as X-CSRF-Token with every write. */
  csrfToken?: string;

  static of(at: Date, steppedUpWith: ProofKind, duration: number, accessToken: string): SteppedUpView {
    return Object.assign(new SteppedUpView(), {
      accessToken,
      steppedUpAt: at.toISOString(),
      steppedUpWith,
      holdsUntil: new Date(at.getTime() + duration).toISOString(),
    });
  }
}
