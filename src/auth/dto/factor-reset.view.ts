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
  kind: 'SECOND_FACTOR_RESET';
  status: 'PROPOSED' | 'CONFIRMED' | 'DONE' | 'REFUSED';
  resetId: string;
  text: string;
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
}
