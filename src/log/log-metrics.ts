import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
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
    const waiting = gauge(registry, 'plumbline_unsealed_entries', 'Entries that wait for the sealer');
    const lag = gauge(registry, 'plumbline_seal_lag_seconds', 'How long the oldest of them has waited');
    const quarantines = gauge(registry, 'plumbline_quarantines_open', 'Streams with a refused entry');
    const missing = gauge(registry, 'plumbline_writer_numbers_missing', 'Numbers of writers that never came');
    const witness = new Gauge({
      name: 'plumbline_witness_lag_seconds',
      help: 'Time since the last cosignature of each witness',
      labelNames: ['witness'] as const,
      registers: [registry],
    });
    const failures = gauge(
      registry,
      'plumbline_verification_failures',
      'What the latest verification of a part of the log found wrong',
    );
    const verified = gauge(registry, 'plumbline_verification_age_seconds', 'Time since that verification');
    // One that reads for all of them.
    new Gauge({
      name: 'plumbline_log_size',
      help: 'Entries under the latest checkpoint',
      registers: [registry],
      collect: async function (this: Gauge) {
        await update(this).catch(() => {
          // Without the database there is nothing to say, and health says why.
          [this, waiting, lag, quarantines, missing, witness, failures, verified].forEach((one) =>
            one.reset(),
          );
        });
      },
    });
    const update = async (size: Gauge): Promise<void> => {
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
    };
  }
}

const gauge = (registry: Registry, name: string, help: string): Gauge =>
  new Gauge({ name, help, registers: [registry] });
