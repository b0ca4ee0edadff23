import { Module } from '@nestjs/common';
import { AccessAlertsController } from './access-alerts.controller.js';
import { AccessAlertsService } from './access-alerts.service.js';
import { AccessReviewsController } from './access-reviews.controller.js';
import { AccessReviewsService } from './access-reviews.service.js';
import { AlertsJob } from './alerts.job.js';
import { ReadQuestionsController } from './read-questions.controller.js';
import { ReadQuestionsService } from './read-questions.service.js';
import { ReadWeekJob } from './read-week.job.js';

@Module({
  controllers: [AccessReviewsController, AccessAlertsController, ReadQuestionsController],
  providers: [AccessReviewsService, AccessAlertsService, AlertsJob, ReadQuestionsService, ReadWeekJob],
})
export class AccessReviewsModule {}
