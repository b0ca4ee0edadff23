import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Clock } from '../common/clock.js';
import { Metrics } from '../http/health.module.js';
import { LogVerificationJob } from './log-verification.job.js';
import { LogService } from './log.service.js';

/** How the log is, for whoever watches the installation. Read from the database when somebody asks for it. */
@Injectable()
export class LogMetrics implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    private readonly log: LogService,
    private readonly verification: LogVerificationJob,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    const { registry } = this.metrics;
    // A scrape collects all gauges at the same time; one look at the database serves them all.
    let looking: Promise<void> | undefined;
    const collect = (): Promise<void> => (looking ??= update().finally(() => (looking = undefined)));
    const gauge = <L extends string = never>(name: string, help: string, ...labelNames: L[]): Gauge<L> =>
      new Gauge<L>({ name: `plumbline_${name}`, help, labelNames, registers: [registry], collect });

    const size = gauge('log_size', 'Entries under the latest checkpoint');
    const waiting = gauge('unsealed_entries', 'Entries that wait for the sealer');
    const lag = gauge('seal_lag_seconds', 'How long the oldest of them has waited');
    const quarantines = gauge('quarantines_open', 'Streams with a refused entry');
    const missing = gauge('writer_numbers_missing', 'Numbers of writers that never came');
    const witness = gauge(
      'witness_lag_seconds',
      'Time since the last cosignature of each witness',
      'witness',
    );
    const failures = gauge(
      'verification_failures',
      'What the latest verification of a part of the log found wrong',
    );
    const verified = gauge('verification_age_seconds', 'Time since that verification');

    const update = async (): Promise<void> => {
      try {
        const [state, last] = await Promise.all([this.log.state(), this.verification.last()]);
        size.set(state.size);
        waiting.set(state.waiting);
        lag.set(state.sealLagSeconds);
        quarantines.set(state.openQuarantines);
        missing.set(state.missingNumbers);
        witness.reset();
        for (const { name, lagSeconds } of state.witnesses) {
          if (lagSeconds !== null) witness.set({ witness: name }, lagSeconds);
        }
        failures.set(last?.failures.length ?? 0);
        if (last) verified.set((this.clock.now().getTime() - Date.parse(last.at)) / 1000);
      } catch {
        // Without the database there is nothing to say, and health says why.
        [size, waiting, lag, quarantines, missing, witness, failures, verified].forEach((one) => one.reset());
      }
    };
  }
}
