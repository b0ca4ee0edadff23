import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension, ApiForbiddenResponse } from '@nestjs/swagger';

export const STEP_UP = 'plumbline:step-up';

/**
 * On a route whose deed weighs so much that an open session is not enough: its owner must have proved who they are a
 * short while ago (POST /auth/step-up; signing in counts). The guard in src/auth answers 403 `step-up-required`.
 */
export const StepUp = (): MethodDecorator =>
  applyDecorators(
    SetMetadata(STEP_UP, true),
    ApiExtension('x-step-up', true),
    ApiForbiddenResponse({
      description:
        'Not allowed; or `step-up-required`: prove again who you are with POST /auth/step-up by one of `methods`.',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    }),
  );
