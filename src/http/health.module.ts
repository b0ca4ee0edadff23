import {
  Controller,
  Get,
  Inject,
  Injectable,
  Module,
  type DynamicModule,
  type NestMiddleware,
} from '@nestjs/common';
import { Header, Req } from '@nestjs/common';
import { HealthCheck, HealthCheckService, TerminusModule, TypeOrmHealthIndicator } from '@nestjs/terminus';
import type { HealthCheckResult } from '@nestjs/terminus';
import type { NextFunction, Request, Response } from 'express';
import { timingSafeEqual } from 'node:crypto';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { DomainError } from '../common/errors.js';
import { Public } from './current-actor.js';

const METRICS_TOKEN = 'plumbline:metrics-token';

/** How long requests take, by method, route pattern (never the address itself) and status. */
@Injectable()
export class Metrics implements NestMiddleware {
  readonly registry = new Registry();
  private readonly duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer a request',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  use(request: Request, response: Response, next: NextFunction): void {
    const end = this.duration.startTimer({ method: request.method });
    response.on('finish', () => {
      const route = (request.route as { path?: string } | undefined)?.path ?? 'unknown';
      end({ route, status: response.statusCode });
    });
    next();
  }
}

@Controller({ path: 'health' })
class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly database: TypeOrmHealthIndicator,
  ) {}

  /** The process runs. */
  @Public()
  @Get('live')
  live(): { status: string } {
    return { status: 'ok' };
  }

  /** The process can do its work: the database answers. */
  @Public()
  @Get('ready')
  @HealthCheck({ swaggerDocumentation: false })
  ready(): Promise<HealthCheckResult> {
    return this.health.check([() => this.database.pingCheck('database', { timeout: 2000 })]);
  }
}

@Controller({ path: 'metrics' })
class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    @Inject(METRICS_TOKEN) private readonly token: string | undefined,
  ) {}

  /** Prometheus text. For this machine, or with the metrics token. */
  @Public()
  @Get()
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  read(@Req() request: Request): Promise<string> {
    if (!this.mayRead(request)) throw new DomainError('not-found', 404, 'There is no such route.');
    return this.metrics.registry.metrics();
  }

  private mayRead(request: Request): boolean {
    const [, sent] = /^Bearer (\S+)$/i.exec(request.get('authorization') ?? '') ?? [];
    if (this.token && sent?.length === this.token.length) {
      return timingSafeEqual(Buffer.from(sent), Buffer.from(this.token));
    }
    // A proxy on this machine would make the whole world look local; it says so in a header.
    const forwarded = request.get('x-forwarded-for') ?? request.get('forwarded');
    return (
      forwarded === undefined &&
      ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(request.socket.remoteAddress ?? '')
    );
  }
}

@Module({})
export class HealthModule {
  static with(config: { metricsToken: string | undefined }): DynamicModule {
    return {
      module: HealthModule,
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController, MetricsController],
      providers: [Metrics, { provide: METRICS_TOKEN, useValue: config.metricsToken }],
      exports: [Metrics],
    };
  }
}
