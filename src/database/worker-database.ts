import {
  Global,
  Inject,
  Injectable,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { DataSource, type DataSourceOptions } from 'typeorm';

/**
 * The database as the system's own work sees it: jobs, housekeeping, the command line. Every case is in it, so nothing
 * that a person asked for is read through it.
 */
export class WorkerDatabase extends DataSource {}

@Injectable()
class WorkerConnections implements OnApplicationShutdown {
  constructor(@Inject(WorkerDatabase) private readonly database: WorkerDatabase) {}

  async onApplicationShutdown(): Promise<void> {
    if (this.database.isInitialized) await this.database.destroy();
  }
}

@Global()
@Module({})
export class WorkerDatabaseModule {
  static with(options: DataSourceOptions): DynamicModule {
    return {
      module: WorkerDatabaseModule,
      providers: [
        {
          provide: WorkerDatabase,
          useFactory: async () => {
            const database = new WorkerDatabase(options);
            await database.initialize();
            return database;
          },
        },
        WorkerConnections,
      ],
      exports: [WorkerDatabase],
    };
  }
}
