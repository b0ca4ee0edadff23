import type { Words } from '../common/words.js';
import type { ActivityType, DisputeKind, RequesterType, TaskCode, WeaponLevel } from './request.js';
import type { Act } from './tasks.js';

/** Chinese words for the codes of a request; English sentences of the duty test name the code itself. */
const codes: Readonly<
  Record<Exclude<RequesterType | ActivityType | DisputeKind | WeaponLevel | TaskCode | Act, 'OTHER'>, string>
> & { readonly OTHER: string } = {
  // Who asks.
  PARTY_OR_GOVERNMENT: '党委或者政府',
  GOVERNMENT: '政府',
  COURT: '法院',
  PROCURATORATE: '检察院',
  SUPERVISORY_COMMISSION: '监察委员会',
  OTHER_AGENCY: '其他机关',
  SUBDISTRICT_OR_VILLAGE: '街道或者村',
  ENTERPRISE: '企业',
  EVENT_ORGANISER: '活动承办者',
  HIGHER_POLICE: '上级公安机关',
  OWN_UNIT: '本单位',
  CITIZEN: '公民',
  // What it is about.
  CRIME_OR_PUBLIC_ORDER: '犯罪或者治安',
  TRAFFIC: '疏导交通',
  DISASTER_OR_EPIDEMIC: '灾害或者疫情',
  ASSEMBLY: '集会游行',
  PROTECTION: '警卫守护',
  EVENT: '大型活动',
  COURT_ENFORCEMENT: '法院执行',
  SUPERVISORY_CUSTODY: '留置看护',
  MEDICAL_OR_WELFARE: '医疗或者救助',
  LAND_OR_DEMOLITION: '征地拆迁',
  CITY_MANAGEMENT: '城市管理',
  ECONOMIC_DISPUTE: '经济纠纷',
  LABOUR_DISPUTE: '劳动纠纷',
  REVENUE_OR_CAMPAIGN: '收费或者行政运动',
  PRIVATE_GUARDING: '为私人看护',
  PETITIONERS: '信访人员',
  UTILITY_CUTOFF: '停水停电',
  NON_EMERGENCY_HELP: '非紧急求助',
  ADMINISTRATIVE_SUPPORT: '行政事务协助',
  CROSS_REGION_CASE: '跨地区办案',
  JOINT_INSPECTION: '联合检查',
  // Disputes and weapons.
  CIVIL: '民事',
  ECONOMIC: '经济',
  LAND: '土地',
  LABOUR: '劳动',
  NONE: '不携带',
  ROUTINE: '常规',
  BEYOND_ROUTINE: '超出常规',
  // What police would do, by its code and by what it comes to.
  STAND_BY: '仅备勤',
  STANDBY: '备勤',
  OUTER: '外围秩序',
  KEEP_ORDER: '维持外围秩序',
  ORDER: '维持秩序',
  PROTECT_PERSONS: '保护人员',
  PROTECT: '保护人员',
  STOP_CRIME: '制止犯罪',
  CRIME: '制止、侦查犯罪',
  MAKE_ARRESTS: '抓捕',
  ESCORT: '押送护送',
  RESCUE: '救援',
  CUSTODY: '收押看管',
  DUTY: '履行法定职责',
  REMOVE_PEOPLE: '带离人员',
  REMOVE: '带离人员',
  DEMOLISH_OR_CLEAR: '拆除或者清场',
  DEMOLISH: '拆除或者清场',
  SEARCH_OR_SEIZE: '搜查或者扣押',
  SEIZE: '搜查或者扣押',
  DETAIN_BY_COURT_ORDER: '收押法院拘留人员',
  SERVE_PAPERS: '送达文书',
  SERVE: '送达文书',
  GUARD_PROPERTY: '看守财物',
  GUARD: '看护守卫',
  CEREMONIAL: '礼仪活动',
  SERVICE: '非警务服务',
  COLLECT_MONEY: '收取款项',
  COLLECT: '收取款项',
  PARTICIPATE: '参与他人执法',
  OTHER: '其他',
};

export const codeWords = (code: keyof typeof codes): Words => ({ en: code, zh: codes[code] });

/** Chinese names for the fields that the duty test looks at; English sentences name the field itself. */
const fields: Readonly<Record<string, string>> = {
  purpose: '申请目的',
  activityType: '活动类别',
  startsAt: '开始时间',
  lifeOrCrimeAtStake: '是否涉及生命安全或者正在发生的犯罪',
  'requester.document.title': '书面申请标题',
  'law.duties': '所称职责',
  'law.articles': '法律条款',
  'law.leadAgency': '牵头机关',
  'law.leadAgencyBasis': '牵头机关自身依据',
  'law.assistanceDocument': '请求协助的文书',
  'law.whyNotOwnStaff': '自身人员不足的理由',
  'limits.stopConditions': '停止条件',
  'limits.forbiddenActs': '禁止行为',
  'limits.commander': '现场指挥员',
  'force.officers': '民警人数',
  'force.weapons': '武器',
  'force.bodyCameras': '执法记录仪',
  'money.fee': '费用',
  'money.meals': '食宿',
  'money.sponsor': '赞助方',
};

/** A field as it is named to a reader: `tasks[0].text` is 任务1的文字说明. */
export function fieldWords(where: string): Words {
  const [, number, part] = /^tasks\[(\d+)\]\.(text|code)$/.exec(where) ?? [];
  const [, refusal] = /^refusal (\S+)$/.exec(where) ?? [];
  const task = number && `任务${Number(number) + 1}的${part === 'code' ? '代码' : '文字说明'}`;
  return { en: where, zh: (task || (refusal && `不予批准决定${refusal}`)) ?? fields[where] ?? where };
}
