import type { DataSourceOptions } from 'typeorm';
import { migrations } from '../migrations/index.js';
import { AccessAlert } from './accessreviews/access-alert.entity.js';
import { ReadQuestion, ReadSample } from './accessreviews/read-question.entity.js';
import { ReadLogEntry } from './accessreviews/read-log.entity.js';
import { Session, UserAccount, UserGrant } from './auth/account.entity.js';
import { AuthTicket, FactorReset, SecondFactor } from './auth/factor.entity.js';
import { SnakeCaseNaming } from './database/naming.js';
import { PreparingClient } from './database/preparing-client.js';
import {
  DeploymentAttachment,
  DeploymentDelegation,
  DeploymentNotice,
  DeploymentObjection,
  DeploymentReport,
} from './deployments/deployment-records.entity.js';
import { DeploymentDeedRecord } from './deployments/deployment-deed.entity.js';
import { Deployment } from './deployments/deployment.entity.js';
import { Erasure } from './erasures/erasure.entity.js';
import { BrokenGlass } from './glass/broken-glass.entity.js';
import { Notice } from './notices/notice.entity.js';
import { Accountability } from './deployments/accountability.entity.js';
import { IdentityRequest } from './identities/identity-request.entity.js';
import { Recusal, Witness } from './recusals/recusal.entity.js';
import { ExportRun } from './exports/export-run.entity.js';
import { ImportRun } from './imports/import-run.entity.js';
import { AffectedPerson, Allegation, AllegationSubject } from './intake/allegation.entity.js';
import { Case, CaseDeedRecord, Statement } from './intake/case.entity.js';
import { Finding } from './investigations/finding.entity.js';
import { UrgentMeasure } from './intake/measure.entity.js';
import { InvestigatorAssignment } from './investigations/investigator-assignment.entity.js';
import { RestartProposal } from './log/restart-proposal.entity.js';
import { TrailCheck } from './log/trail-check.entity.js';
import { Appointment, Officer } from './officers/officer.entity.js';
import { Organ } from './organs/organ.entity.js';
import { Sanction } from './sanctions/sanction.entity.js';
import { Identity, Message, Receipt } from './vault/vault.entity.js';

/** Listed by hand, never found by a pattern: the same in the build, in tests and in a bundle. */
export const entities = [
  Accountability,
  Organ,
  Officer,
  Appointment,
  UserAccount,
  UserGrant,
  Session,
  SecondFactor,
  AuthTicket,
  FactorReset,
  Case,
  Statement,
  Identity,
  Message,
  Receipt,
  CaseDeedRecord,
  Allegation,
  AllegationSubject,
  AffectedPerson,
  Finding,
  UrgentMeasure,
  InvestigatorAssignment,
  Sanction,
  Deployment,
  DeploymentDeedRecord,
  DeploymentAttachment,
  DeploymentReport,
  DeploymentObjection,
  DeploymentDelegation,
  DeploymentNotice,
  Erasure,
  IdentityRequest,
  Recusal,
  BrokenGlass,
  Notice,
  Witness,
  ImportRun,
  ExportRun,
  RestartProposal,
  TrailCheck,
  ReadLogEntry,
  AccessAlert,
  ReadSample,
  ReadQuestion,
];

export const dataSourceOptions = (url: string, poolSize = 10): DataSourceOptions => ({
  type: 'postgres',
  url,
  schema: 'app',
  entities,
  migrations,
  migrationsTableName: 'schema_migrations',
  migrationsTransactionMode: 'each',
  namingStrategy: new SnakeCaseNaming(),
  synchronize: false,
  migrationsRun: false,
  installExtensions: false,
  poolSize,
  logging: false,
  applicationName: 'plumbline',
  extra: {
    Client: PreparingClient,
    // What is sent without waiting for the answer before it goes out at once: see UnitOfWork.
    pipeline: true,
    // Once a connection; TypeORM's own setting costs a round trip in every transaction.
    options: '-c default_transaction_isolation=read\\ committed',
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 60_000,
    idle_in_transaction_session_timeout: 60_000,
  },
});
