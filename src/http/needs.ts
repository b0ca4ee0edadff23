import {
  Injectable,
  SetMetadata,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  type OnModuleInit,
} from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { tap, type Observable } from 'rxjs';
import { abilityFor, wasAsked } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { policy } from '../access/policy.js';
import type { Action, Actions, SubjectName } from '../access/shapes.js';
import { PUBLIC } from './current-actor.js';

interface Need {
  readonly actions: readonly Action[];
  readonly resource: SubjectName;
}

const NEEDS = 'plumbline:needs';

/** Which rules of the policy the route is under: one of these actions on the resource is asked about before it answers. */
export const Needs = <N extends SubjectName>(
  actions: Actions[N] | readonly Actions[N][],
  resource: N,
): MethodDecorator => SetMetadata(NEEDS, { actions: [actions].flat(), resource });

/** What everybody may do needs no asking. */
const isOpen = ({ actions, resource }: Need): boolean =>
  policy.some(
    (rule) =>
      rule.role === 'EVERYBODY' &&
      rule.relation === 'ANY' &&
      rule.resource === resource &&
      actions.every((action) => (rule.actions as readonly Action[]).includes(action)),
  );

/**
 * No route without a rule: the application does not start with one, and an answer does not leave when the handler
 * forgot to ask about the rule that stands on its route.
 */
@Injectable()
export class RouteRules implements OnModuleInit, NestInterceptor {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  /** @throws Error that names the routes which lack a rule */
  onModuleInit(): void {
    const unruled = this.discovery.getControllers().flatMap(({ metatype, instance }) => {
      const prototype = Object.getPrototypeOf(instance) as Record<string, object>;
      return this.scanner
        .getAllMethodNames(prototype)
        .filter((name) => Reflect.hasMetadata(METHOD_METADATA, prototype[name]!))
        .filter((name) => !this.isRuled(prototype[name]!, metatype as object))
        .map((name) => `${metatype?.name}.${name}`);
    });
    if (unruled.length > 0) {
      throw new Error(
        `No rule of the policy stands on ${unruled.join(', ')}. Add @Needs(action, resource), or @Public().`,
      );
    }
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const need = this.reflector.get<Need | undefined>(NEEDS, context.getHandler());
    if (!need || isOpen(need)) return next.handle();
    const { user } = context.switchToHttp().getRequest<Request & { user: Actor }>();
    return next.handle().pipe(
      tap(() => {
        if (need.actions.some((action) => wasAsked(abilityFor(user), action, need.resource))) return;
        const route = `${context.getClass().name}.${context.getHandler().name}`;
        throw new Error(`${route} answered without asking whether the actor may`);
      }),
    );
  }

  private isRuled(handler: object, controller: object): boolean {
    if (Reflect.getMetadata(PUBLIC, handler) === true || Reflect.getMetadata(PUBLIC, controller) === true)
      return true;
    const need = Reflect.getMetadata(NEEDS, handler) as Need | undefined;
    return (
      need !== undefined &&
      need.actions.length > 0 &&
      need.actions.every((action) =>
        policy.some(
          (rule) => rule.resource === need.resource && (rule.actions as readonly Action[]).includes(action),
        ),
      )
    );
  }
}
