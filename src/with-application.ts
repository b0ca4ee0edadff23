import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';
import { readConfig, type Config } from './config.js';
import { dataSourceOptions } from './data-source.js';
import { checkDatabase } from './database/boot-checks.js';
import { loginsOf, openDatabase, type OpenDatabase } from './database/open-database.js';
import { WorkerDatabase } from './database/worker-database.js';

/** Does something on the database of the settings, and closes it. */
export async function withDatabase<T>(
  work: (database: OpenDatabase, config: Config) => Promise<T>,
): Promise<T> {
  const config = readConfig();
  const database = await openDatabase(config, dataSourceOptions, true);
  try {
    return await work(database, config);
  } finally {
    await database.close();
  }
}

/** The application's services without its HTTP interface, as a writer of its own. */
export const withApplication = <T>(work: (app: INestApplicationContext) => Promise<T>): Promise<T> =>
  withDatabase(async (database, config) => {
    const module = AppModule.with({ ...config, logLevel: 'error' }, loginsOf(database), 'cli');
    const app = await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
    try {
      await checkDatabase(app.get(DataSource), app.get(WorkerDatabase));
      return await work(app);
    } finally {
      await app.close();
    }
  });
