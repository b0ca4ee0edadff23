import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';
import type { Config } from './config.js';
import { checkDatabase } from './database/boot-checks.js';
import type { Logins } from './database/open-database.js';
import { WorkerDatabase } from './database/worker-database.js';
import { serveConsole } from './http/console.js';
import { Metrics } from './http/health.module.js';
import { identify, QuietLogger } from './http/logging.js';
import { setUpReference } from './openapi.js';

export const API_PREFIX = 'api/v1';

/** What stands around the modules, the same in production, in tests and for the generated document. */
export function configure(app: NestExpressApplication, config: Pick<Config, 'trustProxy'>): void {
  if (config.trustProxy !== undefined) app.set('trust proxy', config.trustProxy);
  app.set('query parser', 'simple');
  app.disable('x-powered-by');
  app.setGlobalPrefix(API_PREFIX, { exclude: ['health/live', 'health/ready', 'metrics'] });
  app.set('etag', false);
  app.use(identify);
  app.use(
    helmet({
      // TLS is the proxy's matter; a browser that was told to upgrade could not open a plain local address.
      contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
    }),
  );
  app.use(noStore);
  const metrics = app.get(Metrics, { strict: false });
  app.use(metrics.use.bind(metrics));
  serveConsole(app);
}

/** What an answer holds concerns one person at one moment; no cache keeps it. */
function noStore(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader('Cache-Control', 'no-store');
  next();
}

/** The application on this database, ready to listen. Refuses a database that is unsafe or behind the code. */
export async function createApplication(config: Config, logins: Logins): Promise<INestApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(config, logins), {
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(QuietLogger));
  try {
    await checkDatabase(app.get(DataSource), app.get(WorkerDatabase));
  } catch (error) {
    await app.get(DataSource).destroy();
    await app.get(WorkerDatabase).destroy();
    throw error;
  }
  configure(app, config);
  setUpReference(app);
  return app;
}
