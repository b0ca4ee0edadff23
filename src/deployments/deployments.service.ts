import { Injectable } from '@nestjs/common';
import { abilityFor } from '../access/abilities.js';
import type { Actor } from '../access/actor.js';
import { authorize } from '../access/authorize.js';
import { invalidInput } from '../common/errors.js';
import { testedByItsDay } from './check.js';
import type { DeploymentRequestDto } from './dto/deployment-request.dto.js';
import type { DutyTestView } from './dto/duty-test.view.js';

/** Characters of free text in one request: five pages, which the lexicon reads in half a second. */
const MAX_TEXT = 20_000;

@Injectable()
export class DeploymentsService {
  /** A dry run: nothing is kept of it. */
  check(actor: Actor, request: DeploymentRequestDto): DutyTestView {
    authorize(abilityFor(actor), 'check', 'Deployment', { id: '' });
    const texts = [request.purpose, ...request.tasks.map(({ text }) => text ?? '')];
    if (texts.reduce((sum, text) => sum + text.length, 0) > MAX_TEXT) {
      throw invalidInput([
        {
          pointer: '/tasks',
          message: `purpose and tasks have more than ${MAX_TEXT} characters together; say it shorter`,
        },
      ]);
    }
    return testedByItsDay(request);
  }
}
