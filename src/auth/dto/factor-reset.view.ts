import { ApiProperty } from '@nestjs/swagger';
import type { FactorReset } from '../factor.entity.js';

/** How long the owner has to object once two persons want it (threat 11: whoever resets a factor to sign in with it). */
export const COOL_DOWN_MS = 24 * 60 * 60_000;

const effectOf = ({ confirmedAt }: FactorReset): string | null =>
  confirmedAt && new Date(confirmedAt.getTime() + COOL_DOWN_MS).toISOString();

export class FactorResetView {
  id: string;
  userId: string;
  status: 'PROPOSED' | 'CONFIRMED' | 'DONE' | 'REFUSED';
  proposedBy: string;
  proposedAt: string;
  reason: string;
  /** The second person; null until there is one. */
  confirmedBy: string | null;
  confirmedAt: string | null;
  /** From then on the second factors are removed, within the hour; null until it is confirmed. */
  takesEffectAt: string | null;
  /** When it was done or refused. */
  endedAt: string | null;

  static of(reset: FactorReset): FactorResetView {
    const { id, userId, status, proposedBy, proposedAt, reason, confirmedBy, confirmedAt, endedAt } = reset;
    return Object.assign(new FactorResetView(), {
      id,
      userId,
      status,
      proposedBy,
      proposedAt: proposedAt.toISOString(),
      reason,
      confirmedBy,
      confirmedAt: confirmedAt?.toISOString() ?? null,
      takesEffectAt: effectOf(reset),
      endedAt: endedAt?.toISOString() ?? null,
    });
  }
}

const words: Readonly<Record<FactorReset['status'], string>> = {
  PROPOSED:
    'An administrator proposed to remove your second factors. If you did not ask for it, refuse it now: POST /factor-resets/{resetId}/refuse.',
  CONFIRMED:
    'Two administrators want to remove your second factors. If you did not ask for it, refuse it now: POST /factor-resets/{resetId}/refuse.',
  DONE: 'Your second factors were removed by two administrators, and your sessions were ended. Enrol new ones: POST /auth/factors/totp.',
  REFUSED: 'It was proposed to remove your second factors, and refused. They are as they were.',
};

/** What a person has to be told when they sign in. */
export class NoticeView {
  /** PASSWORD_CHANGED: from the account itself; PASSWORD_SET: by an administrator. */
  @ApiProperty({ enum: ['SECOND_FACTOR_RESET', 'PASSWORD_CHANGED', 'PASSWORD_SET'] })
  kind: 'SECOND_FACTOR_RESET' | 'PASSWORD_CHANGED' | 'PASSWORD_SET';
  status: 'PROPOSED' | 'CONFIRMED' | 'DONE' | 'REFUSED';
  /** Of a reset of second factors: the one that POST /factor-resets/{id}/refuse takes. */
  resetId: string | null;
  text: string;
  /** When it was proposed; of a password, when it was changed. */
  proposedAt: string;
  takesEffectAt: string | null;

  static of(reset: FactorReset): NoticeView {
    return Object.assign(new NoticeView(), {
      kind: 'SECOND_FACTOR_RESET',
      status: reset.status,
      resetId: reset.id,
      text: words[reset.status].replace('{resetId}', reset.id),
      proposedAt: reset.proposedAt.toISOString(),
      takesEffectAt: effectOf(reset),
    });
  }

  /** @param byOwner whether they did it themselves, as far as the program knows */
  static ofPassword(changedAt: Date, byOwner: boolean): NoticeView {
    return Object.assign(new NoticeView(), {
      kind: byOwner ? 'PASSWORD_CHANGED' : 'PASSWORD_SET',
      status: 'DONE',
      resetId: null,
      text: byOwner
        ? 'Your password was changed from your own account, and your other sessions were ended. If it was not you, tell an administrator now.'
        : 'An administrator set a new password for you, and your sessions were ended. If you did not ask for it, tell another administrator now.',
      proposedAt: changedAt.toISOString(),
      takesEffectAt: null,
    });
  }
}
