import { newId } from '../../src/common/ids.js';
import { DeploymentsService } from '../../src/deployments/deployments.service.js';
import type { DeploymentRequestDto } from '../../src/deployments/dto/deployment-request.dto.js';
import { madeIn, statementTemplate } from '../capture.js';
import { bulk, HELPERS, WITH_TRIGGERS, WITHOUT_TRIGGERS } from '../data.js';
import { API, cycle, type Comparison, type Place } from '../items.js';
import { Straight } from '../load.js';
import { sql } from '../stage.js';

const REQUESTS = 100_000;
const CONNECTIONS = 16;

/** Of each some are asked for all the time and some hardly ever, as it is. */
const MATTERS = [
  ['Patrol of the night market', '夜市巡逻'],
  ['Keep order at the temple fair', '庙会期间维持秩序'],
  ['Traffic before the primary school at noon', '小学门口午间交通疏导'],
  ['Stand by while the court clears the flat', '法院强制腾房现场备勤'],
  ['Search for a missing child along the river', '沿河搜寻走失儿童'],
  ['Escort of the abnormal load through the town', '超限运输车辆护送'],
  ['Demolition of illegal sheds by the district', '街道拆除违章建筑现场'],
  ['Football match, away supporters at the gate', '足球比赛客队球迷入场秩序'],
  ['Wages dispute at the building site', '工地欠薪纠纷'],
  ['Marathon, closing of the ring road', '马拉松赛事环路封闭'],
  ['Inspection of fireworks shops', '烟花爆竹零售点检查'],
  ['Protection of the examination papers', '高考试卷押运保卫'],
  ['Collect outstanding fees with the water company', '配合自来水公司收取欠费'],
  ['Flood relief and evacuation of the lower village', '防汛抢险转移下游村民'],
  ['Opening of the shopping centre', '商场开业庆典'],
  ['Petitioners before the county office', '县政府门前上访人员劝返'],
  ['Arrest of a suspect in another county', '跨县抓捕犯罪嫌疑人'],
  ['Lantern festival in the park', '公园元宵灯会'],
  ['Guard of the substation during the works', '变电站施工期间看护'],
  ['Land survey against the will of the villagers', '征地测量村民阻拦'],
] as const;
const DETAILS = [
  ['with two squads and one van', '两个小组一辆车'],
  ['because of thefts last week', '上周多次被盗'],
  ['at the wish of the organiser', '应主办方请求'],
  ['as in the years before', '同往年'],
  ['until the last guests have gone', '至散场为止'],
  ['after a fight among stallholders', '摊贩斗殴之后'],
  ['since the agency has too few people', '该单位人手不足'],
  ['in case somebody is hurt', '以防有人受伤'],
  ['by order of the district office', '区办要求'],
  ['as the residents complained', '居民投诉'],
] as const;
const list = (texts: readonly (readonly [string, string])[], language: 0 | 1): string =>
  `ARRAY[${texts.map((both) => `'${both[language]}'`).join(', ')}]`;

/** Requests that were decided over two years, half of them in Chinese, one in eight refused. */
const requests = (count: number): string => `
INSERT INTO app.deployment (id, reference, status, operation, organ_id, created_by, created_at, askers, requester_name,
  requester_type, purpose, activity_type, place, starts_at, ends_at, disputes, document_numbers, tasks, task_texts,
  officers, force, submitted_at, round, rulebook_version, test, outcome, level, decision_level, np_codes, decided_at,
  emergency)
SELECT bench.id('deployment', n), 'PD-B-' || n, CASE WHEN refused THEN 'REFUSED' ELSE 'APPROVED' END, 'NONE',
  bench.id('organ', 20 + bench.pick(n, 1, 179)), bench.id('approver-0', 0), at, ARRAY[bench.id('approver-0', 0)],
  CASE WHEN chinese THEN '单位' ELSE 'Office ' END || bench.pick(n, 2, 3000), (ARRAY['PARTY_OR_GOVERNMENT', 'COURT', 'ENTERPRISE',
    'EVENT_ORGANISER', 'OWN_UNIT'])[1 + bench.pick(n, 3, 5)],
  CASE WHEN chinese THEN (${list(MATTERS, 1)})[matter] || '，' || (${list(DETAILS, 1)})[detail]
    ELSE (${list(MATTERS, 0)})[matter] || ' ' || (${list(DETAILS, 0)})[detail] END,
  (ARRAY['EVENT', 'COURT_ENFORCEMENT', 'CRIME_OR_PUBLIC_ORDER', 'OTHER'])[1 + bench.pick(n, 4, 4)],
  CASE WHEN chinese THEN '第' || bench.pick(n, 5, 4000) || '号村委会' ELSE 'Plot ' || bench.pick(n, 5, 4000) || ', Mill Lane' END,
  at, at + interval '3 hours', '{}', '{}', jsonb_build_array(jsonb_build_object('code', task, 'text', detail)), '', 4,
  '{}', at, 1, '2020-07', '{}', CASE WHEN refused THEN 'NOT_POLICE_WORK' ELSE 'POLICE_WORK' END, 'L1', 'L1',
  CASE WHEN refused THEN ARRAY['NP0' || 1 + bench.pick(n, 6, 9)] ELSE '{}' END, at, false
FROM (SELECT n, now() - n * (interval '700 days' / ${count}) AS at, n % 2 = 0 AS chinese, bench.pick(n, 7, 8) = 0 AS refused,
    -- The product of two: those at the beginning come much more often.
    1 + bench.pick(n, 8, ${MATTERS.length}) * bench.pick(n, 9, ${MATTERS.length}) / ${MATTERS.length} AS matter,
    1 + bench.pick(n, 10, ${DETAILS.length}) AS detail,
    (ARRAY['KEEP_ORDER', 'STAND_BY', 'TRAFFIC', 'PROTECT_PERSONS', 'OTHER'])[1 + bench.pick(n, 11, 5)] AS task
  FROM generate_series(1, ${count}) n) r;
INSERT INTO app.deployment_deed (id, deployment_id, deed, from_status, to_status, round, done_by, done_at, reason, details)
SELECT bench.id('deployment-deed', row_number() OVER ()), id, CASE status WHEN 'REFUSED' THEN 'refuse' ELSE 'approve' END,
  'SUBMITTED', status, 1, created_by, decided_at, 'Because it was so the year before', '{}' FROM app.deployment;
INSERT INTO app.precedent SELECT id, organ_id, app.words_of_request(purpose || E'\\n' || place, requester_type, activity_type,
  ARRAY[tasks->0->>'code'], np_codes), CASE status WHEN 'REFUSED' THEN decided_at END FROM app.deployment;
SELECT app.count_precedent_words()`;

export const fillRequests = ({ database: { adminUrl } }: Place): Promise<unknown> =>
  sql(adminUrl, async (admin) => {
    for (const text of [HELPERS, WITHOUT_TRIGGERS]) await admin.query(text);
    await bulk(admin);
    await admin.query(requests(REQUESTS));
    await admin.query(WITH_TRIGGERS);
    await admin.query('DROP SCHEMA bench CASCADE');
    await admin.query(
      'VACUUM (ANALYZE) app.deployment, app.deployment_deed, app.precedent, app.precedent_word',
    );
  });

const questions = (): DeploymentRequestDto[] =>
  MATTERS.flatMap((matter, n) =>
    matter.map((purpose, language) => ({
      requester: { name: language === 0 ? `Office ${n * 7}` : `单位${n * 7}`, type: 'EVENT_ORGANISER' },
      purpose: `${purpose}${language === 0 ? ' ' : '，'}${DETAILS[n % DETAILS.length]![language]}`,
      place: language === 0 ? `Plot ${n * 31}, Mill Lane` : `第${n * 31}号村委会`,
      activityType: 'EVENT',
      startsAt: '2026-05-04T09:00:00+08:00',
      endsAt: '2026-05-04T12:00:00+08:00',
      tasks: [{ code: 'KEEP_ORDER', text: purpose }],
      force: { officers: 4, weapons: 'NONE' },
    })),
  ) as unknown as DeploymentRequestDto[];

/** The duty test with precedents over 100,000 requests at any scale, by an approver of one city and one of all. */
export async function check(place: Place): Promise<Comparison> {
  await fillRequests(place);
  const readers = await Promise.all(['approver-0', 'approver-1'].map((name) => place.account(name)));
  const asked = questions().map((body, n) => ({ body, reader: readers[n % readers.length]! }));
  const straight = await Straight.connect(place.database.workerUrl, CONNECTIONS);
  const searches = [];
  for (const { body, reader } of asked) {
    const actor = await place.capture.actor(reader.id);
    const service = place.capture.service(DeploymentsService);
    const { statements: found, result } = await place.capture.statements(() => service.check(actor, body));
    const recorded = await place.capture.event(actor, {
      type: 'search.run',
      stream: actor.userId,
      target: { kind: 'list', id: 'precedents' },
      values: { list: 'precedents', question: {}, found: result.precedents.map(({ id }) => id) },
      data: { count: result.precedents.length },
      purpose: { code: 'UNSTATED' },
    });
    const made = madeIn(recorded, [actor.userId, ...actor.grants.map(({ organId }) => organId)]);
    const statements = [...found, ...recorded];
    searches.push({ statements, made, templates: statements.map((one) => statementTemplate(one, made)) });
  }
  const question = cycle(asked);
  const search = cycle(searches);
  return {
    statements: searches.flatMap(({ statements }) => statements),
    contestants: [
      {
        name: 'app',
        connections: CONNECTIONS,
        work: async () => {
          const { body, reader } = question();
          await place.caller.call('POST', `${API}/deployments/check`, reader.token, body);
        },
      },
      {
        name: 'db',
        connections: CONNECTIONS,
        work: async (connection) => {
          const { made, templates } = search();
          const fill = made.map(() => newId());
          for (const template of templates) await straight.send(connection, template(fill));
        },
      },
    ],
    note: () => `${REQUESTS} requests at every scale, ${CONNECTIONS} connections; p99 is to be under 20 ms.`,
  };
}
