import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import { SessionView } from './login.dto.js';
import { factorKinds, type FactorKind, type SecondFactor } from '../factor.entity.js';
import type { IssuedTicket } from '../tickets.js';

/** The first factor was right and the account has a second one: POST /auth/login/second-factor opens the session. */
export class AwaitedFactorView {
  /** Any one of them will do. */
  secondFactor: FactorKind[];
  /** Counts once, for five tries. */
  ticket: string;
  expiresAt: string;
  /** With WEBAUTHN: the options for `navigator.credentials.get`. */
  webauthn?: object;

  static of(
    { ticket, expiresAt }: IssuedTicket,
    factors: readonly SecondFactor[],
    webauthn: object | undefined,
  ): AwaitedFactorView {
    return Object.assign(new AwaitedFactorView(), {
      secondFactor: factorKinds.filter((kind) => factors.some((factor) => factor.kind === kind)),
      ticket,
      expiresAt: expiresAt.toISOString(),
      ...(webauthn ? { webauthn } : {}),
    });
  }
}

/** What an authenticator is asked, and the ticket to send with its answer. */
export class ChallengeView {
  ticket: string;
  expiresAt: string;
  /** For `navigator.credentials`, as JSON. */
  options: object;

  static of({ ticket, expiresAt }: IssuedTicket, options: object): ChallengeView {
    return Object.assign(new ChallengeView(), { ticket, expiresAt: expiresAt.toISOString(), options });
  }
}

export class FactorView {
  id: string;
  kind: FactorKind;
  /** How its owner calls it. */
  name: string;
  createdAt: string;

  static of({ id, kind, name, createdAt }: SecondFactor): FactorView {
    return Object.assign(new FactorView(), { id, kind, name, createdAt: createdAt.toISOString() });
  }
}

/** The only time that the secret is shown. It counts once a code was confirmed. */
export class NewTotpView {
  id: string;
  /** To type into the app. */
  secret: string;
  /** The same as an address, to show as a QR code. */
  uri: string;
}

/** Documents what the end of a sign-in answers: the session, or what is awaited. */
export const AnswersSession = (): MethodDecorator =>
  applyDecorators(
    ApiExtraModels(SessionView, AwaitedFactorView),
    ApiOkResponse({
      description: 'The session; for an account with a second factor, what is awaited instead',
      schema: { oneOf: [{ $ref: getSchemaPath(SessionView) }, { $ref: getSchemaPath(AwaitedFactorView) }] },
    }),
  );
