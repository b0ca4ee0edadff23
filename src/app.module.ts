import { Module, type DynamicModule, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LoggerModule } from 'nestjs-pino';
import { AccessReviewsModule } from './accessreviews/accessreviews.module.js';
import { AuditModule } from './audit/audit.module.js';
import { RouteRules } from './http/needs.js';
import { DeniedTries } from './audit/denied-tries.js';
import { RecordedReads } from './audit/recorded-reads.js';
import { AuthModule } from './auth/auth.module.js';
import { UsersModule } from './auth/users.module.js';
import { CaseFilesModule } from './casefiles/casefiles.module.js';
import type { Config } from './config.js';
import { dataSourceOptions } from './data-source.js';
import { JobsModule } from './database/jobs.module.js';
import type { Logins } from './database/open-database.js';
import { WorkerDatabaseModule } from './database/worker-database.js';
import { DeploymentsModule } from './deployments/deployments.module.js';
import { ErasuresModule } from './erasures/erasures.module.js';
import { GlassModule } from './glass/glass.module.js';
import { IdentitiesModule } from './identities/identities.module.js';
import { ReportsModule } from './reports/reports.module.js';
import { RecusalsModule } from './recusals/recusals.module.js';
import { ExportsModule } from './exports/exports.module.js';
import { AnswerInterceptor } from './http/answer.interceptor.js';
import { guardInput, jsonBody } from './http/body.js';
import { HealthModule } from './http/health.module.js';
import { Housekeeping } from './http/housekeeping.js';
import { loggerOptions, QuietLogger } from './http/logging.js';
import { ProblemFilter } from './http/problem.filter.js';
import { validationPipe } from './http/validation.js';
import { ImportsModule } from './imports/imports.module.js';
import { IntakeModule } from './intake/intake.module.js';
import { InvestigationsModule } from './investigations/investigations.module.js';
import { LogModule } from './log/log.module.js';
import { OfficersModule } from './officers/officers.module.js';
import { OperationsModule } from './operations/operations.module.js';
import { OrgansModule } from './organs/organs.module.js';
import { RulebookModule } from './rulebook/rulebook.module.js';
import { SanctionsModule } from './sanctions/sanctions.module.js';
import { StatisticsModule } from './statistics/statistics.module.js';

/** What the application is made of, in the order of the procedure. */
@Module({})
export class AppModule implements NestModule {
  static with(config: Config, { appUrl, workerUrl }: Logins, kind: 'app' | 'cli' = 'app'): DynamicModule {
    const health = HealthModule.with(config);
    const log = LogModule.with(config, health);
    const caseFiles = CaseFilesModule.with(log);
    return {
      module: AppModule,
      imports: [
        LoggerModule.forRoot(loggerOptions(config)),
        TypeOrmModule.forRoot(dataSourceOptions(appUrl, config.poolSize)),
        WorkerDatabaseModule.with(dataSourceOptions(workerUrl, config.poolSize)),
        DiscoveryModule,
        AuditModule.with(config, kind),
        JobsModule.with(kind === 'app'),
        health,
        log,
        AuthModule.with(config),
        UsersModule,
        OperationsModule.with(log),
        RulebookModule,
        OrgansModule,
        OfficersModule,
        IntakeModule,
        InvestigationsModule,
        DeploymentsModule,
        SanctionsModule,
        ImportsModule.with(config),
        caseFiles,
        RecusalsModule,
        GlassModule,
        IdentitiesModule,
        ReportsModule,
        ErasuresModule,
        ExportsModule.with(log, caseFiles),
        AccessReviewsModule,
        StatisticsModule,
      ],
      providers: [
        QuietLogger,
        Housekeeping,
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useFactory: validationPipe },
        { provide: APP_INTERCEPTOR, useClass: AnswerInterceptor },
        // Inside the other: the receipt of the read goes out with the answer.
        { provide: APP_INTERCEPTOR, useClass: RecordedReads },
        { provide: APP_INTERCEPTOR, useClass: DeniedTries },
        { provide: APP_INTERCEPTOR, useClass: RouteRules },
      ],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    // After the logger's own, so that a body which cannot be read has a request id and a line in the log.
    consumer.apply(jsonBody(), guardInput).forRoutes('*path');
  }
}
