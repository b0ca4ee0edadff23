import { Body, Controller, Get, HttpCode, Ip, Post, UseGuards, UseInterceptors } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { Needs } from '../http/needs.js';
import { CurrentActor, Public } from '../http/current-actor.js';
import { AuthService } from './auth.service.js';
import { ChoosePasswordDto } from './dto/first-password.dto.js';
import { LoginDto, MeView, SessionView } from './dto/login.dto.js';
import { SecondFactorDto } from './dto/second-factor.dto.js';
import { AnswersSession, AwaitedFactorView, ChallengeView } from './dto/second-factor.view.js';
import { StepUpDto } from './dto/step-up.dto.js';
import { SteppedUpView } from './dto/step-up.view.js';
import type { Proven, SignedIn } from './sessions.service.js';
import { SessionCookie, SessionInHeader } from './session-cookie.js';
import { StepUpService } from './step-up.service.js';
import { FirstPasswordGuard, PasswordGuard, TicketGuard } from './strategies.js';

@Controller('auth')
@UseInterceptors(SessionCookie)
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly stepUps: StepUpService,
  ) {}

  /** Signs in with a name and a password; with a one-time password, 403 `own-password-needed`. An account with a second factor is asked for that next. */
  @Public()
  @UseGuards(PasswordGuard)
  @Post('login')
  @HttpCode(200)
  @AnswersSession()
  @SessionInHeader()
  login(@CurrentActor() actor: Proven, @Body() _dto: LoginDto): Promise<SessionView | AwaitedFactorView> {
    return this.auth.login(actor);
  }

  /** Chooses one's own password with a one-time password, which ends with it, and signs in. */
  @Public()
  @UseGuards(FirstPasswordGuard)
  @Post('login/own-password')
  @HttpCode(200)
  @AnswersSession()
  @SessionInHeader()
  choosePassword(
    @CurrentActor() actor: Proven,
    @Body() dto: ChoosePasswordDto,
  ): Promise<SessionView | AwaitedFactorView> {
    return this.auth.choosePassword(actor, dto);
  }

  /** Opens the session of an account that has a second factor. */
  @Public()
  @UseGuards(TicketGuard)
  @Post('login/second-factor')
  @HttpCode(200)
  @SessionInHeader()
  secondFactor(
    @CurrentActor() actor: SignedIn,
    @Body() dto: SecondFactorDto,
    @Ip() address: string,
  ): Promise<SessionView> {
    return this.auth.secondFactor(actor, dto, address);
  }

  /** Ends the session at once. */
  @Post('logout')
  @Needs('end', 'Session')
  @HttpCode(204)
  logout(@CurrentActor() actor: Actor): Promise<void> {
    return this.auth.logout(actor);
  }

  /** What an authenticator has to sign for POST /auth/step-up. */
  @Post('step-up/options')
  @Needs('prove', 'Session')
  @HttpCode(200)
  challenge(@CurrentActor() actor: Actor): Promise<ChallengeView> {
    return this.stepUps.challenge(actor);
  }

  /** Proves again who you are, for ten minutes of what asks for it. The session goes on under a new token. */
  @Post('step-up')
  @Needs('prove', 'Session')
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
  @Needs('read', 'Session')
  me(@CurrentActor() actor: Actor): Promise<MeView> {
    return this.auth.me(actor);
  }
}
