import { Body, Controller, HttpCode, Ip, Put } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../http/current-actor.js';
import { Needs } from '../http/needs.js';
import { OwnPasswordDto } from './dto/own-password.dto.js';
import { OwnPasswordService } from './own-password.service.js';

@Controller('auth/password')
export class OwnPasswordController {
  constructor(private readonly passwords: OwnPasswordService) {}

  /** Changes your own password and ends every session of yours but this one. */
  @Put()
  @Needs('set-password', 'Session')
  @HttpCode(204)
  change(@CurrentActor() actor: Actor, @Body() dto: OwnPasswordDto, @Ip() address: string): Promise<void> {
    return this.passwords.change(actor, dto, address);
  }
}
