import { Injectable, type OnModuleInit } from '@nestjs/common';
import { JobsService } from '../database/jobs.service.js';
import { WorkerDatabase } from '../database/worker-database.js';

/** Counts anew in how many requests each word stands. Until then a new word counts as a rare one. */
@Injectable()
export class PrecedentWordsJob implements OnModuleInit {
  constructor(
    private readonly jobs: JobsService,
    private readonly worker: WorkerDatabase,
  ) {}

  onModuleInit(): void {
    this.jobs.hourly('count-precedent-words', () => this.run());
  }

  async run(): Promise<void> {
    await this.worker.query('SELECT app.count_precedent_words()');
  }
}
