import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension, ApiForbiddenResponse } from '@nestjs/swagger';

export const STEP_UP = 'plumbline:step-up';
export const STEP_UP_WITH = 'plumbline:step-up-with';

/**
 * On a route whose deed weighs so much that an open session is not enough: its owner must have proved who they are a
 * short while ago (POST /auth/step-up; signing in counts). The guard in src/auth answers 403 `step-up-required`.
 * @param proof WEBAUTHN where nothing weaker will do: then an authenticator's signature shows who did it
 */
export const StepUp = (proof?: 'WEBAUTHN'): MethodDecorator =>
  applyDecorators(
    SetMetadata(STEP_UP, true),
    SetMetadata(STEP_UP_WITH, proof),
    ApiExtension('x-step-up', true),
    ApiForbiddenResponse({
      description:
        'Not allowed; or `step-up-required`: prove again who you are with POST /auth/step-up by one of `methods`; or `authenticator-required`: register one at POST /auth/factors/webauthn/options.',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    }),
  );
