import { Body, Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { Needs } from '../http/needs.js';
import { CurrentActor } from '../http/current-actor.js';
import { IdParam } from '../http/id-param.js';
import { ConfirmTotpDto, EnrolAuthenticatorDto, FactorNameDto } from './dto/factor.dto.js';
import { ChallengeView, FactorView, NewTotpView } from './dto/second-factor.view.js';
import { FactorsService } from './factors.service.js';

@Controller('auth/factors')
export class FactorsController {
  constructor(private readonly factors: FactorsService) {}

  /** Your second factors. */
  @Get()
  @Needs('read', 'Factor')
  list(@CurrentActor() actor: Actor): Promise<FactorView[]> {
    return this.factors.list(actor);
  }

  /** Makes a secret for an app that shows codes. It counts once a code was confirmed. */
  @Post('totp')
  @Needs('create', 'Factor')
  beginTotp(@CurrentActor() actor: Actor, @Body() dto: FactorNameDto): Promise<NewTotpView> {
    return this.factors.beginTotp(actor, dto);
  }

  /** Confirms it with a code. From then on, signing in asks for one. */
  @Post('totp/:id/confirm')
  @Needs('create', 'Factor')
  @HttpCode(200)
  confirmTotp(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body() dto: ConfirmTotpDto,
  ): Promise<FactorView> {
    return this.factors.confirmTotp(actor, id, dto);
  }

  /** What a new authenticator has to sign. */
  @Post('webauthn/options')
  @Needs('create', 'Factor')
  @HttpCode(200)
  authenticatorOptions(@CurrentActor() actor: Actor): Promise<ChallengeView> {
    return this.factors.authenticatorOptions(actor);
  }

  /** Enrols an authenticator (WebAuthn). From then on, signing in asks for it. */
  @Post('webauthn')
  @Needs('create', 'Factor')
  enrolAuthenticator(@CurrentActor() actor: Actor, @Body() dto: EnrolAuthenticatorDto): Promise<FactorView> {
    return this.factors.enrolAuthenticator(actor, dto);
  }

  /** Removes one of your second factors. */
  @Delete(':id')
  @Needs('remove', 'Factor')
  @HttpCode(204)
  remove(@CurrentActor() actor: Actor, @IdParam() id: string): Promise<void> {
    return this.factors.remove(actor, id);
  }
}
