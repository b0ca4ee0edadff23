import { newId } from '../../src/common/ids.js';
import { DeploymentsService } from '../../src/deployments/deployments.service.js';
import type { DeploymentRequestDto } from '../../src/deployments/dto/deployment-request.dto.js';
import { madeIn, statementTemplate } from '../capture.js';
import { bulk, HELPERS, WITH_TRIGGERS, WITHOUT_TRIGGERS } from '../data.js';
import { API, cycle, type Account, type Comparison, type Place } from '../items.js';
import { Straight, type Contestant } from '../load.js';
import { sql } from '../stage.js';

const REQUESTS = 100_000;
const CONNECTIONS = 16;
/** Milliseconds. */
const EVERY = 1000;

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
  ['after rain with the drains full', '雨后排水不畅'],
  ['near the kindergarten fence', '幼儿园围墙附近'],
  ['with loudspeakers and barriers', '携带扩音器和隔离栏'],
  ['because the contractor left without paying', '包工头未付款离开'],
  ['when the night shift changes', '夜班交接时'],
  ['as announced on posters', '海报已公告'],
  ['where lorries park on the pavement', '货车占用人行道'],
  ['for the anniversary of the factory', '建厂周年'],
  ['with the ambulance standing near', '救护车在旁待命'],
  ['against people who sell tickets twice', '针对倒卖门票人员'],
  ['until the engineers give the sign', '待工程师发出信号'],
  ['with dogs for the search', '带警犬搜索'],
  ['as two guards were hurt', '两名保安受伤'],
  ['while the bridge is closed', '桥梁封闭期间'],
  ['for visitors from the province', '省里来客期间'],
  ['after messages in a chat group', '因微信群传言'],
  ['by the list of the clerk', '按文书名单'],
  ['with the keys of the caretaker', '由门卫提供钥匙'],
  ['since a wall may fall', '墙体有倒塌危险'],
  ['on the wish of neighbours', '应邻居要求'],
] as const;
/** Where it is said to be; with the numbers of plots, what differs from one request to the next. */
const STREETS = [
  ['Mill Lane', '磨坊巷'],
  ['North Gate', '北门街'],
  ['Harbour Road', '港口路'],
  ['Cedar Avenue', '雪松大道'],
  ['Old Bridge', '老桥头'],
  ['Station Square', '车站广场'],
  ['Brick Kiln', '砖窑村'],
  ['Upper Weir', '上堰镇'],
  ['Lotus Pond', '莲花池'],
  ['Steel Works', '钢铁厂'],
  ['River Bend', '河湾新区'],
  ['Tea Garden', '茶园小区'],
  ['Orchard Estate', '果园社区'],
  ['Quarry Yard', '采石场'],
  ['Canal Wharf', '运河码头'],
  ['Bamboo Grove', '竹林寺'],
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
      || '，' || (${list(DETAILS, 1)})[other]
    ELSE (${list(MATTERS, 0)})[matter] || ' ' || (${list(DETAILS, 0)})[detail] || ' ' || (${list(DETAILS, 0)})[other] END,
  (ARRAY['EVENT', 'COURT_ENFORCEMENT', 'CRIME_OR_PUBLIC_ORDER', 'OTHER'])[1 + bench.pick(n, 4, 4)],
  CASE WHEN chinese THEN (${list(STREETS, 1)})[street] || bench.pick(n, 5, 4000) || '号'
    ELSE 'Plot ' || bench.pick(n, 5, 4000) || ', ' || (${list(STREETS, 0)})[street] END,
  at, at + interval '3 hours', '{}', '{}', jsonb_build_array(jsonb_build_object('code', task, 'text', detail)), '', 4,
  '{}', at, 1, '2020-07', '{}', CASE WHEN refused THEN 'NOT_POLICE_WORK' ELSE 'POLICE_WORK' END, 'L1', 'L1',
  CASE WHEN refused THEN ARRAY['NP0' || 1 + bench.pick(n, 6, 9)] ELSE '{}' END, at, false
FROM (SELECT n, now() - n * (interval '700 days' / ${count}) AS at, n % 2 = 0 AS chinese, bench.pick(n, 7, 8) = 0 AS refused,
    -- The product of two: those at the beginning come much more often.
    1 + bench.pick(n, 8, ${MATTERS.length}) * bench.pick(n, 9, ${MATTERS.length}) / ${MATTERS.length} AS matter,
    1 + bench.pick(n, 10, ${DETAILS.length}) AS detail, 1 + bench.pick(n, 12, ${DETAILS.length}) AS other,
    1 + bench.pick(n, 13, ${STREETS.length}) AS street,
    (ARRAY['KEEP_ORDER', 'STAND_BY', 'TRAFFIC', 'PROTECT_PERSONS', 'OTHER'])[1 + bench.pick(n, 11, 5)] AS task
  FROM generate_series(1, ${count}) n) r;
INSERT INTO app.deployment_deed (id, deployment_id, deed, from_status, to_status, round, done_by, done_at, reason, details)
SELECT bench.id('deployment-deed', row_number() OVER ()), id, CASE status WHEN 'REFUSED' THEN 'refuse' ELSE 'approve' END,
  'SUBMITTED', status, 1, created_by, decided_at, 'Because it was so the year before', '{}' FROM app.deployment;
INSERT INTO app.precedent SELECT id, organ_id, app.words_of_request(purpose || E'\\n' || place, requester_type, activity_type,
  ARRAY[tasks->0->>'code'], np_codes), CASE status WHEN 'REFUSED' THEN decided_at END FROM app.deployment;
SELECT app.count_precedent_words()`;

/** Once a run, whichever item comes first. */
export const fillRequests = ({ database: { adminUrl } }: Pick<Place, 'database'>): Promise<unknown> =>
  sql(adminUrl, async (admin) => {
    const { rowCount } = await admin.query('SELECT FROM app.deployment LIMIT 1');
    if (rowCount) return;
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
      purpose: [purpose, DETAILS[n]![language], DETAILS[(n * 7 + 3) % DETAILS.length]![language]].join(
        language === 0 ? ' ' : '，',
      ),
      place:
        language === 0
          ? `Plot ${n * 31}, ${STREETS[n % STREETS.length]![0]}`
          : `${STREETS[n % STREETS.length]![1]}${n * 31}号`,
      activityType: 'EVENT',
      startsAt: '2026-05-04T09:00:00+08:00',
      endsAt: '2026-05-04T12:00:00+08:00',
      tasks: [{ code: 'KEEP_ORDER', text: purpose }],
      force: { officers: 4, weapons: 'NONE' },
    })),
  ) as unknown as DeploymentRequestDto[];

/** Who asks, in turn: an approver of one city and one of all. */
const askersOf = async (place: Place): Promise<{ body: DeploymentRequestDto; reader: Account }[]> => {
  const readers = await Promise.all(['approver-0', 'approver-1'].map((name) => place.account(name)));
  return questions().map((body, n) => ({ body, reader: readers[n % readers.length]! }));
};

const asking = (
  place: Place,
  asked: readonly { body: DeploymentRequestDto; reader: Account }[],
): Contestant => {
  const question = cycle(asked);
  return {
    name: 'app',
    connections: CONNECTIONS,
    work: async () => {
      const { body, reader } = question();
      await place.caller.call('POST', `${API}/deployments/check`, reader.token, body);
    },
  };
};

/** How much is checked when nobody pauses, beside the same statements sent by themselves. */
export async function check(place: Place): Promise<Comparison> {
  await fillRequests(place);
  const asked = await askersOf(place);
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
  const search = cycle(searches);
  return {
    statements: searches.flatMap(({ statements }) => statements),
    contestants: [
      asking(place, asked),
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
    note: () => `${REQUESTS} requests at every scale, ${CONNECTIONS} connections.`,
  };
}

/**
 * The search as one would write it by hand, on the same index: any of the rarest words, the best by rank. No pairs of
 * commoner words, no shares of words, no requester's record, no refusals, no duty test, no permissions but the organs, no trace.
 */
const BY_HAND = `
WITH asked AS (
  SELECT a.word, coalesce(w.requests, 1) AS requests
  FROM unnest(tsvector_to_array(app.words_of_request($1, $2, $3, $4, '{}'))) a (word)
    LEFT JOIN app.precedent_word w ON w.word = a.word
), query AS (
  SELECT string_agg(quote_literal(word), ' | ')::tsquery AS any
  FROM (SELECT word FROM asked ORDER BY requests, word LIMIT 6) rarest
)
SELECT d.id, d.reference, d.status, d.outcome, d.np_codes, d.decided_at,
  (SELECT reason FROM app.deployment_deed s WHERE s.deployment_id = d.id AND s.deed IN ('approve', 'refuse')
    ORDER BY s.id DESC LIMIT 1)
FROM (
  SELECT p.deployment_id, ts_rank(p.words, query.any) AS rank FROM query, app.precedent p
  WHERE p.words @@ query.any AND p.organ_id = ANY($5) ORDER BY rank DESC LIMIT 5
) best JOIN app.deployment d ON d.id = best.deployment_id ORDER BY best.rank DESC`;

/** How long one waits for a check, when each connection asks once a second, beside a search written by hand in SQL. */
export async function checkWaits(place: Place): Promise<Comparison> {
  await fillRequests(place);
  const asked = await askersOf(place);
  const organs = new Map<string, string[]>();
  for (const { reader } of asked) {
    const { grants } = await place.capture.actor(reader.id);
    organs.set(
      reader.id,
      grants.flatMap(({ organIds }) => [...organIds]),
    );
  }
  // The index of the words is read by its owner only.
  const straight = await Straight.connect(place.database.adminUrl, CONNECTIONS);
  const question = cycle(asked);
  return {
    statements: [],
    contestants: [
      { ...asking(place, asked), every: EVERY },
      {
        name: 'db',
        connections: CONNECTIONS,
        every: EVERY,
        work: async (connection) => {
          const { body, reader } = question();
          const { requester, activityType, tasks, purpose, place: where } = body;
          const text = [purpose, ...tasks.map((task) => task.text ?? ''), where].join('\n');
          const codes = tasks.map(({ code }) => code);
          await straight.send(connection, {
            text: BY_HAND,
            values: [text, requester.type, activityType ?? null, codes, organs.get(reader.id)!],
          });
        },
      },
    ],
    note: () =>
      `each of ${CONNECTIONS} connections asks every ${EVERY / 1000} s, whether or not the one before is answered; p99 is to be under 20 ms. Beside it a search written by hand, without the duty test, refusals, the requester's record and the trace.`,
  };
}
