import { Controller, Get, Redirect, Req, Res, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiFoundResponse } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { CurrentActor, Public } from '../http/current-actor.js';
import { AuthService } from './auth.service.js';
import { SessionView, SignInWaysView } from './dto/login.dto.js';
import { AnswersSession, AwaitedFactorView } from './dto/second-factor.view.js';
import { OidcService } from './oidc.service.js';
import { SessionCookie, SessionInHeader } from './session-cookie.js';
import type { Proven } from './sessions.service.js';
import { OidcGuard } from './strategies.js';

@Controller('auth/oidc')
export class OidcController {
  constructor(
    private readonly oidc: OidcService,
    private readonly auth: AuthService,
  ) {}

  /** Sends the browser to the provider of OpenID Connect, to sign in there. */
  @Public()
  @Get()
  @Redirect()
  @ApiFoundResponse({ description: 'To the provider' })
  leave(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<{ url: string }> {
    return this.oidc.leave(request, response);
  }

  /** Whether people can sign in at a provider. */
  @Public()
  @Get('offered')
  offered(): SignInWaysView {
    return { oidc: this.oidc.isOffered };
  }

  /**
   * Where the provider sends the browser back to. A navigation is led to the console, which sends the same query from
   * its page, with `Session-In`; anything else is answered as POST /auth/login is.
   */
  @Public()
  @UseGuards(OidcGuard)
  @Get('callback')
  @AnswersSession()
  @SessionInHeader()
  @UseInterceptors(SessionCookie)
  callback(@CurrentActor() actor: Proven): Promise<SessionView | AwaitedFactorView> {
    return this.auth.login(actor);
  }
}
