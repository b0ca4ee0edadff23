import type { INestApplicationContext } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { DataSource } from 'typeorm';
import { roles, type Role } from './access/roles.js';
import { SYSTEM_STREAM } from './audit/streams.js';
import { UnitOfWork } from './audit/unit-of-work.js';
import { systemActor } from './audit/writer-registration.js';
import { UserAccount, UserGrant } from './auth/account.entity.js';
import { hashPassword } from './auth/passwords.js';
import { Clock, legalDay } from './common/clock.js';
import { newId } from './common/ids.js';
import { rowsOf } from './database/insert-rows.js';
import { Appointment, Officer } from './officers/officer.entity.js';
import { Organ, type OrganLevel } from './organs/organ.entity.js';

/** Of these there are two, so that the one may check the other. */
const inPairs: readonly Role[] = [
  'INVESTIGATOR',
  'SUPERVISOR',
  'LEGAL_REVIEWER',
  'DECISION_MAKER',
  'APPEAL_REVIEWER',
  'DEPLOYMENT_APPROVER',
];

/** Who decides in one station: what they refuse, the organ above reviews. */
const stationApprover = { username: 'station-approver', organ: 'DEMO-S1' } as const;

export interface Demonstration {
  readonly password: string;
  readonly accounts: readonly string[];
}

const tree: readonly [code: string, name: string, level: OrganLevel, parent: string | null][] = [
  ['DEMO', 'Ministry (demonstration) 示范部', 'MINISTRY', null],
  ['DEMO-P', 'Qinghe Province 清河省厅', 'PROVINCE', 'DEMO'],
  ['DEMO-C', 'Liuan City 柳安市局', 'CITY', 'DEMO-P'],
  ['DEMO-X', 'Dongqu County 东渠县局', 'COUNTY', 'DEMO-C'],
  ['DEMO-S1', 'Shiqiao Station 石桥派出所', 'STATION', 'DEMO-X'],
  ['DEMO-S2', 'Nanmen Station 南门派出所', 'STATION', 'DEMO-X'],
  ['DEMO-O', 'Police Oversight Office 警务督察办', 'OVERSIGHT', 'DEMO'],
];

const people: readonly [badge: string, name: string, rank: string, organ: string][] = [
  ['D00101', '林志远 Lin Zhiyuan', 'Sergeant', 'DEMO-S1'],
  ['D00102', '何美兰 He Meilan', 'Constable', 'DEMO-S1'],
  ['D00103', '钱立群 Qian Liqun', 'Station head', 'DEMO-S1'],
  ['D00201', '冯国强 Feng Guoqiang', 'Constable', 'DEMO-S2'],
  ['D00202', '宋雨桐 Song Yutong', 'Inspector', 'DEMO-S2'],
];

/**
 * Fills an empty database for a demonstration: organs, officers, and accounts for every role with one password.
 * @returns undefined when the database has accounts already
 */
export async function setUpDemonstration(
  app: INestApplicationContext,
  chosenPassword: string | undefined,
): Promise<Demonstration | undefined> {
  if (await app.get(DataSource).manager.existsBy(UserAccount, { status: 'ACTIVE' })) return undefined;
  const password = chosenPassword ?? randomBytes(12).toString('base64url');
  // One hash for all: hashing is slow on purpose, and they share the password anyway.
  const passwordHash = await hashPassword(password);
  const today = legalDay(app.get(Clock).now());

  const organs = new Map<string, Organ>();
  for (const [code, name, level, parentCode] of tree) {
    const parent = parentCode === null ? undefined : organs.get(parentCode);
    const id = newId();
    const path = [id, ...(parent?.path ?? [])];
    organs.set(
      code,
      Object.assign(new Organ(), { id, parentId: parent?.id ?? null, path, code, name, level, version: 1 }),
    );
  }
  const officers = people.map(([badgeNumber, name, rank]) =>
    Object.assign(new Officer(), { id: newId(), badgeNumber, name, rank, version: 1 }),
  );
  const accountNamed = (name: string, role: Role): UserAccount =>
    Object.assign(new UserAccount(), {
      id: newId(),
      username: name,
      displayName: `Demo ${name.replaceAll('-', ' ')}`,
      passwordHash,
      officerId: role === 'OFFICER' ? officers[0]!.id : null,
      status: 'ACTIVE' as const,
      version: 1,
    });
  const accounts = roles.flatMap((role) => {
    const username = role.toLowerCase().replaceAll('_', '-');
    const names = inPairs.includes(role) ? [username, `${username}-2`] : [username];
    return names.map((name) => ({ role, organ: 'DEMO', account: accountNamed(name, role) }));
  });
  accounts.push({
    role: 'DEPLOYMENT_APPROVER',
    organ: stationApprover.organ,
    account: accountNamed(stationApprover.username, 'DEPLOYMENT_APPROVER'),
  });

  await app.get(UnitOfWork).run(systemActor, async (tx) => {
    await tx.insert(
      rowsOf(Organ, [...organs.values()]),
      rowsOf(Officer, officers),
      rowsOf(
        Appointment,
        people.map(([, , post, organ], i) => ({
          id: newId(),
          officerId: officers[i]!.id,
          organId: organs.get(organ)!.id,
          post,
          leads: post === 'Station head',
          validFrom: '2024-01-01',
          version: 1,
        })),
      ),
      rowsOf(
        UserAccount,
        accounts.map(({ account }) => account),
      ),
      rowsOf(
        UserGrant,
        accounts.map(({ role, organ, account }) => ({
          id: newId(),
          userId: account.id,
          role,
          organId: organs.get(organ)!.id,
          validFrom: today,
          grantedBy: systemActor.userId,
          reason: 'Demonstration',
        })),
      ),
    );
    for (const { id, code, name, level } of organs.values()) {
      tx.record({
        type: 'organ.created',
        stream: SYSTEM_STREAM,
        target: { kind: 'organ', id, rev: 1 },
        values: { code, name, level },
      });
    }
    for (const { id, badgeNumber, name, rank } of officers) {
      tx.record({
        type: 'officer.created',
        stream: SYSTEM_STREAM,
        target: { kind: 'officer', id, rev: 1 },
        values: { badgeNumber, name, rank },
      });
    }
    for (const { role, organ, account } of accounts) {
      const { id, username, displayName } = account;
      tx.record({
        type: 'user.created',
        stream: id,
        target: { kind: 'user', id, rev: 1 },
        values: { username, displayName },
      });
      tx.record({
        type: 'user.granted',
        stream: id,
        target: { kind: 'user', id },
        values: { role, organId: organs.get(organ)!.id },
      });
    }
  });
  return { password, accounts: accounts.map(({ account }) => account.username) };
}
