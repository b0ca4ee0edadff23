import type { components } from '../../../api/client.ts';
import { instantOf, localTime } from '../../../i18n/format.ts';
import type { ActivityType, Dispute, RequesterType, Risk, TaskCode, Weapons } from './codes.ts';

export type Request = components['schemas']['DeploymentRequestDto'];

/** Yes, no, or not said. */
export type YesNo = '' | 'yes' | 'no';
/** What a field for a number holds while one types. */
export type Count = number | string;

export interface TaskValues {
  readonly code: string;
  readonly text: string;
}

export interface ForceValues {
  readonly officers: Count;
  readonly auxiliaries: Count;
  readonly vehicles: Count;
  readonly dogs: Count;
  readonly drones: Count;
  readonly weapons: string;
  readonly bodyCameras: YesNo;
  readonly uniformed: YesNo;
  readonly units: string[];
  readonly equipment: string[];
}

/** Who and what it is about, without the groups. */
export interface WhatValues {
  readonly purpose: string;
  readonly activityType: string;
  readonly place: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly expectedPeople: Count;
  readonly disputes: string[];
  readonly riskLevel: string;
  readonly opposingPartiesPresent: YesNo;
  readonly documentNumbers: string[];
  readonly lifeOrCrimeAtStake: YesNo;
}

export interface RequesterValues {
  readonly name: string;
  readonly type: string;
  readonly organId: string;
  readonly contact: string;
  readonly signedBy: string;
  readonly document: { readonly number: string; readonly title: string };
}

export interface LawValues {
  readonly duties: string[];
  readonly articles: string[];
  readonly leadAgency: string;
  readonly leadAgencyBasis: string;
  readonly assistanceDocument: string;
  readonly whyNotOwnStaff: string;
}

export interface LimitsValues {
  readonly stopConditions: string;
  readonly forbiddenActs: string;
  readonly commander: string;
  readonly medical: string;
  readonly interpreter: string;
  readonly videoPlan: string;
}

export interface MoneyValues {
  readonly fee: { readonly amount: string; readonly currency: string };
  readonly meals: YesNo;
  readonly sponsor: string;
  readonly payer: string;
}

/** A request as the form holds it: texts where the interface has nothing, days and hours as one types them. */
export interface RequestValues extends WhatValues {
  readonly requester: RequesterValues;
  readonly tasks: readonly TaskValues[];
  readonly force: ForceValues;
  readonly law: LawValues;
  readonly limits: LimitsValues;
  readonly money: MoneyValues;
}

const yesNo = (value: boolean | null | undefined): YesNo => (value == null ? '' : value ? 'yes' : 'no');
const truth = (value: YesNo): boolean | null => (value === '' ? null : value === 'yes');
const text = (value: string): string | null => (value.trim() === '' ? null : value);
const count = (value: Count): number | null => (value === '' ? null : Number(value));
/** The same names, with '' where the interface has nothing. */
const texts = <K extends string>(
  names: readonly K[],
  from: Partial<Record<K, string | null>> | null | undefined,
): Record<K, string> =>
  Object.fromEntries(names.map((name) => [name, from?.[name] ?? ''])) as Record<K, string>;
const orNothing = <K extends string>(from: Readonly<Record<K, string>>): Record<K, string | null> =>
  Object.fromEntries(Object.entries<string>(from).map(([name, value]) => [name, text(value)])) as Record<
    K,
    string | null
  >;
const anyOf = (group: object): boolean => Object.values(group).some((value) => value !== null);

export const forceValues = (force?: Partial<Request['force']> | null): ForceValues => ({
  officers: force?.officers ?? '',
  auxiliaries: force?.auxiliaries ?? '',
  vehicles: force?.vehicles ?? '',
  dogs: force?.dogs ?? '',
  drones: force?.drones ?? '',
  weapons: force?.weapons ?? '',
  bodyCameras: yesNo(force?.bodyCameras),
  uniformed: yesNo(force?.uniformed),
  units: force?.units ?? [],
  equipment: force?.equipment ?? [],
});

/** What is left out of a number stays a mistake of the reader's, which the interface names. */
export const forceOf = (force: ForceValues): Request['force'] => ({
  officers: count(force.officers) as number,
  auxiliaries: count(force.auxiliaries),
  vehicles: count(force.vehicles),
  dogs: count(force.dogs),
  drones: count(force.drones),
  weapons: (force.weapons || null) as Weapons | null,
  bodyCameras: truth(force.bodyCameras),
  uniformed: truth(force.uniformed),
  units: force.units,
  equipment: force.equipment,
});

export const taskValues = (tasks: Request['tasks'] | undefined): readonly TaskValues[] =>
  (tasks ?? [{ code: '' as TaskCode }]).map(({ code, text: words }) => ({ code, text: words ?? '' }));

export const tasksOf = (tasks: readonly TaskValues[]): Request['tasks'] =>
  tasks.map(({ code, text: words }) => ({ code: code as TaskCode, text: text(words) }));

const lawTexts = ['leadAgency', 'leadAgencyBasis', 'assistanceDocument', 'whyNotOwnStaff'] as const;
const limitTexts = [
  'stopConditions',
  'forbiddenActs',
  'commander',
  'medical',
  'interpreter',
  'videoPlan',
] as const;

/** What a form begins with: empty, or a request of the interface. */
export const valuesOf = (request?: Request): RequestValues => ({
  requester: {
    name: request?.requester.name ?? '',
    type: request?.requester.type ?? '',
    organId: request?.requester.organId ?? '',
    contact: request?.requester.contact ?? '',
    signedBy: request?.requester.signedBy ?? '',
    document: texts(['number', 'title'], request?.requester.document),
  },
  purpose: request?.purpose ?? '',
  activityType: request?.activityType ?? '',
  place: request?.place ?? '',
  startsAt: localTime(request?.startsAt),
  endsAt: localTime(request?.endsAt),
  expectedPeople: request?.expectedPeople ?? '',
  disputes: request?.disputes ?? [],
  riskLevel: request?.riskLevel ?? '',
  opposingPartiesPresent: yesNo(request?.opposingPartiesPresent),
  documentNumbers: request?.documentNumbers ?? [],
  lifeOrCrimeAtStake: yesNo(request?.lifeOrCrimeAtStake),
  tasks: taskValues(request?.tasks),
  force: forceValues(request?.force),
  law: {
    duties: (request?.law?.duties ?? []).map(String),
    articles: request?.law?.articles ?? [],
    ...texts(lawTexts, request?.law),
  },
  limits: texts(limitTexts, request?.limits),
  money: {
    fee: { amount: request?.money?.fee?.amount ?? '', currency: request?.money?.fee?.currency ?? 'CNY' },
    meals: yesNo(request?.money?.meals),
    ...texts(['sponsor', 'payer'], request?.money),
  },
});

/** The request as the interface takes it; what is empty is said to be nothing, so that it replaces what was there. */
export function requestOf(values: RequestValues): Request {
  const { requester, law, limits, money } = values;
  const { duties, articles, ...lawRest } = law;
  const document = orNothing(requester.document);
  const limited = orNothing(limits);
  const paid = {
    fee: money.fee.amount.trim() === '' ? null : money.fee,
    meals: truth(money.meals),
    sponsor: text(money.sponsor),
    payer: text(money.payer),
  };
  return {
    requester: {
      name: requester.name,
      type: requester.type as RequesterType,
      organId: text(requester.organId),
      contact: text(requester.contact),
      signedBy: text(requester.signedBy),
      document: anyOf(document) ? document : null,
    },
    purpose: values.purpose,
    activityType: (values.activityType || null) as ActivityType | null,
    place: values.place,
    startsAt: instantOf(values.startsAt),
    endsAt: instantOf(values.endsAt),
    expectedPeople: count(values.expectedPeople),
    disputes: values.disputes as Dispute[],
    riskLevel: (values.riskLevel || null) as Risk | null,
    opposingPartiesPresent: truth(values.opposingPartiesPresent),
    documentNumbers: values.documentNumbers,
    lifeOrCrimeAtStake: truth(values.lifeOrCrimeAtStake),
    tasks: tasksOf(values.tasks),
    force: forceOf(values.force),
    // An empty list is an answer: none is claimed.
    law: { duties: duties.map(Number), articles, ...orNothing(lawRest) },
    limits: anyOf(limited) ? limited : null,
    money: anyOf(paid) ? paid : null,
  };
}
