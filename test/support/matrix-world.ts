import { Vault } from '../../src/vault/vault.js';
import { randomBytes } from 'node:crypto';
import { newId } from '../../src/common/ids.js';
import type { Client, TestApp } from './app.js';
import { aCaseIn, type CaseUnderTest } from './builders.js';
import { aDraft, aSmallRequest, aSubmitted, deployed } from './deployments.js';
import { isForDeployments, planned, type Person } from './matrix-people.js';
import type { Reach, Standing, Tie } from './oracle.js';
import { seedPeople } from './seeded-people.js';

const caseStates = [
  'REGISTERED',
  'PRELIMINARY',
  'INVESTIGATING',
  'REPORTED',
  'LEGAL_REVIEWED',
  'CLOSED',
] as const;
/** A case in each state, and another one that nobody has looked into yet, whose reporter confides in the organ. */
export const caseNames = [...caseStates, 'REGISTERED_IN_CONFIDENCE'] as const;
export type CaseName = (typeof caseNames)[number];
const confidential: readonly CaseName[] = ['PRELIMINARY', 'REGISTERED_IN_CONFIDENCE'];

/** Only one person registered a case, and one reported it: who is it has cases of their own. */
const singular: readonly Tie[] = ['REGISTERED', 'REPORTER'];
const has = ({ ties }: Standing, tie: Tie): boolean => ties.includes(tie);

export interface World {
  readonly people: readonly Person[];
  /** The case that this person is asked about. */
  caseOf(person: Person, name: CaseName): CaseUnderTest;
  readonly deployments: Readonly<Record<'DRAFT' | 'SUBMITTED' | 'APPROVED', string>>;
  /** Somebody without any of this: whose is what is not one's own. */
  readonly bystander: string;
}

/** All of it is written behind the application, with its triggers off, but the cases and requests themselves. */
const tables = [
  ...['user_account', 'user_grant', 'officer', 'appointment', 'case', 'statement', 'allegation'],
  ...['allegation_subject', 'investigator_assignment', 'recusal', 'witness', 'broken_glass', 'notice'],
  ...['read_log', 'access_alert', 'read_question', 'read_sample', 'sanction', 'erasure', 'deployment'],
  ...['deployment_objection', 'deployment_delegation', 'deployment_notice', 'export_run', 'import_run'],
].map((table) => `app."${table}"`);
const seeded = [...tables, 'vault.identity'];

/** Everybody who stands to the cases and requests of one county in every way, and what they are asked about. */
export async function aWorld(t: TestApp): Promise<World> {
  const made = new Map<CaseName, CaseUnderTest>();
  for (const state of caseStates) made.set(state, await aCaseIn(t, state));
  made.set('REGISTERED_IN_CONFIDENCE', await aCaseIn(t, 'REGISTERED'));
  const requester = await t.as('deployment-requester');
  const deployments = {
    DRAFT: (await aDraft(requester, { ...aSmallRequest(t), organId: t.ids.organs.county })).id,
    SUBMITTED: (await aSubmitted(requester, { ...aSmallRequest(t), organId: t.ids.organs.county })).id,
    APPROVED: await anApproved(t, requester),
  };
  const people = planned.map((plan): Person => ({
    ...plan,
    id: newId(),
    officerId: newId(),
    token: randomBytes(32).toString('base64url'),
  }));
  const own = new Map<string, CaseUnderTest>();
  await t.sql('BEGIN');
  for (const table of seeded) await t.sql(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
  await seedPeople(
    t,
    people.map((person) => ({ ...person, organId: organOf(t, person.reach), over: person.reach === 'OVER' })),
  );
  // Whoever confides in the organ is known to nobody without a release.
  await t.sql(`UPDATE app."case" SET reporter_kind = 'CONFIDENTIAL' WHERE id = ANY ($1)`, [
    confidential.map((name) => made.get(name)!.id),
  ]);
  for (const person of people.filter(({ ties }) => ties.some((tie) => singular.includes(tie)))) {
    for (const name of caseNames) {
      own.set(`${person.id} ${name}`, await copied(t, made.get(name)!, person));
    }
  }
  const bystander = t.ids.users['appeal-reviewer']!;
  await ties(t, people, [...made.values()]);
  await sanctions(t, people, made.get('LEGAL_REVIEWED')!);
  await looks(t, bystander);
  await requests(t, people, deployments, bystander);
  await t.sql(
    `INSERT INTO app.erasure (id, case_id, person, legal_basis, status, proposed_by, proposed_at, reason)
     SELECT gen_random_uuid(), id, 'REPORTER', 'b', 'PROPOSED', $1, now(), 'r' FROM app."case" WHERE status = 'CLOSED'`,
    [bystander],
  );
  for (const table of seeded) await t.sql(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
  await t.sql('COMMIT');
  await t.sql('ANALYZE');
  return {
    people,
    caseOf: (person, name) => own.get(`${person.id} ${name}`) ?? made.get(name)!,
    deployments,
    bystander,
  };
}

/** A request that is approved, for some hours from now. */
async function anApproved(t: TestApp, requester: Client): Promise<string> {
  const hours = (n: number): string => new Date(Date.now() + n * 3_600_000).toISOString();
  const request = { ...aSmallRequest(t), startsAt: hours(1), endsAt: hours(3), organId: t.ids.organs.county };
  const d = await aSubmitted(requester, request);
  await deployed(await t.as('deployment-approver'), d, 'approve');
  return d.id;
}

const organOf = (t: TestApp, reach: Reach): string =>
  ({
    HERE: t.ids.organs.county,
    ABOVE: t.ids.organs.province,
    BELOW: t.ids.organs.station2,
    BESIDE: t.ids.organs.oversight,
    OVER: t.ids.organs.county,
  })[reach];

/** The same case once more, registered or reported by this person. */
async function copied(t: TestApp, c: CaseUnderTest, person: Person): Promise<CaseUnderTest> {
  const copy = { id: newId(), reference: `M-${newId()}`, version: c.version, allegationIds: [newId()] };
  const change = { id: copy.id, reference: copy.reference };
  const registered = has(person, 'REGISTERED') ? { registered_by: person.id } : {};
  const again = (table: string, changes: object, where: string): Promise<unknown> =>
    t.sql(
      `INSERT INTO app."${table}" SELECT (jsonb_populate_record(x, $1::jsonb)).* FROM app."${table}" x WHERE ${where}`,
      [JSON.stringify(changes), c.id],
    );
  await again('case', { ...change, ...registered }, 'id = $2');
  await again('statement', { case_id: copy.id }, 'case_id = $2');
  await again('allegation', { id: copy.allegationIds[0], case_id: copy.id }, 'case_id = $2');
  await again(
    'allegation_subject',
    { id: newId(), case_id: copy.id, allegation_id: copy.allegationIds[0] },
    'case_id = $2',
  );
  const reporter = has(person, 'REPORTER') ? person.officerId : null;
  // What is sealed opens in its own case only.
  const sealed = t.get(Vault).sealIdentity(copy.id, { name: 'A reporter', contact: null });
  await t.sql(
    `INSERT INTO vault.identity
     SELECT $1, open, $3, CASE WHEN sealed IS NOT NULL THEN $4::bytea END FROM vault.identity WHERE case_id = $2`,
    [copy.id, c.id, reporter, sealed],
  );
  if (has(person, 'RECUSED')) await recused(t, [copy.id], [person.id]);
  return copy;
}

const SUPERVISOR = `(SELECT id FROM app.user_account WHERE username = 'supervisor')`;

const recused = (t: TestApp, caseIds: readonly string[], who: readonly string[], liftedBy = 'NULL::uuid') =>
  t.sql(
    `INSERT INTO app.recusal (id, case_id, user_id, ground, reason, declared_by, declared_at,
       lifted_by, lifted_at, lifted_reason)
     SELECT gen_random_uuid(), c, who, 'OTHER', 'r', s, now(), l, CASE WHEN l IS NOT NULL THEN now() END,
       CASE WHEN l IS NOT NULL THEN 'no more' END
     FROM unnest($1::uuid[]) c, unnest($2::uuid[]) who, ${SUPERVISOR} s (s), (SELECT ${liftedBy}) l (l)`,
    [caseIds, who],
  );

/** What ties people to the cases that all are asked about; their own ones they registered or reported. */
async function ties(t: TestApp, people: readonly Person[], cases: readonly CaseUnderTest[]): Promise<void> {
  const ids = cases.map(({ id }) => id);
  const with_ = (tie: Tie, column: 'id' | 'officerId'): string[] =>
    people.filter((person) => has(person, tie)).map((person) => person[column]);
  const inEach = (table: string, columns: string, values: string, who: string[], more: unknown[] = []) =>
    t.sql(
      `INSERT INTO app.${table} (id, case_id, ${columns})
       SELECT gen_random_uuid(), c.id, ${values} FROM app."case" c, unnest($2::uuid[]) AS p (who)
       WHERE c.id = ANY ($1::uuid[])`,
      [ids, who, ...more],
    );
  const assignment = 'user_id, is_lead, assigned_by, assigned_at, withdrawn_at, withdrawn_reason';
  const assigned = with_('ASSIGNED', 'id');
  await inEach(
    'investigator_assignment',
    assignment,
    `who, false, ${SUPERVISOR}, now(), NULL, NULL`,
    assigned,
  );
  await inEach(
    'investigator_assignment',
    assignment,
    `who, false, ${SUPERVISOR}, now(), now(), 'over'`,
    with_('FORMERLY_ASSIGNED', 'id'),
  );
  await t.sql(
    'UPDATE app."case" SET investigator_ids = investigator_ids || $2::uuid[] WHERE id = ANY ($1::uuid[])',
    [ids, assigned],
  );
  const subjects = with_('SUBJECT', 'officerId');
  await t.sql(
    `INSERT INTO app.allegation_subject (id, case_id, allegation_id, officer_id, role)
     SELECT gen_random_uuid(), a.case_id, a.id, o, 'PRINCIPAL' FROM app.allegation a, unnest($2::uuid[]) o
     WHERE a.case_id = ANY ($1::uuid[])`,
    [ids, subjects],
  );
  await t.sql(
    `UPDATE app."case" SET subject_officer_ids = subject_officer_ids || $2::uuid[] WHERE id = ANY ($1::uuid[])`,
    [ids, subjects],
  );
  await inEach(
    'witness',
    'officer_id, reason, named_by, named_at',
    `who, 'r', ${SUPERVISOR}, now()`,
    with_('WITNESS', 'officerId'),
  );
  await recused(t, ids, with_('RECUSED', 'id'));
  await recused(t, ids, with_('RECUSAL_LIFTED', 'id'), SUPERVISOR);
  const glass = 'user_id, reference, organ_id, outcome, category, reason, broken_at, open_until';
  // Approved by a second person, and so open for hours: all decisions through HTTP take longer than a quarter of one.
  await inEach(
    'broken_glass',
    `${glass}, approved_by, approved_at`,
    `who, c.reference, c.organ_id, 'OPENED', 'OTHER', repeat('why ', 10), now(), now() + interval '4 hours',
     ${SUPERVISOR}, now()`,
    with_('GLASS_OPEN', 'id'),
  );
  await inEach(
    'broken_glass',
    glass,
    `who, c.reference, c.organ_id, 'OPENED', 'OTHER', repeat('why ', 10), now() - interval '20 minutes',
     now() - interval '5 minutes'`,
    with_('GLASS_OVER', 'id'),
  );
  await inUnits(t, people);
}

/** The subject of every case serves at the station since 2024; the act was on 27 February 2026. */
async function inUnits(t: TestApp, people: readonly Person[]): Promise<void> {
  const { station, county } = t.ids.organs;
  const days: Partial<Record<Tie, [organ: string, from: string, to: string | null, leads: boolean]>> = {
    SAME_UNIT_NOW: [station, '2026-06-01', null, false],
    SAME_UNIT_THEN: [station, '2025-01-01', '2026-05-31', false],
    SAME_UNIT_AT_OTHER_TIMES: [station, '2024-06-01', '2025-06-30', false],
    COMMAND: [county, '2026-06-01', null, true],
  };
  for (const [tie, [organ, from, to, leads]] of Object.entries(days)) {
    const officers = people.filter((person) => has(person, tie as Tie)).map(({ officerId }) => officerId);
    await t.sql(
      `INSERT INTO app.appointment (id, officer_id, organ_id, post, valid_from, valid_to, leads)
       SELECT gen_random_uuid(), o, $2, 'post', $3, $4, $5 FROM unnest($1::uuid[]) o`,
      [officers, organ, from, to, leads],
    );
  }
}

async function sanctions(t: TestApp, people: readonly Person[], c: CaseUnderTest): Promise<void> {
  const about = [
    t.ids.officers[1],
    ...people.filter((person) => has(person, 'SUBJECT')).map(({ officerId }) => officerId),
  ];
  await t.sql(
    `INSERT INTO app.sanction (id, case_id, officer_id, track, kind, status, allegation_ids, basis, reason, proposed_by,
       proposed_at, effective_from)
     SELECT gen_random_uuid(), $1, o, 'GOV_SANCTION', 'WARNING', s, $2, '{}', 'r',
       (SELECT id FROM app.user_account WHERE username = 'legal-reviewer-2'), now(), current_date
     FROM unnest($3::uuid[]) o, unnest(ARRAY['PROPOSED', 'DECIDED']) s`,
    [c.id, c.allegationIds, about],
  );
}

/** That everybody, and the bystander, looked at the case of each: what is one's own, and what is not. */
async function looks(t: TestApp, bystander: string): Promise<void> {
  const who = `(SELECT id AS who FROM app.user_account WHERE username LIKE 'm.%' UNION ALL SELECT $1::uuid) p,
    (SELECT * FROM app."case" WHERE status = 'REGISTERED' AND reporter_kind = 'NAMED') c`;
  // Everybody looked at the case that is theirs to be asked about; the bystander at all of them.
  const where = `who = $1 OR CASE WHEN EXISTS (SELECT FROM app."case" o WHERE o.registered_by = who)
      THEN c.registered_by = who
    WHEN EXISTS (SELECT FROM vault.identity v JOIN app.user_account a ON a.officer_id = v.officer_id WHERE a.id = who)
      THEN c.id IN (SELECT v.case_id FROM vault.identity v JOIN app.user_account a ON a.officer_id = v.officer_id WHERE a.id = who)
    ELSE c.reference NOT LIKE 'M-%' END`;
  const add = (table: string, columns: string, values: string): Promise<unknown> =>
    t.sql(
      `INSERT INTO app.${table} (id, ${columns}) SELECT gen_random_uuid(), ${values} FROM ${who} WHERE ${where}`,
      [bystander],
    );
  await add(
    'broken_glass',
    'user_id, reference, case_id, organ_id, outcome, category, reason, broken_at, open_until',
    `who, c.reference, c.id, c.organ_id, 'OPENED', 'OTHER', repeat('why ', 10), now() - interval '1 day',
     now() - interval '23 hours 50 minutes'`,
  );
  await add(
    'notice',
    'user_id, kind, case_id, text, link, created_at',
    `who, 'GLASS_BROKEN', c.id, 't', '/x', now()`,
  );
  await add(
    'read_log',
    'at, user_id, role, organ_id, type, case_id, target_kind, target_id, hits, judged',
    `now(), who, 'AUDITOR', c.organ_id, 'case.read', c.id, 'case', c.id::text, '{}', true`,
  );
  for (const [kind, asked] of [
    ['PEERS', true],
    ['DENIED', false],
  ] as const) {
    await add(
      'access_alert',
      'user_id, kind, organ_id, case_id, read_at, day, asked, raised_at',
      `who, '${kind}', c.organ_id, c.id, now(), '2020-01-06', ${asked}, now()`,
    );
  }
  await t.sql(
    `INSERT INTO app.read_sample (id, week, seed, reads, drawn, drawn_at)
     VALUES (gen_random_uuid(), '2020-01-06', repeat('0', 64), 9, 9, now())`,
  );
  await add(
    'read_question',
    'sample_id, user_id, organ_id, case_id, read_id, read_at, read_type, asked_at',
    `(SELECT id FROM app.read_sample LIMIT 1), who, c.organ_id, c.id, gen_random_uuid(), now(), 'case.read', now()`,
  );
  await add(
    'export_run',
    'kind, format, filter, purpose, status, created_by, created_at',
    `'CASE_LIST', 'csv', '{}', 'p', 'QUEUED', who, now()`,
  );
  await add(
    'import_run',
    'system, mapping, organ_id, dry_run, status, created_by, created_at',
    `'s', 'm', c.organ_id, false, 'DONE', who, now()`,
  );
}

async function requests(
  t: TestApp,
  people: readonly Person[],
  deployments: World['deployments'],
  bystander: string,
): Promise<void> {
  const asked = people.filter(isForDeployments);
  const officers = (tie: Tie): string[] =>
    people.filter((person) => has(person, tie)).map(({ officerId }) => officerId);
  const order = officers('ASKED_BY_OTHER_ACCOUNT');
  await t.sql(
    `UPDATE app.deployment SET askers = askers || $1::uuid[], stepped_aside = $2::uuid[], officer_ids = $3::uuid[]`,
    [order, officers('STEPPED_ASIDE'), officers('SENT')],
  );
  for (const person of asked) {
    for (const id of Object.values(deployments)) {
      const change = { id: newId(), reference: `M-${newId()}`, created_by: person.id };
      await t.sql(
        `INSERT INTO app.deployment
         SELECT (jsonb_populate_record(d, $1::jsonb || jsonb_build_object('askers', d.askers || $3::uuid))).*
         FROM app.deployment d WHERE id = $2`,
        [JSON.stringify(change), id, person.id],
      );
    }
  }
  await t.sql(
    `INSERT INTO app.deployment_objection (id, user_id, deployment_id, text, created_at, higher_organ_ids, order_givers)
     SELECT gen_random_uuid(), who, $2, 't', now(), ARRAY[$3::uuid], $4::uuid[] FROM unnest($1::uuid[]) who`,
    [[...asked.map(({ id }) => id), bystander], deployments.SUBMITTED, t.ids.organs.county, order],
  );
  const made = asked.map(({ id }) => ({ to: bystander, by: id, grant: newId() }));
  const got = asked.map(({ id }) => ({ to: id, by: bystander, grant: newId() }));
  const nobodys = { to: bystander, by: t.ids.users['supervisor'], grant: newId() };
  for (const one of [...made, ...got, nobodys]) {
    await t.sql(
      `WITH g AS (INSERT INTO app.user_grant (id, user_id, role, organ_id, valid_from, valid_to, granted_by, reason)
         VALUES ($1, $2, 'DEPLOYMENT_APPROVER', $4, '2020-01-01', '2020-01-02', $3, 'r'))
       INSERT INTO app.deployment_delegation
         (id, user_id, delegated_by, grant_id, organ_id, valid_from, valid_to, reason, created_at)
       VALUES (gen_random_uuid(), $2, $3, $1, $4, '2020-01-01', '2020-01-02', 'r', now())`,
      [one.grant, one.to, one.by, t.ids.organs.county],
    );
  }
  await t.sql(
    `INSERT INTO app.deployment_notice (id, deployment_id, organ_id, kind, quarter, count, created_at)
     VALUES (gen_random_uuid(), $1, $2, 'THREE_LATE', '2020-Q1', 3, now())`,
    [deployments.SUBMITTED, t.ids.organs.county],
  );
}
