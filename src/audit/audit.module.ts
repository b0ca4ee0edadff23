import { Global, Module, type DynamicModule } from '@nestjs/common';
import { CaseDatabase } from '../access/case-database.js';
import { Clock, SystemClock } from '../common/clock.js';
import { HistoryService } from './history.service.js';
import { KeyRing, loadKeyFile, loadMasterKey, MASTER_KEY, VAULT_KEY } from './key-ring.js';
import { UnitOfWork } from './unit-of-work.js';
import { loadKey, Writer } from './writer.js';
import { WriterRegistration } from './writer-registration.js';
import { join } from 'node:path';

/** Global, since every module writes through its unit of work. */
@Global()
@Module({})
export class AuditModule {
  /** @param kind which kind of process writes */
  static with(place: { dataDir: string; vaultKeyFile: string }, kind: 'app' | 'cli' = 'app'): DynamicModule {
    return {
      module: AuditModule,
      providers: [
        { provide: Clock, useClass: SystemClock },
        {
          provide: Writer,
          inject: [Clock],
          useFactory: (clock: Clock) =>
            new Writer(loadKey(join(place.dataDir, 'keys'), 'writer'), kind, clock.now()),
        },
        { provide: MASTER_KEY, useFactory: () => loadMasterKey(join(place.dataDir, 'keys')) },
        { provide: VAULT_KEY, useFactory: () => loadKeyFile(place.vaultKeyFile) },
        {
          provide: KeyRing,
          inject: [MASTER_KEY, VAULT_KEY],
          useFactory: (master: Buffer, vault: Buffer) => new KeyRing(master, vault),
        },
        CaseDatabase,
        UnitOfWork,
        HistoryService,
        WriterRegistration,
      ],
      exports: [Clock, MASTER_KEY, VAULT_KEY, KeyRing, CaseDatabase, UnitOfWork, HistoryService, Writer],
    };
  }
}
