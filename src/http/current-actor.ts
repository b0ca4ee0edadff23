import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Actor } from '../access/actor.js';

/** A request after the global guard; a public route has no user. */
export type AppRequest = Request & { user?: Actor; id: string };

/** Who acts: the first argument of every route that is not public. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { user } = context.switchToHttp().getRequest<AppRequest>();
  if (!user) throw new Error('A public route has no actor');
  return user;
});

export const PUBLIC = 'plumbline:public';

/** The only exception to «every route wants a session». */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC, true);
