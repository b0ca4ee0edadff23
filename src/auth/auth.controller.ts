import { Body, Controller, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { Needs } from '../http/needs.js';
import { CurrentActor, Public } from '../http/current-actor.js';
import { AuthService } from './auth.service.js';
import { LoginDto, MeView, SessionView } from './dto/login.dto.js';
import type { SignedIn } from './sessions.service.js';
import { PasswordGuard } from './strategies.js';

@Controller('auth')
export class AuthController {
  constructor(private readonly auth: AuthService) {}

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
  @Needs('end', 'Session')
  @HttpCode(204)
  logout(@CurrentActor() actor: Actor): Promise<void> {
    return this.auth.logout(actor);
  }

  /** Who is signed in, in which roles, and what these allow. */
  @Get('me')
  @Needs('read', 'Session')
  me(@CurrentActor() actor: Actor): Promise<MeView> {
    return this.auth.me(actor);
  }
}
