import { StartAuditTrail1764000000001 } from './0001-start-audit-trail.js';
import { OrgansAndOfficers1764000000002 } from './0002-organs-and-officers.js';
import { AccountsAndSessions1764000000003 } from './0003-accounts-and-sessions.js';
import { Cases1764000000004 } from './0004-cases.js';
import { ImportsAndExports1764000000005 } from './0005-imports-and-exports.js';
import { ReadManyHistories1764000000006 } from './0006-read-many-histories.js';
import { SealTheTrail1764000000007 } from './0007-seal-the-trail.js';
import { OperateTheLog1764000000008 } from './0008-operate-the-log.js';
import { ExportBundles1764000000009 } from './0009-export-bundles.js';
import { FindAssignmentsByCase1764000000010 } from './0010-find-assignments-by-case.js';
import { ErasePersons1764000000011 } from './0011-erase-persons.js';
import { SecondFactors1764000000012 } from './0012-second-factors.js';
import { KeepTheConflictedAway1764000000013 } from './0013-keep-the-conflicted-away.js';
import { SecondWall1764000000014 } from './0014-second-wall.js';
import { KeepReportersInAVault1764000000015 } from './0015-keep-reporters-in-a-vault.js';
import { BreakGlass1764000000016 } from './0016-break-glass.js';
import { ReviewWhoReads1764000000017 } from './0017-review-who-reads.js';
import { Deployments1764000000018 } from './0018-deployments.js';
import { AppendInOnePass1764000000020 } from './0020-append-in-one-pass.js';
import { SecondWallForWhatCameSince1764000000021 } from './0021-second-wall-for-what-came-since.js';
import { Precedents1764000000022 } from './0022-precedents.js';
import { HoldToAccount1764000000023 } from './0023-hold-to-account.js';
import { SecondWallForWhoLooked1764000000024 } from './0024-second-wall-for-who-looked.js';
import { PrecedentsInOneQuestion1764000000025 } from './0025-precedents-in-one-question.js';
import { VerifyWholeTrail1764000000026 } from './0026-verify-whole-trail.js';
import { TellOfNewPasswords1764000000027 } from './0027-tell-of-new-passwords.js';
import { AskTheContextInSql1764000000028 } from './0028-ask-the-context-in-sql.js';
import { GlassEndsWithTheRole1764000000029 } from './0029-glass-ends-with-the-role.js';
import { SecondWallForDeployments1764000000030 } from './0030-second-wall-for-deployments.js';
import { TakeUrgentMeasures1764000000031 } from './0031-take-urgent-measures.js';
import { FindWhatIsUnfinished1764000000033 } from './0033-find-what-is-unfinished.js';
import { FirstPasswords1764000000034 } from './0034-first-passwords.js';
import { AppendWithoutScans1764000000035 } from './0035-append-without-scans.js';
import { AskAsWhoAsks1764000000036 } from './0036-ask-as-who-asks.js';
import { PrecedentsByPhrase1764000000037 } from './0037-precedents-by-phrase.js';
import { KeepValuesTogether1764000000038 } from './0038-keep-values-together.js';
import { ReadTheContextOnce1764000000039 } from './0039-read-the-context-once.js';

/** In the order in which they run. */
export const migrations = [
  StartAuditTrail1764000000001,
  OrgansAndOfficers1764000000002,
  AccountsAndSessions1764000000003,
  Cases1764000000004,
  ImportsAndExports1764000000005,
  ReadManyHistories1764000000006,
  SealTheTrail1764000000007,
  OperateTheLog1764000000008,
  ExportBundles1764000000009,
  FindAssignmentsByCase1764000000010,
  ErasePersons1764000000011,
  SecondFactors1764000000012,
  KeepTheConflictedAway1764000000013,
  SecondWall1764000000014,
  KeepReportersInAVault1764000000015,
  BreakGlass1764000000016,
  ReviewWhoReads1764000000017,
  Deployments1764000000018,
  AppendInOnePass1764000000020,
  SecondWallForWhatCameSince1764000000021,
  Precedents1764000000022,
  HoldToAccount1764000000023,
  SecondWallForWhoLooked1764000000024,
  PrecedentsInOneQuestion1764000000025,
  VerifyWholeTrail1764000000026,
  TellOfNewPasswords1764000000027,
  AskTheContextInSql1764000000028,
  GlassEndsWithTheRole1764000000029,
  SecondWallForDeployments1764000000030,
  TakeUrgentMeasures1764000000031,
  FindWhatIsUnfinished1764000000033,
  FirstPasswords1764000000034,
  AppendWithoutScans1764000000035,
  AskAsWhoAsks1764000000036,
  PrecedentsByPhrase1764000000037,
  KeepValuesTogether1764000000038,
  ReadTheContextOnce1764000000039,
];
