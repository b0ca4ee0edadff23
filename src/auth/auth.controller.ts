import { Body, Controller, Get, HttpCode, Ip, Post, UseGuards } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { CurrentActor, Public } from '../http/current-actor.js';
import { AuthService } from './auth.service.js';
import { LoginDto, MeView, SessionView } from './dto/login.dto.js';
import { StepUpDto } from './dto/step-up.dto.js';
import { SteppedUpView } from './dto/step-up.view.js';
import type { SignedIn } from './sessions.service.js';
import { StepUpService } from './step-up.service.js';
import { PasswordGuard } from './strategies.js';

@Controller('auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly stepUps: StepUpService,
  ) {}

  /** Signs in with a name and a password. */
  @Public()
  @UseGuards(PasswordGuard)
  @Post('login')
  @HttpCode(200)
  login(@CurrentActor() actor: SignedIn, @Body() _dto: LoginDto): Promise<SessionView> {
    return this.auth.login(actor);
  }

  /** Ends the session at once. */
  @Post('logout')
  @HttpCode(204)
  logout(@CurrentActor() actor: Actor): Promise<void> {
    return this.auth.logout(actor);
  }

  /** Proves again who you are, for ten minutes of what asks for it. */
  @Post('step-up')
  @HttpCode(200)
  stepUp(
    @CurrentActor() actor: Actor,
    @Body() dto: StepUpDto,
    @Ip() address: string,
  ): Promise<SteppedUpView> {
    return this.stepUps.prove(actor, dto, address);
  }

  /** Who is signed in, in which roles, and what these allow. */
  @Get('me')
  me(@CurrentActor() actor: Actor): Promise<MeView> {
    return this.auth.me(actor);
  }
}
