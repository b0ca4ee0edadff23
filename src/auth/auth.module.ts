import {
  Global,
  Module,
  RequestMethod,
  type DynamicModule,
  type MiddlewareConsumer,
  type NestModule,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { Attempts } from './attempts.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { Authenticators, ORIGIN } from './authenticators.js';
import { backToConsole } from './back-to-console.js';
import { BREACHED_PASSWORDS, BreachedPasswords } from './breached-passwords.js';
import { FactorProofs } from './factor-proofs.js';
import { FactorsController } from './factors.controller.js';
import { FactorsService } from './factors.service.js';
import { FirstPasswordService } from './first-password.service.js';
import { OidcController } from './oidc.controller.js';
import { OIDC, OidcService, type OidcSettings } from './oidc.service.js';
import { OwnPasswordController } from './own-password.controller.js';
import { OwnPasswordService } from './own-password.service.js';
import { OwnSessionsController } from './own-sessions.controller.js';
import { OwnSessionsService } from './own-sessions.service.js';
import { PasswordPolicy } from './password-policy.js';
import { SecondFactorService } from './second-factor.service.js';
import { SessionsService } from './sessions.service.js';
import { SignInService } from './sign-in.service.js';
import { SECOND_FACTOR, SecondFactorGuard } from './second-factor.guard.js';
import { StepUpGuard } from './step-up.guard.js';
import { StepUpService } from './step-up.service.js';
import {
  FirstPasswordStrategy,
  OidcStrategy,
  PasswordStrategy,
  SessionGuard,
  SessionStrategy,
  TicketStrategy,
} from './strategies.js';

/** Global, since jobs of other modules act for an account. */
@Global()
@Module({})
export class AuthModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(backToConsole).forRoutes({ path: 'auth/oidc/callback', method: RequestMethod.GET });
  }

  static with(config: {
    origin: string;
    oidc: OidcSettings | undefined;
    breachedPasswords: string | undefined;
    secondFactorRequired: boolean;
  }): DynamicModule {
    return {
      module: AuthModule,
      imports: [PassportModule],
      controllers: [
        AuthController,
        OwnSessionsController,
        OwnPasswordController,
        FactorsController,
        OidcController,
      ],
      providers: [
        { provide: ORIGIN, useValue: config.origin },
        { provide: OIDC, useValue: { provider: config.oidc } },
        { provide: BREACHED_PASSWORDS, useValue: { path: config.breachedPasswords } },
        { provide: SECOND_FACTOR, useValue: { required: config.secondFactorRequired } },
        BreachedPasswords,
        PasswordPolicy,
        FirstPasswordService,
        FirstPasswordStrategy,
        AuthService,
        OidcService,
        OidcStrategy,
        SessionsService,
        OwnSessionsService,
        OwnPasswordService,
        SignInService,
        Attempts,
        Authenticators,
        FactorProofs,
        FactorsService,
        SecondFactorService,
        StepUpService,
        PasswordStrategy,
        TicketStrategy,
        SessionStrategy,
        { provide: APP_GUARD, useClass: SessionGuard },
        // After it: they ask whose session it is.
        { provide: APP_GUARD, useClass: SecondFactorGuard },
        { provide: APP_GUARD, useClass: StepUpGuard },
      ],
      exports: [SessionsService, PasswordPolicy],
    };
  }
}
