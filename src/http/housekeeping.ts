import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';
import { JobsService } from '../database/jobs.service.js';

const KEPT_DAYS = 7;

/** Forgets the answers to requests that nobody repeats any more. They hold personal data. */
@Injectable()
export class Housekeeping implements OnModuleInit {
  constructor(
    private readonly jobs: JobsService,
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.hourly('forget-answers', () => this.forgetAnswers());
  }

  async forgetAnswers(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - KEPT_DAYS * 86_400_000);
    await this.dataSource.query('DELETE FROM app.idempotency_key WHERE created_at < $1', [before]);
  }
}
