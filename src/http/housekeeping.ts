import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { JobsService } from '../database/jobs.service.js';
import { WorkerDatabase } from '../database/worker-database.js';

const KEPT_DAYS = 7;

/** Forgets the answers to requests that nobody repeats any more. They hold personal data. */
@Injectable()
export class Housekeeping implements OnModuleInit {
  constructor(
    private readonly jobs: JobsService,
    private readonly worker: WorkerDatabase,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.hourly('forget-answers', () => this.forgetAnswers());
    this.jobs.hourly('forget-contexts', () => this.forgetContexts());
  }

  /** Who acted on connections that are gone. */
  async forgetContexts(): Promise<void> {
    await this.worker.query('SELECT app.forget_contexts()');
  }

  async forgetAnswers(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - KEPT_DAYS * 86_400_000);
    await this.worker.query('DELETE FROM app.idempotency_key WHERE created_at < $1', [before]);
  }
}
