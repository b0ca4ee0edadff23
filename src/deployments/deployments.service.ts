import { Injectable } from '@nestjs/common';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { forbidden } from '../common/errors.js';
import { testedByItsDay } from './check.js';
import type { DeploymentRequestDto } from './dto/deployment-request.dto.js';
import type { DutyTestView } from './dto/duty-test.view.js';

@Injectable()
export class DeploymentsService {
  /** A dry run: nothing is kept of it. */
  check(actor: Actor, request: DeploymentRequestDto): DutyTestView {
    if (abilityFor(actor).cannot('check', 'Deployment')) {
      throw forbidden('Your roles do not allow you to check a deployment request.');
    }
    return testedByItsDay(request);
  }
}
