import type { INestApplicationContext } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from './access/actor.js';
import { UnitOfWork } from './audit/unit-of-work.js';
import { openSession, SessionsService } from './auth/sessions.service.js';
import { Clock, legalDay } from './common/clock.js';
import { newId } from './common/ids.js';
import { DecisionsService } from './deployments/decisions.service.js';
import { DeploymentRequestDto } from './deployments/dto/deployment-request.dto.js';
import type { DeploymentDeedView } from './deployments/dto/deployment.view.js';
import { DeploymentsService } from './deployments/deployments.service.js';
import { EmergenciesService } from './deployments/emergencies.service.js';
import { inChina } from './deployments/request-columns.js';
import { checkedRequest } from './deployments/request-checks.js';
import { RequestsService } from './deployments/requests.service.js';
import { SceneService } from './deployments/scene.service.js';
import { Organ } from './organs/organ.entity.js';

const HOUR = 3_600_000;

/**
 * Gives the demonstration a few requests for police, so that whoever looks at it first has something to decide: one that
 * is police work, one with a warning, one that is none in disguise, one emergency that was filed late, and one that is
 * over. They go the way of every request, by the services.
 */
export async function addDemonstrationRequests(app: INestApplicationContext): Promise<void> {
  const requester = await signedIn(app, 'deployment-requester');
  const approver = await signedIn(app, 'deployment-approver');
  const station = await app.get(DataSource).manager.findOneByOrFail(Organ, { code: 'DEMO-S1' });
  const requests = app.get(RequestsService);
  for (const request of asked(app.get(Clock).now())) {
    const draft = await requests.create(requester, {
      ...checkedRequest(DeploymentRequestDto, request),
      organId: station.id,
    });
    await requests.submit(requester, draft.id, draft.version);
  }
  await anEmergency(app, requester, station.id, 31, {
    purpose: '两伙人在石桥农贸市场持械斗殴 Two groups fight with clubs at Shiqiao market',
    place: '石桥农贸市场 Shiqiao market',
    task: { code: 'STOP_CRIME', text: '制止斗殴，控制持械人员 Stop the fight and disarm those who strike' },
    activityType: 'CRIME_OR_PUBLIC_ORDER',
    duties: [1, 2],
    articles: ['警察法 6'],
  });
  const flood = await anEmergency(app, requester, station.id, 9, {
    purpose: '清河水位上涨，转移被困群众 The Qinghe rises; people are trapped in their houses',
    place: '南门堤 Nanmen dyke',
    task: {
      code: 'RESCUE',
      text: '救援并转移被困群众 Rescue those who are trapped and bring them to safety',
    },
    activityType: 'DISASTER_OR_EPIDEMIC',
    duties: [2],
    articles: ['警察法 21'],
  });
  await finish(app, requester, approver, flood);
  await Promise.all([requester, approver].map((actor) => app.get(SessionsService).close(actor)));
}

/** Somebody of the demonstration in a session of their own: the database knows nobody otherwise. */
async function signedIn(app: INestApplicationContext, username: string): Promise<Actor> {
  const sessions = app.get(SessionsService);
  const account = await sessions.accountNamed(username);
  const signing = await sessions.signingIn(account!.id, newId(), {});
  const token = await app.get(UnitOfWork).run(signing!, (tx) => openSession(tx, signing!, null));
  return (await sessions.actorOf(token, { id: newId() }))!;
}

/** What was asked for, the first the oldest; all of them lie ahead. */
function asked(now: Date): DeploymentRequestDto[] {
  /** An hour in China, so many days from today. */
  const at = (days: number, hour: number): string =>
    `${legalDay(new Date(now.getTime() + days * 24 * HOUR))}T${String(hour).padStart(2, '0')}:00:00+08:00`;
  const force = { weapons: 'NONE', bodyCameras: true, uniformed: true } as const;
  return [
    {
      requester: { name: '石桥派出所 Shiqiao Station', type: 'OWN_UNIT' },
      activityType: 'CRIME_OR_PUBLIC_ORDER',
      purpose: '周末夜市巡逻，维护治安秩序 Patrol of the weekend night market to keep public order',
      place: '石桥夜市 Shiqiao night market',
      startsAt: at(1, 19),
      endsAt: at(1, 23),
      expectedPeople: 800,
      tasks: [{ code: 'KEEP_ORDER', text: '巡逻，维护公共秩序 Patrol and keep public order' }],
      force: { officers: 4, ...force },
      law: { duties: [2], articles: ['警察法 6'] },
      limits: { commander: '钱立群 Qian Liqun', stopConditions: '夜市结束 When the market closes' },
    },
    {
      requester: {
        name: '清河建材公司 Qinghe Building Supplies',
        type: 'ENTERPRISE',
        document: { number: '2026-17', title: '关于请求协助的函' },
      },
      activityType: 'ECONOMIC_DISPUTE',
      purpose: '商户拖欠货款，请警方陪同上门追讨 Accompany our clerks to collect outstanding debts',
      place: '清河建材市场 Qinghe building market',
      startsAt: at(2, 10),
      endsAt: at(2, 14),
      disputes: ['ECONOMIC'],
      opposingPartiesPresent: true,
      tasks: [{ code: 'COLLECT_MONEY', text: '陪同收款 Be present while the money is collected' }],
      force: { officers: 2, ...force },
      law: { duties: [2], articles: [] },
      limits: { commander: '钱立群 Qian Liqun' },
      money: { meals: true },
    },
    {
      requester: {
        name: '东渠县征收办 Dongqu land office',
        type: 'GOVERNMENT',
        document: { number: '东征〔2026〕4号', title: '关于维护现场秩序的函' },
      },
      activityType: 'CRIME_OR_PUBLIC_ORDER',
      purpose: '维护搬迁现场秩序 Order maintenance at the relocation site',
      place: '柳树巷 Willow Lane',
      startsAt: at(3, 9),
      endsAt: at(3, 15),
      disputes: ['LAND'],
      opposingPartiesPresent: true,
      tasks: [
        {
          code: 'KEEP_ORDER',
          text: '将拒不搬离的住户带离房屋，协助拆除 Bring out the families who refuse to leave, so that the houses can be demolished',
        },
      ],
      force: { officers: 12, auxiliaries: 10, ...force, weapons: 'ROUTINE' },
      law: { duties: [2], articles: ['警察法 6'] },
      limits: { commander: '钱立群 Qian Liqun' },
    },
  ];
}

interface Sent {
  readonly purpose: string;
  readonly place: string;
  readonly task: DeploymentRequestDto['tasks'][number];
  readonly activityType: NonNullable<DeploymentRequestDto['activityType']>;
  readonly duties: number[];
  readonly articles: string[];
}

/** Police who went some hours ago by an oral order; the request is filed now, in time or late. */
async function anEmergency(
  app: INestApplicationContext,
  requester: Actor,
  organId: string,
  hoursAgo: number,
  { task, duties, articles, ...said }: Sent,
): Promise<DeploymentDeedView> {
  const went = app.get(Clock).now().getTime() - hoursAgo * HOUR;
  const force = { officers: 6, weapons: 'ROUTINE', bodyCameras: true } as const;
  const sent = await app.get(EmergenciesService).send(requester, {
    ...said,
    organId,
    dispatchedAt: inChina(new Date(went)),
    endsAt: inChina(new Date(went + 4 * HOUR)),
    tasks: [task],
    force,
    oralOrder: {
      name: '冯局长 Director Feng',
      words: '马上去，先控制现场 Go at once and get hold of it',
      at: inChina(new Date(went - HOUR / 6)),
    },
  });
  const requests = app.get(RequestsService);
  const completed = await requests.update(requester, sent.id, sent.version, {
    law: { duties, articles },
    limits: { commander: '钱立群 Qian Liqun' },
  });
  return requests.submit(requester, completed.id, completed.version);
}

/** Approved afterwards, ended, and with its after-action record. */
async function finish(
  app: INestApplicationContext,
  requester: Actor,
  approver: Actor,
  asked: DeploymentDeedView,
): Promise<void> {
  const now = app.get(Clock).now().getTime();
  // Which warnings there are depends on the hour; each wants its answer.
  const { test } = await app.get(DeploymentsService).get(approver, asked.id);
  const codes = new Set(test?.warnings.map(({ code }) => code).filter((code) => code !== 'MISSING'));
  const approved = await app.get(DecisionsService).approve(approver, asked.id, asked.version, 'approve', {
    reason: '抢险救灾属于警察职责 Disaster relief is a duty of the police',
    conditions: ['水位退后撤离 Withdraw when the water falls'],
    answers: [...codes].map((code) => ({
      code,
      reason: '救人优先 People are rescued first',
      legalBasis: '警察法 21',
    })),
  });
  const scene = app.get(SceneService);
  const ended = await scene.complete(requester, approved.id, approved.version, {
    reason: '群众已安全转移 All are in safety',
    endedAt: inChina(new Date(now - 4 * HOUR)),
  });
  await scene.signOff(requester, ended.id, ended.version, {
    reason: '如实记录 As it was',
    tasks: [{ code: 'RESCUE', text: '转移群众 23 人 Brought 23 people to safety' }],
    force: { officers: 6, weapons: 'NONE', bodyCameras: true },
    incidents: '无 None',
    videos: ['石桥派出所档案柜 3 Shiqiao Station, cabinet 3'],
    deviated: false,
  });
}
