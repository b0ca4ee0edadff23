import { Global, Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { Attempts } from './attempts.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { Authenticators, ORIGIN } from './authenticators.js';
import { FactorProofs } from './factor-proofs.js';
import { FactorsController } from './factors.controller.js';
import { FactorsService } from './factors.service.js';
import { OidcController } from './oidc.controller.js';
import { OIDC, OidcService, type OidcSettings } from './oidc.service.js';
import { OwnSessionsController } from './own-sessions.controller.js';
import { OwnSessionsService } from './own-sessions.service.js';
import { SecondFactorService } from './second-factor.service.js';
import { SessionsService } from './sessions.service.js';
import { SignInService } from './sign-in.service.js';
import { StepUpGuard } from './step-up.guard.js';
import { StepUpService } from './step-up.service.js';
import {
  OidcStrategy,
  PasswordStrategy,
  SessionGuard,
  SessionStrategy,
  TicketStrategy,
} from './strategies.js';

/** Global, since jobs of other modules act for an account. */
@Global()
@Module({})
export class AuthModule {
  static with(config: { origin: string; oidc: OidcSettings | undefined }): DynamicModule {
    return {
      module: AuthModule,
      imports: [PassportModule],
      controllers: [AuthController, OwnSessionsController, FactorsController, OidcController],
      providers: [
        { provide: ORIGIN, useValue: config.origin },
        { provide: OIDC, useValue: { provider: config.oidc } },
        AuthService,
        OidcService,
        OidcStrategy,
        SessionsService,
        OwnSessionsService,
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
        // After it: it asks whose session it is.
        { provide: APP_GUARD, useClass: StepUpGuard },
      ],
      exports: [SessionsService],
    };
  }
}
