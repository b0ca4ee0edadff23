import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { Attempts } from './attempts.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { FactorProofs } from './factor-proofs.js';
import { OwnSessionsController } from './own-sessions.controller.js';
import { OwnSessionsService } from './own-sessions.service.js';
import { SessionsService } from './sessions.service.js';
import { SignInService } from './sign-in.service.js';
import { StepUpGuard } from './step-up.guard.js';
import { StepUpService } from './step-up.service.js';
import { PasswordStrategy, SessionGuard, SessionStrategy } from './strategies.js';

@Module({
  imports: [PassportModule],
  controllers: [AuthController, OwnSessionsController],
  providers: [
    AuthService,
    SessionsService,
    SignInService,
    Attempts,
    FactorProofs,
    OwnSessionsService,
    StepUpService,
    PasswordStrategy,
    SessionStrategy,
    { provide: APP_GUARD, useClass: SessionGuard },
    // After it: it asks whose session it is.
    { provide: APP_GUARD, useClass: StepUpGuard },
  ],
  exports: [SessionsService],
})
export class AuthModule {}
