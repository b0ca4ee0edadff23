import {
  applyDecorators,
  Injectable,
  SetMetadata,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  type OnModuleInit,
} from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { ApiExtension, ApiForbiddenResponse } from '@nestjs/swagger';
import type { Request } from 'express';
import { tap, type Observable } from 'rxjs';
import { abilityFor, wasAsked } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import {
  demandsOf,
  demandsPerAction,
  isForEverybody,
  needOf,
  NEEDS,
  RECORDS,
  type Demands,
  type Need,
} from '../access/demands.js';
import { policy } from '../access/policy.js';
import type { Action, Actions, SubjectName } from '../access/shapes.js';
import { PUBLIC } from './current-actor.js';

/**
 * Which rules of the policy the route is under: one of these actions on the resource is asked about before it answers,
 * and what they demand (a fresh proof of who it is, a purpose) is demanded.
 */
export const Needs = <N extends SubjectName>(
  actions: Actions[N] | readonly Actions[N][],
  resource: N,
): MethodDecorator => {
  const need: Need = { actions: [actions].flat(), resource };
  const { stepUp } = demandsOf(need);
  return applyDecorators(SetMetadata(NEEDS, need), ...(stepUp ? saysStepUp : []));
};

const saysStepUp = [
  ApiExtension('x-step-up', true),
  ApiForbiddenResponse({
    description:
      'Not allowed; or `step-up-required`: prove again who you are with POST /auth/step-up by one of `methods`; or `authenticator-required`: register one at POST /auth/factors/webauthn/options.',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  }),
];

const demandsOn = (handler: object): Demands[] => {
  const need = needOf(handler);
  return need ? demandsPerAction(need) : [];
};

/**
 * No route without a rule: the application does not start with one, and an answer does not leave when the handler
 * forgot to ask about the rule that stands on its route. What the policy demands of a route (src/access/demands.ts) is
 * one thing, and a route that is to tell the trail of a read says how.
 */
@Injectable()
export class RouteRules implements OnModuleInit, NestInterceptor {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /** @throws Error that names the routes which lack a rule, or do not do what it demands */
  onModuleInit(): void {
    const routes = this.discovery.getControllers().flatMap(({ metatype, instance }) => {
      const prototype = Object.getPrototypeOf(instance) as Record<string, object>;
      return this.scanner
        .getAllMethodNames(prototype)
        .map((name) => ({ name: `${metatype?.name}.${name}`, handler: prototype[name]!, metatype }))
        .filter(({ handler }) => Reflect.hasMetadata(METHOD_METADATA, handler));
    });
    const refuse = (wrong: { name: string }[], what: string, remedy: string): void => {
      if (wrong.length === 0) return;
      throw new Error(`${what} ${wrong.map(({ name }) => name).join(', ')}. ${remedy}`);
    };
    refuse(
      routes.filter(({ handler, metatype }) => !this.isRuled(handler, metatype as object)),
      'No rule of the policy stands on',
      'Add @Needs(action, resource), or @Public().',
    );
    refuse(
      routes.filter(({ handler }) => new Set(demandsOn(handler).map((one) => JSON.stringify(one))).size > 1),
      'The policy demands different things by the actions of',
      'Let each of its actions demand the same, or make two routes of it.',
    );
    refuse(
      routes.filter(
        ({ handler }) =>
          demandsOn(handler).some(({ purpose }) => purpose) !== Reflect.hasMetadata(RECORDS, handler),
      ),
      'What the policy says of the purpose and what the route tells the trail differ on',
      'Add @RecordsRead(…) there or the action to `purposes` in src/access/policy.ts, or take both away.',
    );
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const need = needOf(context.getHandler());
    if (!need || isForEverybody(need)) return next.handle();
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
    const need = needOf(handler);
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
