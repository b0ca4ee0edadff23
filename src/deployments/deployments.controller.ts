import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../http/current-actor.js';
import { Needs } from '../http/needs.js';
import { DeploymentsService } from './deployments.service.js';
import { DeploymentRequestDto } from './dto/deployment-request.dto.js';
import { DutyTestView } from './dto/duty-test.view.js';

@Controller('deployments')
export class DeploymentsController {
  constructor(private readonly deployments: DeploymentsService) {}

  /** Is it police work? The duty test as a dry run: nothing is kept, nothing is decided. */
  @Post('check')
  @Needs('check', 'Deployment')
  @HttpCode(200)
  check(@CurrentActor() actor: Actor, @Body() dto: DeploymentRequestDto): DutyTestView {
    return this.deployments.check(actor, dto);
  }
}
