import type { Protected, SubjectName } from '../../src/access/shapes.js';
import { AccessAlert } from '../../src/accessreviews/access-alert.entity.js';
import { ReadLogEntry } from '../../src/accessreviews/read-log.entity.js';
import { ReadQuestion } from '../../src/accessreviews/read-question.entity.js';
import { UserAccount, UserGrant } from '../../src/auth/account.entity.js';
import { WorkerDatabase } from '../../src/database/worker-database.js';
import {
  DeploymentDelegation,
  DeploymentNotice,
  DeploymentObjection,
} from '../../src/deployments/deployment-records.entity.js';
import { Deployment } from '../../src/deployments/deployment.entity.js';
import { ExportRun } from '../../src/exports/export-run.entity.js';
import { BrokenGlass } from '../../src/glass/broken-glass.entity.js';
import { ImportRun } from '../../src/imports/import-run.entity.js';
import { Case } from '../../src/intake/case.entity.js';
import { Notice } from '../../src/notices/notice.entity.js';
import { Officer } from '../../src/officers/officer.entity.js';
import { Organ } from '../../src/organs/organ.entity.js';
import { Sanction } from '../../src/sanctions/sanction.entity.js';
import type { TestApp } from './app.js';
import { isForCases, isForDeployments, type Person } from './matrix-people.js';
import { caseNames, type World } from './matrix-world.js';
import type { Thing } from './oracle.js';

/** A thing as the test knows it, as a row that the abilities judge, and where the database keeps it. */
export interface Asked {
  readonly thing: Thing;
  readonly row: Protected<SubjectName>;
  readonly id: string;
  readonly version: number;
  /** The case that it hangs on, or is. */
  readonly caseId?: string;
  readonly caseRow?: Case;
  readonly allegationId?: string;
  readonly reference?: string;
  /** Behind the second wall. */
  readonly table?: string;
}

type Row = Protected<SubjectName> & { id: string; version?: number };
type Make = (thing: Thing, row: Row, more?: Partial<Asked>) => Asked;

const asked: Make = (thing, row, more = {}) => ({
  thing,
  row,
  id: row.id,
  version: row.version ?? 1,
  ...more,
});

/** A kind of thing without rows of its own to tell apart. */
const tagged = (resource: SubjectName, fields: object): Row => ({
  __caslSubjectType__: resource,
  id: 'x',
  ...fields,
});

/** What each person is asked about: everything, as far as how they stand to it can make a difference. */
export async function thingsOf(t: TestApp, world: World): Promise<(person: Person) => Asked[]> {
  const { manager } = t.get(WorkerDatabase);
  const cases = new Map((await manager.find(Case)).map((row) => [row.id, row]));
  const allOf = {
    sanctions: await manager.find(Sanction),
    glasses: (await manager.find(BrokenGlass)).filter(
      (row) => row.brokenAt.getTime() < Date.now() - 3_600_000,
    ),
    notices: await manager.find(Notice),
    reads: await manager.find(ReadLogEntry),
    alerts: await manager.find(AccessAlert),
    questions: await manager.find(ReadQuestion),
    deployments: await manager.find(Deployment),
    objections: await manager.find(DeploymentObjection),
    delegations: await manager.find(DeploymentDelegation),
    deploymentNotices: await manager.find(DeploymentNotice),
    exports: await manager.find(ExportRun),
    imports: await manager.find(ImportRun),
    accounts: await manager.find(UserAccount),
  };
  const other = world.bystander;

  const ofCases = (person: Person): Asked[] =>
    caseNames.map((name) => {
      const { id, allegationIds, reference } = world.caseOf(person, name);
      const row = cases.get(id)!;
      return asked({ resource: 'Case', state: row.status, kind: row.reporterKind }, row, {
        caseId: id,
        allegationId: allegationIds[0]!,
        reference,
        table: 'case',
      });
    });

  const ofSanctions = (person: Person): Asked[] => {
    const caseId = world.caseOf(person, 'LEGAL_REVIEWED').id;
    const subject = person.ties.includes('SUBJECT');
    return allOf.sanctions
      .filter((row) => row.caseId === caseId)
      .filter(({ officerId }) => officerId === person.officerId || officerId === t.ids.officers[1])
      .filter(({ status }) => status === 'PROPOSED' || status === 'DECIDED')
      .map((row) => {
        const mine = subject && row.officerId === person.officerId;
        return asked({ resource: 'Sanction', state: row.status, mine }, row, {
          caseId,
          caseRow: cases.get(caseId)!,
          table: 'sanction',
        });
      });
  };

  const ofLooks = (person: Person): Asked[] => {
    const caseId = world.caseOf(person, 'REGISTERED').id;
    const about = <T extends Row & { userId: string; caseId: string | null }>(rows: T[]): T[] =>
      rows.filter((row) => row.caseId === caseId && (row.userId === person.id || row.userId === other));
    const mine = ({ userId }: { userId: string }): boolean => userId === person.id;
    return [
      ...about(allOf.glasses).map((row) =>
        asked({ resource: 'BrokenGlass', mine: mine(row) }, row, { caseId, table: 'broken_glass' }),
      ),
      ...about(allOf.notices).map((row) =>
        asked({ resource: 'Notice', mine: mine(row) }, row, { caseId, table: 'notice' }),
      ),
      ...about(allOf.reads).map((row) =>
        asked({ resource: 'Read', mine: mine(row) }, row, { caseId, table: 'read_log' }),
      ),
      ...about(allOf.alerts).map((row) =>
        asked({ resource: 'AccessAlert', mine: mine(row), asked: row.asked }, row, {
          caseId,
          table: 'access_alert',
        }),
      ),
      ...about(allOf.questions).map((row) =>
        asked({ resource: 'ReadQuestion', mine: mine(row) }, row, { caseId, table: 'read_question' }),
      ),
    ];
  };

  const ofDeployments = (person: Person): Asked[] => [
    ...allOf.deployments
      .filter(({ id, createdBy }) => createdBy === person.id || Object.values(world.deployments).includes(id))
      .map((row) =>
        asked({ resource: 'Deployment', state: row.status, mine: row.createdBy === person.id }, row, {
          table: 'deployment',
        }),
      ),
    ...allOf.objections
      .filter(({ userId }) => userId === person.id || userId === other)
      .map((row) =>
        asked({ resource: 'DeploymentObjection', mine: row.userId === person.id }, row, {
          table: 'deployment_objection',
        }),
      ),
    ...allOf.delegations
      .filter(({ userId, delegatedBy }) => {
        const parties = [userId, delegatedBy];
        return parties.includes(person.id) || parties.includes(t.ids.users['supervisor']!);
      })
      .map((row) => {
        const kind =
          row.delegatedBy === person.id ? 'MADE' : row.userId === person.id ? 'RECEIVED' : 'OTHERS';
        return asked({ resource: 'DeploymentDelegation', kind, mine: kind !== 'OTHERS' }, row, {
          table: 'deployment_delegation',
        });
      }),
    ...allOf.deploymentNotices.map((row) =>
      asked({ resource: 'DeploymentNotice' }, row, { table: 'deployment_notice' }),
    ),
  ];

  /** What does not hang on a case: only the role and where it was granted matter. */
  const ofTheRest = (person: Person): Asked[] => [
    ...allOf.exports
      .filter(({ createdBy }) => createdBy === person.id || createdBy === other)
      .filter((row, i, rows) => rows.findIndex(({ createdBy }) => createdBy === row.createdBy) === i)
      .map((row) =>
        asked({ resource: 'Export', kind: row.kind, mine: row.createdBy === person.id }, row, {
          table: 'export_run',
        }),
      ),
    ...allOf.imports
      .filter(({ createdBy }) => createdBy === person.id || createdBy === other)
      .filter((row, i, rows) => rows.findIndex(({ createdBy }) => createdBy === row.createdBy) === i)
      .map((row) =>
        asked({ resource: 'Import', mine: row.createdBy === person.id }, row, { table: 'import_run' }),
      ),
    ...allOf.accounts
      .filter(({ id }) => id === person.id || id === other)
      .map((row) => asked({ resource: 'User', mine: row.id === person.id }, row)),
    asked(
      { resource: 'Export', kind: 'CASE_BUNDLE' },
      tagged('Export', { kind: 'CASE_BUNDLE', createdBy: other }),
    ),
    asked({ resource: 'Organ' }, Object.assign(new Organ(), { id: t.ids.organs.county, version: 1 })),
    asked({ resource: 'Officer' }, Object.assign(new Officer(), { id: t.ids.officers[1]!, version: 1 })),
    asked({ resource: 'Grant' }, Object.assign(new UserGrant(), { id: other, organId: t.ids.organs.county })),
    asked({ resource: 'Session' }, tagged('Session', {})),
    asked({ resource: 'Factor' }, tagged('Factor', {})),
    asked({ resource: 'Operation' }, tagged('Operation', {})),
    asked({ resource: 'Rulebook' }, tagged('Rulebook', {})),
    asked({ resource: 'Trail' }, tagged('Trail', {})),
  ];

  return (person) => [
    ...(isForCases(person) ? [...ofCases(person), ...ofSanctions(person), ...ofLooks(person)] : []),
    ...(isForDeployments(person) ? ofDeployments(person) : []),
    ...(person.ties.length === 0 ? ofTheRest(person) : []),
  ];
}
