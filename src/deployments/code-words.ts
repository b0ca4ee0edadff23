import { asWritten, said, type Words } from '../common/words.js';
import type { ActivityType, DisputeKind, RequesterType, TaskCode, WeaponLevel } from './request.js';
import type { Act } from './tasks.js';

/** What the sentences of the duty test call the codes of a request: no reader has to know a code. */
const codes: Readonly<
  Record<RequesterType | ActivityType | DisputeKind | WeaponLevel | TaskCode | Act, Words>
> = {
  // Who asks.
  PARTY_OR_GOVERNMENT: { en: 'party or government', zh: '党委或者政府' },
  GOVERNMENT: { en: 'government', zh: '政府' },
  COURT: { en: 'court', zh: '法院' },
  PROCURATORATE: { en: 'procuratorate', zh: '检察院' },
  SUPERVISORY_COMMISSION: { en: 'supervisory commission', zh: '监察委员会' },
  OTHER_AGENCY: { en: 'another agency', zh: '其他机关' },
  SUBDISTRICT_OR_VILLAGE: { en: 'sub-district or village', zh: '街道或者村' },
  ENTERPRISE: { en: 'enterprise', zh: '企业' },
  EVENT_ORGANISER: { en: 'organiser of an event', zh: '活动承办者' },
  HIGHER_POLICE: { en: 'higher police organ', zh: '上级公安机关' },
  OWN_UNIT: { en: 'our own unit', zh: '本单位' },
  CITIZEN: { en: 'citizen', zh: '公民' },
  // What it is about.
  CRIME_OR_PUBLIC_ORDER: { en: 'crime or public order', zh: '犯罪或者治安' },
  TRAFFIC: { en: 'directing traffic', zh: '疏导交通' },
  DISASTER_OR_EPIDEMIC: { en: 'disaster or epidemic', zh: '灾害或者疫情' },
  ASSEMBLY: { en: 'assembly or procession', zh: '集会游行' },
  PROTECTION: { en: 'guard of persons or places', zh: '警卫守护' },
  EVENT: { en: 'large event', zh: '大型活动' },
  COURT_ENFORCEMENT: { en: 'enforcement of a court', zh: '法院执行' },
  SUPERVISORY_CUSTODY: { en: 'custody of the supervisory commission', zh: '留置看护' },
  MEDICAL_OR_WELFARE: { en: 'medical or welfare', zh: '医疗或者救助' },
  LAND_OR_DEMOLITION: { en: 'land or demolition', zh: '征地拆迁' },
  CITY_MANAGEMENT: { en: 'city management', zh: '城市管理' },
  ECONOMIC_DISPUTE: { en: 'economic dispute', zh: '经济纠纷' },
  LABOUR_DISPUTE: { en: 'labour dispute', zh: '劳动纠纷' },
  REVENUE_OR_CAMPAIGN: { en: 'collecting or a campaign', zh: '收费或者行政运动' },
  PRIVATE_GUARDING: { en: 'guarding for a private party', zh: '为私人看护' },
  PETITIONERS: { en: 'petitioners', zh: '信访人员' },
  UTILITY_CUTOFF: { en: 'cutting off water or power', zh: '停水停电' },
  NON_EMERGENCY_HELP: { en: 'help without an emergency', zh: '非紧急求助' },
  ADMINISTRATIVE_SUPPORT: { en: 'help with administration', zh: '行政事务协助' },
  CROSS_REGION_CASE: { en: 'case across regions', zh: '跨地区办案' },
  JOINT_INSPECTION: { en: 'joint inspection', zh: '联合检查' },
  // Disputes and weapons.
  CIVIL: { en: 'civil', zh: '民事' },
  ECONOMIC: { en: 'economic', zh: '经济' },
  LAND: { en: 'land', zh: '土地' },
  LABOUR: { en: 'labour', zh: '劳动' },
  NONE: { en: 'none', zh: '不携带' },
  ROUTINE: { en: 'routine', zh: '常规' },
  BEYOND_ROUTINE: { en: 'beyond routine', zh: '超出常规' },
  // What police would do, by its code and by what it comes to.
  STAND_BY: { en: 'standing by only', zh: '仅备勤' },
  STANDBY: { en: 'standing by', zh: '备勤' },
  OUTER: { en: 'keeping order outside', zh: '外围秩序' },
  KEEP_ORDER: { en: 'keeping order outside', zh: '维持外围秩序' },
  ORDER: { en: 'keeping order', zh: '维持秩序' },
  PROTECT_PERSONS: { en: 'protecting persons', zh: '保护人员' },
  PROTECT: { en: 'protecting persons', zh: '保护人员' },
  STOP_CRIME: { en: 'stopping a crime', zh: '制止犯罪' },
  CRIME: { en: 'stopping or investigating a crime', zh: '制止、侦查犯罪' },
  MAKE_ARRESTS: { en: 'making arrests', zh: '抓捕' },
  ESCORT: { en: 'escorting', zh: '押送护送' },
  RESCUE: { en: 'rescuing', zh: '救援' },
  CUSTODY: { en: 'keeping in custody', zh: '收押看管' },
  DUTY: { en: 'a duty of the police', zh: '履行法定职责' },
  REMOVE_PEOPLE: { en: 'removing people', zh: '带离人员' },
  REMOVE: { en: 'removing people', zh: '带离人员' },
  DEMOLISH_OR_CLEAR: { en: 'demolishing or clearing', zh: '拆除或者清场' },
  DEMOLISH: { en: 'demolishing or clearing', zh: '拆除或者清场' },
  SEARCH_OR_SEIZE: { en: 'searching or seizing', zh: '搜查或者扣押' },
  SEIZE: { en: 'searching or seizing', zh: '搜查或者扣押' },
  DETAIN_BY_COURT_ORDER: { en: 'taking in whom a court detains', zh: '收押法院拘留人员' },
  SERVE_PAPERS: { en: 'serving papers', zh: '送达文书' },
  SERVE: { en: 'serving papers', zh: '送达文书' },
  GUARD_PROPERTY: { en: 'guarding property', zh: '看守财物' },
  GUARD: { en: 'guarding', zh: '看护守卫' },
  CEREMONIAL: { en: 'ceremonial service', zh: '礼仪活动' },
  SERVICE: { en: 'a service that is no police work', zh: '非警务服务' },
  COLLECT_MONEY: { en: 'collecting money', zh: '收取款项' },
  COLLECT: { en: 'collecting money', zh: '收取款项' },
  PARTICIPATE: { en: 'taking part in acts of others', zh: '参与他人执法' },
  OTHER: { en: 'something else', zh: '其他' },
};

export const codeWords = (code: keyof typeof codes): Words => codes[code];

/** What they call the fields that the test looks at. */
const fields: Readonly<Record<string, Words>> = {
  purpose: { en: 'purpose', zh: '申请目的' },
  activityType: { en: 'kind of activity', zh: '活动类别' },
  startsAt: { en: 'times', zh: '开始时间' },
  lifeOrCrimeAtStake: { en: 'life or a crime at stake', zh: '是否涉及生命安全或者正在发生的犯罪' },
  'requester.document.title': { en: 'title of the written request', zh: '书面申请标题' },
  'law.duties': { en: 'duties claimed', zh: '所称职责' },
  'law.articles': { en: 'law and article', zh: '法律条款' },
  'law.leadAgency': { en: 'leading agency', zh: '牵头机关' },
  'law.leadAgencyBasis': { en: 'its own legal basis', zh: '牵头机关自身依据' },
  'law.assistanceDocument': { en: 'its paper that asks for assistance', zh: '请求协助的文书' },
  'law.whyNotOwnStaff': { en: 'why its own staff are not enough', zh: '自身人员不足的理由' },
  'limits.stopConditions': { en: 'when police stop', zh: '停止条件' },
  'limits.forbiddenActs': { en: 'what police must not do', zh: '禁止行为' },
  'limits.commander': { en: 'commander on the scene', zh: '现场指挥员' },
  'force.officers': { en: 'officers', zh: '民警人数' },
  'force.weapons': { en: 'weapons', zh: '武器' },
  'force.bodyCameras': { en: 'body cameras', zh: '执法记录仪' },
  'money.fee': { en: 'fee', zh: '费用' },
  'money.meals': { en: 'meals or lodging', zh: '食宿' },
  'money.sponsor': { en: 'sponsor', zh: '赞助方' },
  'money.payer': { en: 'payer', zh: '付款方' },
};

/** A field as it is named to a reader: `tasks[0].text` is "task 1, in words". */
export function fieldWords(where: string): Words {
  const [, number, part] = /^tasks\[(\d+)\]\.(text|code)$/.exec(where) ?? [];
  const [, refusal] = /^refusal (\S+)$/.exec(where) ?? [];
  if (number) {
    const task = Number(number) + 1;
    return part === 'code' ? said`task ${task}, as coded` : said`task ${task}, in words`;
  }
  return refusal ? said`refusal ${refusal}` : (fields[where] ?? asWritten(where));
}
